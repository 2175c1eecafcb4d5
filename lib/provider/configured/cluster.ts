import type { KubernetesClient } from "../../clients/kubernetes/client";
import { clusterId, listNamespaces } from "../../clients/kubernetes/namespaces";
import { createShared, type Shared } from "../../clients/shared-promise";
import type { Path } from "../../domain/problem";
import type { SelectableNamespace } from "../../domain/selection/namespace-selector";
import { during } from "../client-diagnostics";
import type { ClientSettings } from "../configuration/client-settings";
import { rememberSecrets, toKubernetesSettings } from "../configuration/kubernetes-settings";
import type { ObjectValue, Value } from "../framework/value";
import type { Runtime } from "./runtime";
import { firstUnknown, notKnownYet } from "./unknown";

/** The cluster of the provider's `kubernetes`; nothing is contacted before it is asked for. */
export interface ConfiguredCluster {
  /** The part of the configuration that is not known yet; undefined where all is. */
  readonly unknown: Path | undefined;
  /** The client, made once per run. @throws DiagnosticError where the configuration is unknown or names no cluster */
  client(): Promise<KubernetesClient>;
  /** The UID of the kube-system namespace, asked once per run where it was answered; null where the caller may not read it. */
  id(signal: AbortSignal): Promise<string | null>;
  /** All its namespaces, listed once for all selections of a plan. Throws ClientError, and what {@link client} throws. */
  readonly namespaces: Shared<readonly SelectableNamespace[]>;
}

/** What asks for a cluster is a resource in namespaces. Terraform shows no line of the provider's block in a message about a resource. */
const ASKED_FOR: Path = ["namespaces"];

/** Takes the provider's `kubernetes` in; contacts nothing. */
export function createCluster(kubernetes: Value, runtime: Runtime, clients: ClientSettings): ConfiguredCluster {
  const unknown = firstUnknown(kubernetes, ["kubernetes"]);
  const makeClient = async () => {
    if (unknown !== undefined) throw notKnownYet(unknown, "the cluster");
    const settings = rememberSecrets(toKubernetesSettings(kubernetes as ObjectValue | null, runtime.environment));
    // Loaded here, since it brings undici with it: no handshake needs that.
    const { createKubernetesClient } =
      require("../../clients/kubernetes/create-client") as typeof import("../../clients/kubernetes/create-client");
    return during({ what: "The provider's cluster configuration", path: ASKED_FOR }, () =>
      createKubernetesClient(settings, clients),
    );
  };
  let made: Promise<KubernetesClient> | undefined;
  const client = () => {
    made ??= makeClient();
    return made;
  };
  const sharedId = createShared(async (signal) => (await clusterId(await client(), signal)) ?? null);
  return {
    unknown,
    client,
    namespaces: createShared(async (signal) => listNamespaces(await client(), signal)),
    async id(signal) {
      const { server } = await client();
      const doing = { what: `The cluster at ${server} could not be asked which one it is`, path: ASKED_FOR } as const;
      return during(doing, () => sharedId.get(signal));
    },
  };
}
