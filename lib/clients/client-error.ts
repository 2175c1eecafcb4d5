/** Clients of the services around us, one file (or folder) per service, over undici; `http/` holds what they share. */

/** Why a request failed, in the caller's terms. */
export type ClientErrorCode =
  /** 401, or a login that was refused. */
  | "unauthenticated"
  /** 403. */
  | "forbidden"
  /** 404 of something that was asked for by name. */
  | "not_found"
  /** 409. */
  | "conflict"
  /** 400, 422 and the like: the request itself is refused. */
  | "invalid"
  /** 410, for a list that has to start again. */
  | "gone"
  /** 429 after all retries. */
  | "throttled"
  /** 5xx after all retries. */
  | "server_error"
  /** No connection: refused, reset, no such host, timed out. */
  | "unreachable"
  /** The certificate is not trusted. */
  | "untrusted"
  /** An answer that is not what the service is known to send. */
  | "malformed"
  /** What answers for a container registry is none. */
  | "no_registry"
  /** The caller's signal. */
  | "aborted";

/** The one error class of all clients. Its message never holds a secret, and names the request: method, URL without query, status. */
export class ClientError extends Error {
  override readonly name = "ClientError";

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    readonly options: {
      /** HTTP status, where there was an answer. */
      readonly status?: number;
      /** The service's own code (`CRG0009E`, `AlreadyExists`). */
      readonly serviceCode?: string;
      /** Whether the request may have been carried out all the same (a POST without an answer). */
      readonly ambiguous?: boolean;
      /** Whether this is the answer to a second attempt: an earlier one may have been carried out, its answer lost. */
      readonly repeated?: boolean;
      /** Whether the answer was larger than what is read. */
      readonly tooLarge?: true;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }

  /** True for a ClientError with one of these codes. */
  static is(error: unknown, ...codes: readonly ClientErrorCode[]): error is ClientError {
    return error instanceof ClientError && (codes.length === 0 || codes.includes(error.code));
  }
}

/** Whether a write was surely not carried out: its one attempt was answered with a refusal, or it was never sent. */
export function isPlainlyRefused(error: unknown): boolean {
  const isRefusal = ClientError.is(
    error,
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "invalid",
    "throttled",
    "untrusted",
  );
  return isRefusal && error.options.ambiguous !== true && error.options.repeated !== true;
}

/** Throws where an expression is wanted: `read(answer) ?? fail(…)`. */
export function fail(error: ClientError): never {
  throw error;
}
