import { ClientError } from "../client-error";
import type { HttpRequest, HttpResponse } from "../http";
import { createShared } from "../shared-promise";
import { sleep } from "../sleep";

/** How long an answer of the server holds, in milliseconds: many questions at once are refused for one reason. */
const HOLDS_MILLISECONDS = 1_000;
/** Between two questions, in milliseconds. */
const PAUSE_MILLISECONDS = 250;
/** About ten seconds: an API server that starts is ready within two. */
const ATTEMPTS = 40;
/** About three seconds: the rules are read within one, and a server that hides its readiness is not waited for each time. */
const HIDDEN_ATTEMPTS = 12;
/** 403: everybody may read the path, but by a rule too (the role system:public-info-viewer). */
const NOT_READY = [403, 500, 503];

/** Whether an API server knows yet what it allows. */
export interface Readiness {
  /** Resolves to whether a refusal was none: the server was not ready then, and is now, so that it has to be asked again. */
  wasPremature(signal: AbortSignal): Promise<boolean>;
}

/**
 * Asks `/readyz`. For a moment after its start an API server has not read its RBAC rules: it refuses what it will allow (seen with
 * Kubernetes 1.34: everything 403, this path as well, then 500 here until all is there).
 *
 * @throws ClientError("aborted") where the signal is; anything else that goes wrong lets the refusal stand
 */
export function createReadiness(
  request: (request: HttpRequest) => Promise<HttpResponse>,
  clock: () => number,
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void> = sleep,
): Readiness {
  /** When the last answer holds no more. */
  let expiresAt = Number.POSITIVE_INFINITY;
  let isHidden = false;

  async function becomesReady(signal: AbortSignal): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const { status } = await request({ method: "GET", path: "/readyz", signal, expect: [200, ...NOT_READY] });
      if (status === 200) return attempt > 1;
      isHidden = status === 403 && attempt === HIDDEN_ATTEMPTS;
      if (isHidden || attempt === ATTEMPTS) return false;
      await wait(PAUSE_MILLISECONDS, signal).catch(() => undefined);
    }
  }

  const question = createShared(async (signal) => {
    const premature = await becomesReady(signal).catch((error: unknown) => {
      if (ClientError.is(error, "aborted")) throw error;
      return false;
    });
    if (!isHidden) expiresAt = clock() + HOLDS_MILLISECONDS;
    return premature;
  });

  return {
    wasPremature(signal) {
      if (clock() >= expiresAt) {
        expiresAt = Number.POSITIVE_INFINITY;
        question.forget();
      }
      return question.get(signal);
    },
  };
}
