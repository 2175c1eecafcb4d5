import { readAdministrator } from "../administrator";
import { type Answer, send } from "../http";
import { SandboxError } from "../sandbox-error";
import type { SandboxState } from "../state";

/** A port of a Pod. */
export interface PodEndpoint {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  /** @default "/" */
  readonly path?: string;
}

/**
 * Asks a Pod over HTTP, as `kubectl get --raw` would: through the API server's proxy, since the Pods' network can't be reached from here.
 * The answer's status is the Pod's own, or the API server's (503) where the Pod can't be reached.
 *
 * @throws SandboxError where the sandbox has no node
 */
export async function fetchFromPod(state: SandboxState, endpoint: PodEndpoint, signal?: AbortSignal): Promise<Answer> {
  if (state.node === null) throw new SandboxError(`The sandbox "${state.name}" has no node, so none of its Pods runs.`);
  const { namespace, pod, port, path = "/" } = endpoint;
  const url = `${state.apiServer}/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`;
  return await send(url, { tls: await readAdministrator(state), signal });
}
