import type { System } from "../systems/system";
import { readIbmCloudCredentials } from "./accounts";
import { PROCESSES, startIbmCloud } from "./start";
import type { IbmCloudRegion, IbmCloudState } from "./state";

/** IBM Cloud IAM and Container Registry. */
export const ibmCloud: System<IbmCloudState> = {
  title: "IBM Cloud",
  processes: PROCESSES,
  start: startIbmCloud,
  registryHosts: (state) =>
    Object.values(state.regions).flatMap(({ plays, host, url }: IbmCloudRegion) =>
      [host, plays].map((name) => ({ host: name, url, repository: "team/app" })),
    ),
  variables: (state, { caFile }) => ({
    IBMCLOUD_API_KEY: readIbmCloudCredentials(state.credentialsFile).apiKey.reveal(),
    IBMCLOUD_IAM_API_ENDPOINT: state.iam,
    IBMCLOUD_CR_API_ENDPOINT: state.regions["us-south"].tlsUrl,
    ICR_HOSTS: Object.values(state.regions)
      .map(({ host }: IbmCloudRegion) => host)
      .join(),
    IBMCLOUD_CA_FILE: caFile,
  }),
  describe: (state) => [
    ["IAM", state.iam],
    ...Object.entries(state.regions).map(
      ([region, { plays, host, tlsUrl }]) => [region, `${plays} is ${host}, its API ${tlsUrl}`] as const,
    ),
    ["credentials", state.credentialsFile],
  ],
};
