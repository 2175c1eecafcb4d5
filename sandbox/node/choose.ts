import type { EnsureOptions } from "../binaries/ensure";
import { oneLine, SandboxError } from "../sandbox-error";
import { whyNoNode } from "./availability";
import { ensureNodePrograms, type NodePrograms } from "./programs";

/** Whether a sandbox is to have a node; `auto`: where one can run. */
export type NodeWish = boolean | "auto";

/**
 * What a node is made of, where one is wished for and can run here. Where `auto` can't have one it says why, in one line.
 *
 * @param folder - the sandbox's
 * @throws SandboxError where it has to run and can't
 */
export async function chooseNode(wish: NodeWish, folder: string, options: EnsureOptions): Promise<NodePrograms | undefined> {
  if (wish === false) return undefined;
  const found = whyNoNode(folder) ?? (await tryPrograms(options));
  if (typeof found !== "string") return found;
  if (wish === true) throw new SandboxError(`No node can run here: ${found}.`);
  options.progress.note(`No node: ${oneLine(found).replace(/\.$/, "")}. Samples are deployed but do not run.`);
  return undefined;
}

async function tryPrograms(options: EnsureOptions): Promise<NodePrograms | string> {
  try {
    return await ensureNodePrograms(options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof SandboxError) return error.message;
    throw error;
  }
}
