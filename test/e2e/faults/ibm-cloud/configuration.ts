import { ibmcloudApiKey, ibmcloudNamespace, pullSecret } from "../../../../lib/schema";
import { type Configuration, reference, TIMEOUTS } from "../configuration";
import type { Wanted } from "../scene";

/** What the configuration of a lane is made of. */
export interface ConfigurationOptions extends Wanted {
  readonly owner: string;
  /** Of the lane: of its namespace, its key and its registry namespace. */
  readonly name: string;
  readonly ca: string;
  readonly apiServer: string;
  readonly hosts: readonly string[];
}

/** The name of the Secret. */
export const SECRET_NAME = "pull";

/** Variant `b` has another label on the Secret; a generation is another key. */
export function configure({ owner, name, urls, ca, apiServer, hosts, variant, generation }: ConfigurationOptions): Configuration {
  const timeouts = { create: "40s", read: "40s", delete: "40s" };
  const ibmcloud = {
    iam_endpoint: urls.iam ?? "",
    registry_endpoint: urls.icr ?? "",
    hosts: [...hosts],
    ca_certificate: ca,
  };
  return {
    provider: {
      owner,
      request_timeout: "2s",
      kubernetes: { host: apiServer, cluster_ca_certificate: ca },
      issuers: { icr: { ibmcloud } },
    },
    resources: [
      {
        schema: ibmcloudApiKey,
        config: { issuer: "icr", name, description: `generation ${generation}`, timeouts },
        createsBeforeDestroy: true,
      },
      // One after the other, so that each run makes its calls in one order.
      { schema: ibmcloudNamespace, config: { issuer: reference(ibmcloudApiKey, "issuer"), name, timeouts } },
      {
        schema: pullSecret,
        config: {
          name: SECRET_NAME,
          namespaces: [name],
          labels: { variant, "registry-namespace": reference(ibmcloudNamespace, "name") },
          registries: [{ hosts: [...hosts], credential_id: reference(ibmcloudApiKey, "credential_id") }],
          timeouts: TIMEOUTS,
        },
      },
    ],
    lookedUp: [],
  };
}
