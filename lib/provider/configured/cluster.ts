import type { KubernetesClient } from "../../clients/kubernetes/client";
import { clusterId } from "../../clients/kubernetes/namespaces";
import type { Path } from "../../domain/problem";
import { processRedactor } from "../../domain/redaction";
import { during } from "../client-diagnostics";
import { toKubernetesSettings } from "../configuration/kubernetes-settings";
import type { Logger } from "../framework/definition";
import type { ObjectValue, Value } from "../framework/value";
import { once } from "./once";
import type { Runtime } from "./runtime";
import { firstUnknown, notKnownYet } from "./unknown";

/** The cluster of the provider's `kubernetes`; nothing is contacted before it is asked for. */
export interface ConfiguredCluster {
  /** The part of the configuration that is not known yet; undefined where all is. */
  readonly unknown: Path | undefined;
  /** The client, made once per run. @throws DiagnosticError where the configuration is unknown or names no cluster */
  client(): Promise<KubernetesClient>;
  /** The UID of the kube-system namespace, asked once per run; null where the caller may not read it. */
  id(signal: AbortSignal): Promise<string | null>;
}

/** Takes the provider's `kubernetes` in; contacts nothing. */
export function createCluster(kubernetes: Value, runtime: Runtime, log: Logger): ConfiguredCluster {
  const unknown = firstUnknown(kubernetes, ["kubernetes"]);
  const client = once(async () => {
    if (unknown !== undefined) throw notKnownYet(unknown, "the cluster");
    const settings = toKubernetesSettings(kubernetes as ObjectValue | null, runtime.environment);
    for (const secret of [settings.token, settings.password, settings.clientKey])
      if (secret !== null) processRedactor.remember(secret);
    // Loaded here, since it brings undici with it: no handshake needs that.
    const { createKubernetesClient } =
      require("../../clients/kubernetes/create-client") as typeof import("../../clients/kubernetes/create-client");
    return during({ what: "The provider's cluster configuration", path: ["kubernetes"] }, () =>
      createKubernetesClient(settings, { log, env: { ...runtime.environment } }),
    );
  });
  const id = once(async (signal: AbortSignal) => {
    const api = await client();
    const found = await during(
      { what: `The cluster at ${api.server} could not be asked which one it is`, path: ["kubernetes"] },
      () => clusterId(api, signal),
    );
    return found ?? null;
  });
  return { unknown, client, id };
}
