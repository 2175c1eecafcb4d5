import { ClientError } from "../clients/client-error";
import { sentence } from "../clients/sentence";
import { sleep as realSleep } from "../clients/sleep";

/** Pauses in milliseconds before each look for what a request without a clear answer may have made: it may still be under way. */
const LOOK_UP_PAUSES = [0, 1_000, 2_000];
/** A look-up has a time of its own: after Ctrl-C the caller's signal is aborted, and what was made may be there all the same. */
const LOOK_UP_MILLISECONDS = 15_000;

/** One request that makes something, and how it is found where the answer does not tell. */
export interface SendOnce<T> {
  send(): Promise<T>;
  /** What the request would have made, by its mark. */
  find(signal: AbortSignal): Promise<T | undefined>;
  /** For the error where it was not made: `the token`. */
  readonly what: string;
  /** What was read in vain: `the registry's list was read: none is described "…"`. */
  readonly looked: string;
  /** @default - a timer */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Never sends again what may have been carried out: looks it up. Throws the failure that led here where it is not found, or can't be looked up. */
export async function sendOnce<T>({ send, find, what, looked, sleep = realSleep }: SendOnce<T>): Promise<T> {
  let failure: ClientError;
  try {
    return await send();
  } catch (error) {
    if (!ClientError.is(error) || error.options.ambiguous !== true) throw error;
    failure = error;
  }
  const signal = AbortSignal.timeout(LOOK_UP_MILLISECONDS);
  try {
    for (const pause of LOOK_UP_PAUSES) {
      if (pause > 0) await sleep(pause, signal);
      const found = await find(signal);
      if (found !== undefined) return found;
    }
  } catch {
    throw failure;
  }
  throw new ClientError(
    failure.code,
    `${sentence(failure.message)} That does not tell whether ${what} was issued, so ${looked}. The request was not repeated; apply again.`,
    failure.options,
  );
}
