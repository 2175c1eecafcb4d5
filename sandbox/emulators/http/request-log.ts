/** One answered request. Neither headers, nor query, nor body: no credential can get in. */
export interface LoggedRequest {
  /** Counts up from 1 over all listeners of the emulator, in the order of arrival. */
  readonly sequence: number;
  /** Real time of arrival, ISO 8601 with milliseconds. */
  readonly time: string;
  /** Which listener took it: a region's name, `token-server`. */
  readonly listener: string;
  readonly method: string;
  readonly path: string;
  /** 0 while it is not answered, and where the connection was dropped. */
  status: number;
  /** What the route remarked, such as `issued <token id>` or `grant password`. */
  detail?: string;
}

/** The requests of one emulator, oldest first, at most the newest 10,000. */
export interface RequestLog {
  open(listener: string, method: string, path: string): LoggedRequest;
  list(afterSequence?: number): readonly LoggedRequest[];
  clear(): void;
}

const LIMIT = 10_000;

/** Creates an empty log. */
export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let sequence = 0;
  return {
    open(listener, method, path) {
      sequence += 1;
      const entry: LoggedRequest = { sequence, time: new Date().toISOString(), listener, method, path, status: 0 };
      entries.push(entry);
      if (entries.length > LIMIT) entries.shift();
      return entry;
    },
    list: (after = 0) => entries.filter((entry) => entry.sequence > after),
    clear() {
      entries = [];
    },
  };
}
