import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { ForgeComments } from "../../clients/forge";
import { checksumIn, commentOf, type StackComment } from "../../domain/review/sticky-comment";
import { formatCount } from "../document/document";
import { jsonOption } from "../format";
import { type CommandIo, EXIT, tell } from "../io";
import { rememberEnvironment } from "../terraform/messages";
import { UsageError } from "../usage-error";
import { findOwn, type Posted, postComments } from "./post";
import { type MarkdownOptions, readComments, sha256Of } from "./read-markdown";
import { type ForgeOptions, openForge } from "./settings";

interface CommentOptions extends ForgeOptions, MarkdownOptions {
  readonly verify?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const HELP = `
The token is taken from GITHUB_TOKEN, or from GITLAB_TOKEN (else CI_JOB_TOKEN, which GitLab mostly refuses). All else comes from what the
pipelines set: GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_EVENT_PATH, or CI_API_V4_URL, CI_PROJECT_ID and CI_MERGE_REQUEST_IID.

Exit codes:
  0    every stack's comment says it now (with --dry-run: would); with --verify: the file is the one that was reviewed
  1    it failed
  2    with --verify: the file is another one than was reviewed, or the comment names none
  130  interrupted (Ctrl-C)`;

/** `registry-access comment`. */
export function addCommentCommand(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("comment")
    .summary("put a review into its pull request, as one comment for each stack")
    .description(
      "Leaves one comment for each stack in a pull request of GitHub or a merge request of GitLab: the first run creates it, later ones update it, and nobody else's is touched.",
    )
    .argument("[file]", "what registry-access review --format markdown printed; - is standard input", "-")
    .option("--stack <name>", "only this stack; or whose it is, where the Markdown doesn't say")
    .option("--plan <file>", "the plan's file, or an archive with it: the comment tells its SHA-256")
    .option("--verify <file>", "post nothing: compare this file with the SHA-256 in the stack's comment (needs --stack)")
    .option("--dry-run", "look, say what would be done, and change nothing")
    .addOption(new Option("--forge <forge>", "where; without, the environment says it").choices(["github", "gitlab"]))
    .option("--api-url <url>", "the forge's API, such as https://github.example.com/api/v3")
    .option("--repository <name>", "owner/name, or on GitLab the project's id or path")
    .option("--number <number>", "of the pull request or merge request")
    .option("--allow-plain-http", "send the token over plain HTTP to another machine")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (file: string, options: CommentOptions) => done(await comment(file, options, io)));
}

async function comment(file: string, options: CommentOptions, io: CommandIo): Promise<number> {
  rememberEnvironment(io.env);
  const forge = openForge(options, io.env);
  try {
    if (options.verify !== undefined) return await verify(options.verify, options, forge, io);
    const comments = await readComments(file, options, io);
    for (const each of comments) refuseTooLong(each, forge);
    tell(io, `Asking for the comments of ${forge.what}…`);
    const dryRun = options.dryRun === true;
    const posted = await postComments(comments, { forge, dryRun, signal: io.signal });
    tell(io, "");
    const data = () => ({ where: forge.what, dry_run: dryRun, comments: posted.map(jsonOf) });
    const text = () => posted.map((each) => `${lineOf(each, dryRun, forge)}\n`).join("");
    io.stdout.write(options.json ? `${JSON.stringify(data(), null, 2)}\n` : text());
    return EXIT.well;
  } finally {
    await forge.close();
  }
}

function refuseTooLong({ stack, body }: StackComment, { limit, what }: ForgeComments): void {
  const length = [...body].length;
  if (length <= limit) return;
  throw new UsageError(
    `The comment of ${stack} has ${formatCount(length)} characters, and ${what} takes ${formatCount(limit)} at most. Nothing was posted. registry-access review --format markdown folds a review until it fits; leave out what was added to it.`,
  );
}

async function verify(file: string, { stack, json }: CommentOptions, forge: ForgeComments, io: CommandIo): Promise<number> {
  if (stack === undefined) throw new UsageError("--verify needs --stack: whose comment names the plan's checksum.");
  const sha256 = await sha256Of(resolve(io.folder, file));
  tell(io, `Asking for the comments of ${forge.what}…`);
  const { signal } = io;
  const [own, ...more] = (await findOwn({ forge, signal }, await forge.whoAmI(signal)))(commentOf(stack, "").stack);
  const reviewed = own === undefined || more.length > 0 ? undefined : checksumIn(own.body);
  const isSame = reviewed === sha256;
  tell(io, "");
  const text = () => {
    if (isSame) return `${file} is the plan that was reviewed (SHA-256 ${sha256}).`;
    if (own === undefined)
      return `${forge.what} has no review of ${stack} by the token's own user: what ${file} would do was not reviewed.`;
    if (more.length > 0) return `${forge.what} has ${more.length + 1} reviews of ${stack}: run the plan again, which leaves one.`;
    if (reviewed === undefined) return `The review of ${stack} in ${forge.what} names no plan: post it with --plan.`;
    return `${file} is not the plan that was reviewed: its SHA-256 is ${sha256}, and that of the review of ${stack} in ${forge.what} is ${reviewed}. Run the plan again, and have it reviewed.`;
  };
  const data = () => ({ where: forge.what, stack, same: isSame, sha256, reviewed_sha256: reviewed ?? null });
  io.stdout.write(json ? `${JSON.stringify(data(), null, 2)}\n` : `${text()}\n`);
  return isSame ? EXIT.well : EXIT.found;
}

function jsonOf({ stack, action, comment: left, removed }: Posted) {
  return { stack, action, id: left?.id ?? null, url: left?.url ?? null, removed };
}

function lineOf({ stack, action, comment: left, removed }: Posted, dryRun: boolean, { what }: ForgeComments): string {
  const done = dryRun
    ? { created: "would be created", updated: "would be updated", unchanged: "would stay as it is" }
    : undefined;
  const duplicates = removed === 0 ? "" : `, ${removed} more of it ${dryRun ? "would be " : ""}removed`;
  const where = left?.url === undefined ? what : `${what}: ${left.url}`;
  return `${stack}: comment ${done?.[action] ?? action}${duplicates} in ${where}`;
}
