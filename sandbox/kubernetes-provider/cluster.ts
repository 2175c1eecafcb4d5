import type { KubernetesClient } from "../../lib/clients/kubernetes/client";
import { DiagnosticError } from "../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../lib/provider/framework/value";
import type { Ignored } from "./metadata";
import { readConfiguration } from "./settings";

/** The configured provider: a cluster that is reached when it is first needed. */
export interface Cluster {
  readonly ignored: Ignored;
  /** @throws DiagnosticError where the configuration is not known yet; ClientError where it names no cluster */
  client(): Promise<KubernetesClient>;
}

/** Makes the configured provider; contacts nothing. */
export function createCluster(config: ObjectValue, env: { readonly [name: string]: string | undefined }): Cluster {
  const { cluster, unknown, ignored } = readConfiguration(config, env);
  let client: Promise<KubernetesClient> | undefined;
  return {
    ignored,
    client() {
      if (cluster === undefined) {
        throw DiagnosticError.at(
          undefined,
          "The cluster is not known yet",
          `The configuration of the provider kubernetes is not known before the apply: ${unknown.join(", ")}. Apply what it comes from first.`,
        );
      }
      // Loaded when it is needed: a plan of what is new contacts nothing.
      const { createKubernetesClient } =
        require("../../lib/clients/kubernetes/create-client") as typeof import("../../lib/clients/kubernetes/create-client");
      client ??= createKubernetesClient(cluster);
      return client;
    },
  };
}
