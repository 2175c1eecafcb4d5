import type { Dispatcher } from "undici";

/** How much of an answer's body is read. */
export interface Reading {
  /** Bytes, at least 1. */
  readonly most: number;
  /** Whether an answer of more bytes is of no use: then one that announces more is not read at all. */
  readonly whole: boolean;
}

/** An answer, read as far as it was to be. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** At most as many bytes as were to be read. */
  readonly body: Buffer;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** When a round trip ends without an answer. */
export interface Patience {
  readonly signal: AbortSignal;
  /** From now on. */
  readonly milliseconds: number;
}

/** The service did not answer in full in time. */
export class TimeIsUp extends Error {
  override readonly name = "TimeIsUp";
}

/**
 * Sends one request and reads its answer. By undici's `dispatch`, on which its `request` is made: that makes a stream, an AbortController's
 * listener and an asynchronous resource for each answer, a fifth of what a thousand small requests cost here (docs/decisions.md).
 * Rejects with the signal's reason, with TimeIsUp, or with what broke the connection.
 */
export function roundTrip(
  dispatcher: Pick<Dispatcher, "dispatch">,
  request: Dispatcher.DispatchOptions,
  reading: (status: number) => Reading,
  { signal, milliseconds }: Patience,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let ended: Error | undefined;
    let head: Pick<Answer, "status" | "headers"> & Reading = { status: 0, headers: {}, most: 1, whole: false };
    const chunks: Buffer[] = [];
    let size = 0;

    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", follow);
    };
    /** What is still to come is not waited for: the connection is closed. */
    const end = (reason: Error) => {
      if (ended !== undefined) return;
      ended = reason;
      release();
      controller?.abort(reason);
    };
    const fail = (reason: Error) => {
      end(reason);
      reject(reason);
    };
    const follow = () => fail(reasonOf(signal));
    const answer = (isWhole: boolean) => {
      const { status, headers, most } = head;
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
      resolve({ status, headers, body: body.subarray(0, most), isWhole });
    };
    const stopReading = () => {
      answer(false);
      end(new Error("the rest of the answer is not needed"));
    };

    const timer = setTimeout(() => fail(new TimeIsUp()), milliseconds);
    if (signal.aborted) return follow();
    signal.addEventListener("abort", follow, { once: true });
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It ended while it waited for a connection.
        if (ended !== undefined) started.abort(ended);
      },
      onResponseStart(_, status, headers) {
        head = { status, headers, ...reading(status) };
        if (head.whole && Number(headers["content-length"]) > head.most) stopReading();
      },
      onResponseData(_, chunk) {
        if (ended !== undefined) return;
        chunks.push(chunk);
        size += chunk.length;
        if (size > head.most) stopReading();
      },
      onResponseEnd() {
        if (ended !== undefined) return;
        release();
        answer(true);
      },
      onResponseError(_, error) {
        release();
        reject(error);
      },
    });
  });
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error("aborted", { cause: reason });
}
