import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { errorCode } from "../../clients/error-code";
import { processRedactor } from "../../domain/redaction";
import { commentOf, hasMarker, type StackComment, splitByStack, withChecksum } from "../../domain/review/sticky-comment";
import type { CommandIo } from "../io";
import { UsageError } from "../usage-error";

/** What is to be posted, and of which plan. */
export interface MarkdownOptions {
  readonly stack?: string;
  /** The plan's file, or an archive with it: its checksum is told in the comment. */
  readonly plan?: string;
}

/** The comments to leave, one for each stack, without what the environment holds as secrets. @throws UsageError */
export async function readComments(
  file: string,
  { stack, plan }: MarkdownOptions,
  io: CommandIo,
): Promise<readonly StackComment[]> {
  const markdown = file === "-" ? await io.stdin() : await readText(resolve(io.folder, file));
  if (markdown.trim() === "")
    throw new UsageError(
      `${file === "-" ? "Standard input" : JSON.stringify(file)} is empty. Give it what registry-access review --format markdown prints.`,
    );
  const comments = chosen(markdown, stack);
  const [one, ...more] = comments;
  if (plan === undefined || one === undefined) return comments.map(masked);
  if (more.length > 0)
    throw new UsageError(`--plan is one stack's, and the Markdown is of ${comments.length}: say which with --stack.`);
  const { stack: name, body } = masked(one);
  return [{ stack: name, body: withChecksum(body, await sha256Of(resolve(io.folder, plan))) }];
}

function chosen(markdown: string, stack: string | undefined): readonly StackComment[] {
  if (!hasMarker(markdown)) {
    if (stack !== undefined) return [commentOf(stack, markdown)];
    throw new UsageError(
      "The Markdown names no stack: no line of it begins with the marker that registry-access review --format markdown writes. Say whose it is with --stack.",
    );
  }
  const all = splitByStack(markdown);
  const twice = all.find(({ stack: name }, index) => all.findIndex((other) => other.stack === name) < index);
  if (twice !== undefined) throw new UsageError(`The Markdown has the stack ${JSON.stringify(twice.stack)} twice.`);
  if (stack === undefined) return all;
  const wanted = commentOf(stack, "").stack;
  const found = all.filter(({ stack: name }) => name === wanted);
  if (found.length > 0) return found;
  const there = all.map(({ stack: name }) => name).join(", ");
  throw new UsageError(`The Markdown has no stack ${JSON.stringify(stack)}; there are: ${there}.`);
}

/** Whoever may see the pull request reads it. The first line, the marker, stays as it is. */
function masked({ stack, body }: StackComment): StackComment {
  const [marker = "", ...lines] = body.split("\n");
  return { stack, body: [marker, processRedactor.text(lines.join("\n"))].join("\n") };
}

/** The SHA-256 of a file, in hexadecimal digits. @throws UsageError where it can't be read */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw unreadable(path, error);
  }
  return hash.digest("hex");
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError(`${JSON.stringify(path)} can't be read (${errorCode(error)}).`);
}
