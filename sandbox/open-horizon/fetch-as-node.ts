import type { RegistriesState } from "../state";
import { registryEndpoints } from "../systems/registered";
import type { Proof } from "../systems/system";
import { runAgent, runWholeOrganization } from "./agent/agent";
import { nodeOf } from "./node";
import { toProof } from "./proof";

/** What the edge node is to fetch. @default - all that the organization has */
export interface NodeWish {
  readonly pattern?: string;
  /** Its id, with or without the organization. */
  readonly service?: string;
}

/** Does what an edge node of the sandbox does; undefined where the sandbox has no Open Horizon. */
export async function fetchAsNode(
  sandbox: RegistriesState,
  { pattern, service }: NodeWish,
  signal: AbortSignal,
): Promise<Proof | undefined> {
  const state = sandbox.systems["open-horizon"];
  if (state === undefined) return undefined;
  const node = await nodeOf(state, sandbox, registryEndpoints(sandbox.systems), signal);
  const id = service === undefined || service.includes("/") ? service : `${state.organization}/${service}`;
  if (id !== undefined) return toProof(await runAgent({ service: id }, node));
  return toProof(pattern === undefined ? await runWholeOrganization(node) : await runAgent({ pattern }, node));
}
