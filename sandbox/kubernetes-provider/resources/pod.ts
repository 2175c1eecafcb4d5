import type { KubernetesClient, KubernetesObject, Location } from "../../../lib/clients/kubernetes/client";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import type { Manifest, ObjectKind } from "../object-kind";
import type { Fields } from "../to-object";
import { timeoutOf, waitUntil } from "../wait";

/** kubernetes_pod_v1 */
export const pod: ObjectKind = {
  type: "kubernetes_pod_v1",
  apiVersion: "v1",
  kind: "Pod",
  resource: "pods",
  namespaced: true,
  stateOnly: ["target_state"],
  deleteTimeout: 5 * 60_000,

  /** The ServiceAccount's token, mounted by admission, and the tolerations that admission adds. */
  hide(object) {
    const spec = object.spec ?? {};
    const isToken = tokenVolume(String(spec.serviceAccountName ?? "default"));
    const containers = (field: unknown): unknown =>
      (field as readonly Fields[] | undefined)?.map((container) => ({
        ...container,
        volumeMounts: without(container.volumeMounts, isToken),
      }));
    return {
      ...object,
      spec: {
        ...spec,
        containers: containers(spec.containers),
        initContainers: containers(spec.initContainers),
        volumes: without(spec.volumes, isToken),
        tolerations: without(spec.tolerations, ({ key }) => String(key).includes("node.kubernetes.io/")),
      },
    };
  },

  /** All else makes another Pod. */
  change(current, wanted) {
    const deadline = (wanted.spec as Fields).activeDeadlineSeconds;
    return deadline === undefined ? current : { ...current, spec: { ...current.spec, activeDeadlineSeconds: deadline } };
  },

  async ready({ client, at, planned, operation, signal }) {
    if (operation === "update") return;
    const target = (planned.target_state as readonly string[] | null) ?? ["Running"];
    try {
      await waitUntil({
        timeout: timeoutOf(planned, "create", 5 * 60_000),
        signal,
        check: async () => missingOfPhase(await client.get<Manifest>(at, signal), target),
      });
    } catch (error) {
      throw error instanceof DiagnosticError ? await withEvents(error, client, at, signal) : error;
    }
  },
};

function tokenVolume(serviceAccount: string): (item: Fields) => boolean {
  return ({ name }) =>
    String(name).startsWith("kube-api-access") ||
    (String(name).startsWith(`${serviceAccount}-token-`) && /-token-[a-z0-9]{5}$/.test(String(name)));
}

function without(list: unknown, unwanted: (item: Fields) => boolean): unknown {
  return (list as readonly Fields[] | undefined)?.filter((item) => !unwanted(item));
}

function missingOfPhase(object: Manifest | undefined, target: readonly string[]): string | undefined {
  const phase = object === undefined ? "gone" : String(object.status?.phase ?? "Pending");
  if (target.includes(phase)) return undefined;
  const missing = `unexpected state '${phase}', wanted target '${target.join(", ")}'`;
  if (phase === "Pending") return missing;
  throw DiagnosticError.at(undefined, missing, "The Pod will not reach it from there.");
}

/** A Pod's last warnings say why it does not run. */
async function withEvents(
  error: DiagnosticError,
  client: KubernetesClient,
  at: Location,
  signal: AbortSignal,
): Promise<DiagnosticError> {
  const events = { apiVersion: "v1", resource: "events", ...(at.namespace === undefined ? {} : { namespace: at.namespace }) };
  const fieldSelector = `involvedObject.name=${at.name},involvedObject.kind=Pod,type=Warning`;
  const found = await client.list<KubernetesObject & { readonly reason?: string; readonly message?: string }>(
    events,
    { fieldSelector },
    signal,
  );
  const lines = found.slice(-3).map(({ reason, message }) => `\n  * ${reason}: ${message}`);
  return new DiagnosticError(
    error.diagnostics.map((diagnostic) => ({ ...diagnostic, detail: `${diagnostic.detail}${lines.join("")}` })),
  );
}
