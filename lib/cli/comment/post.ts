import { ClientError } from "../../clients/client-error";
import type { ForgeComment, ForgeComments } from "../../clients/forge";
import { hasMarker, isCommentOf, isSameBody, type StackComment } from "../../domain/review/sticky-comment";

/** What became of one stack's comment. */
export interface Posted {
  readonly stack: string;
  readonly action: "created" | "updated" | "unchanged";
  /** Undefined where it was only asked what would be done. */
  readonly comment: ForgeComment | undefined;
  /** How many other comments of the same stack were removed. */
  readonly removed: number;
}

/** Of one run. */
export interface Posting {
  readonly forge: ForgeComments;
  /** Look, and change nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** Our own comments of a stack, oldest first: what others wrote is never touched, whatever it quotes. */
export type OwnComments = (stack: string) => readonly ForgeComment[];

/** Reads which comments are the token's own. */
export async function findOwn({ forge, signal }: Pick<Posting, "forge" | "signal">, author: string): Promise<OwnComments> {
  const own = await forge.find((comment) => comment.author === author && hasMarker(comment.body), signal);
  return (stack) => own.filter(({ body }) => isCommentOf(body, stack));
}

/**
 * Leaves one comment for each stack, the oldest that is there. Whoever created one looks again: of two runs that each saw none, the later
 * one sees both, and folds its own into the other.
 */
export async function postComments(wanted: readonly StackComment[], posting: Posting): Promise<readonly Posted[]> {
  const author = await posting.forge.whoAmI(posting.signal);
  const ownOf = await findOwn(posting, author);
  const posted: Posted[] = [];
  for (const each of wanted) posted.push(await put(each, ownOf(each.stack), posting, author));
  if (posting.dryRun || posted.every(({ action }) => action !== "created")) return posted;
  const now = await findOwn(posting, author);
  return Promise.all(
    posted.map((each, index) =>
      each.action === "created" ? settle(each, wanted[index]?.body ?? "", now(each.stack), posting) : each,
    ),
  );
}

async function put(
  { stack, body }: StackComment,
  [first, ...others]: readonly ForgeComment[],
  posting: Posting,
  author: string,
): Promise<Posted> {
  const { forge, dryRun, signal } = posting;
  const action = first === undefined ? "created" : isSameBody(first.body, body) ? "unchanged" : "updated";
  if (dryRun) return { stack, action, comment: first, removed: others.length };
  if (first === undefined) return create({ stack, body }, posting, author);
  const comment = action === "unchanged" ? first : await forge.update(first.id, body, signal);
  // Somebody deleted it meanwhile.
  if (comment === undefined) return put({ stack, body }, others, posting, author);
  return { stack, action, comment, removed: await removeAll(others, posting) };
}

async function create({ stack, body }: StackComment, posting: Posting, author: string): Promise<Posted> {
  const { forge, signal } = posting;
  try {
    return { stack, action: "created", comment: await forge.create(body, signal), removed: 0 };
  } catch (error) {
    if (!ClientError.is(error) || error.options.ambiguous !== true || signal.aborted) throw error;
    // The answer was lost. Sending it again might make a second one.
    const own = (await findOwn(posting, author))(stack).find((comment) => isSameBody(comment.body, body));
    if (own === undefined) throw error;
    return { stack, action: "created", comment: own, removed: 0 };
  }
}

async function settle(
  posted: Posted,
  body: string,
  [first, ...others]: readonly ForgeComment[],
  posting: Posting,
): Promise<Posted> {
  const created = posted.comment;
  // A list that is behind shows none yet.
  if (first === undefined || created === undefined) return posted;
  if (first.id === created.id) return { ...posted, removed: await removeAll(others, posting) };
  const comment = await posting.forge.update(first.id, body, posting.signal);
  if (comment === undefined) return posted;
  const extra = others.some(({ id }) => id === created.id) ? others : [...others, created];
  return { ...posted, action: "updated", comment, removed: await removeAll(extra, posting) };
}

async function removeAll(comments: readonly ForgeComment[], { forge, signal }: Posting): Promise<number> {
  const gone = await Promise.all(comments.map(({ id }) => forge.delete(id, signal)));
  return gone.filter(Boolean).length;
}
