import { readAdministrator } from "../administrator";
import { send, type TlsClient } from "../http";
import { waitUntil } from "../process/ready";
import type { SandboxState } from "../state";
import { NODE_NAME } from "./kubelet";

interface NodeObject {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * True once Pods are scheduled on the node and run there: its kubelet answers, it is ready, and no longer tainted as a node is at first.
 * A kubelet that was killed is noticed by the cluster after 40 seconds only, so it is asked itself.
 */
export async function isNodeReady(apiServer: string, tls: TlsClient, signal: AbortSignal | undefined): Promise<boolean> {
  const url = `${apiServer}/api/v1/nodes/${NODE_NAME}`;
  const { status, body } = await send(url, { tls, signal });
  if (status !== 200 || (await send(`${url}/proxy/healthz`, { tls, signal })).status !== 200) return false;
  const node = JSON.parse(body.toString("utf8")) as NodeObject;
  const ready = node.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True");
  return ready === true && (node.spec.taints ?? []).length === 0;
}

/**
 * Waits until Pods are scheduled on the node of a sandbox, such as after its kubelet was restarted.
 *
 * @throws SandboxError after two minutes, and the signal's reason
 */
export async function waitForNode(state: SandboxState, signal?: AbortSignal): Promise<void> {
  const tls = await readAdministrator(state);
  await waitUntil("the node", signal, () => isNodeReady(state.apiServer, tls, signal), { timeoutSeconds: 120 });
}
