import { createReadStream } from "node:fs";
import { errorCode } from "../../clients/error-code";
import type { CommandIo } from "../io";
import { UsageError } from "../usage-error";

/** No plan of a stack that anybody reviews is larger: ten thousand namespaces take about 8 MiB. */
const MOST_PLAN_BYTES = 64 * 1024 * 1024;

/**
 * The JSON of a plan, from a file or from standard input (`-`).
 * @throws UsageError where it can't be read, or is longer than any plan: no more of it is kept
 */
export async function readPlanText(file: string, io: Pick<CommandIo, "stdin">): Promise<string> {
  if (file === "-") return io.stdin();
  try {
    return await readWhole(createReadStream(file), JSON.stringify(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${JSON.stringify(file)} can't be read (${errorCode(error)}). Name a file with the output of terraform show -json PLANFILE, or - for standard input.`,
    );
  }
}

/** All of a stream. @throws UsageError once it is longer than a plan */
export async function readWhole(stream: AsyncIterable<Buffer | string>, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk as Buffer);
    bytes += part.length;
    if (bytes > MOST_PLAN_BYTES)
      throw new UsageError(
        `${what} is longer than ${MOST_PLAN_BYTES / 1024 / 1024} MiB, which no plan of a stack is. Give it the output of terraform show -json PLANFILE, of one stack.`,
      );
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}
