/**
 * IAM tells what it made to its other parts only after a while: a service ID just made may be "not found" for them
 * (terraform-provider-ibm, issues 3573 and 4478). So is a new key at the registry.
 */
import { ClientError } from "../../clients/client-error";
import { sentence } from "../../clients/sentence";

type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Pauses in milliseconds, the last one for as long as it takes: the caller's signal ends that. */
const PAUSES = [1_000, 2_000, 4_000, 8_000] as const;
/** That many looks for what is to be taken back. */
const TRIES = 4;
/** Taking back has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Repeats what is refused since something that was just made is not known yet: it was not carried out. */
export async function onceKnown<T>(send: () => Promise<T>, sleep: Sleep, signal: AbortSignal): Promise<T> {
  return repeated(send, "not_found", sleep, signal);
}

/** Repeats a call for as long as it fails in this way. */
export async function repeated<T>(
  call: () => Promise<T>,
  code: "not_found" | "unauthenticated",
  sleep: Sleep,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!ClientError.is(error, code)) throw error;
      await sleep(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0, signal).catch(() => Promise.reject(error));
    }
  }
}

/** Something that was made on the way to a key. */
export interface Made {
  /** With its id, for who has to look for it. */
  readonly what: string;
  /** False where it is not found. */
  remove(signal: AbortSignal): Promise<boolean>;
}

/**
 * Takes back, by their ids and the last one first, what was made for a key that could not be: the lists may not show it yet. Returns the
 * failure, which says what is left where that could not be done.
 */
export async function rolledBack(made: readonly Made[], error: unknown, sleep: Sleep): Promise<unknown> {
  const signal = AbortSignal.timeout(ROLL_BACK_MILLISECONDS);
  const left: string[] = [];
  for (const { what, remove } of [...made].reverse()) {
    const isGone = await goneAfter(() => remove(signal), sleep, signal).catch(() => false);
    if (!isGone) left.push(what);
  }
  if (left.length === 0 || !ClientError.is(error)) return error;
  const said = `${sentence(error.message)} What was made before could not be taken back: look for ${left.join(" and ")} in IAM, and delete it.`;
  return new ClientError(error.code, said, error.options);
}

/** "Not found" of what is known to be made means: not known there yet. */
async function goneAfter(remove: () => Promise<boolean>, sleep: Sleep, signal: AbortSignal): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await remove().catch(notFoundHere)) return true;
    await sleep(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0, signal);
  }
  return false;
}

/** The part of IAM that deletes may hear of it after the part that shows it. */
function notFoundHere(error: unknown): false {
  if (ClientError.is(error, "malformed") && error.options.status === 404) return false;
  throw error;
}
