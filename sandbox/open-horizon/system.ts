import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { System } from "../systems/system";
import { readOpenHorizonCredentials, userAuth } from "./accounts";
import { runWholeOrganization } from "./agent/agent";
import { installTrust } from "./agent/trusted-certificates";
import { nodeCertificates, nodeOf } from "./node";
import { toProof } from "./proof";
import { EXCHANGE, startOpenHorizon } from "./start";
import type { OpenHorizonState } from "./state";

/** Open Horizon's exchange, and an edge node that fetches services from it. */
export const openHorizon: System<OpenHorizonState> = {
  title: "Open Horizon",
  processes: [EXCHANGE],
  start: startOpenHorizon,
  // The document has what edge nodes pull with issued by either.
  exampleUses: ["ibm-cloud", "openshift"],
  // The image that tests publish lies in the sandbox's private registry.
  registryHosts: () => [],
  variables: (state, { caFile }) => ({
    HZN_EXCHANGE_URL: state.exchange,
    HZN_ORG_ID: state.organization,
    HZN_EXCHANGE_USER_AUTH: userAuth("publisher", readOpenHorizonCredentials(state.credentialsFile)),
    HZN_MGMT_HUB_CERT_PATH: caFile,
    HZN_PRIVATE_KEY_FILE: state.privateKeyFile,
    HZN_PUBLIC_KEY_FILE: state.publicKeyFile,
  }),
  describe: (state) => [
    ["exchange", `${state.exchange}, organization ${state.organization}`],
    ["image", state.image],
    ["signing key", state.privateKeyFile],
    ["edge node's certs.d", nodeCertificates(dirname(state.credentialsFile))],
    ["credentials", state.credentialsFile],
  ],
  async prove(state, { sandbox, outputs, endpoints, signal }) {
    const certificates = nodeCertificates(dirname(state.credentialsFile));
    // What an earlier stack had the node trust proves nothing of this one.
    await rm(certificates, { recursive: true, force: true });
    const { edge_node_script: script } = outputs;
    if (script !== undefined) await installTrust(certificates, script, signal);
    return toProof(await runWholeOrganization(await nodeOf(state, sandbox, endpoints, signal)));
  },
};
