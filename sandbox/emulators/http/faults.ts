/** A fault that a test asks for; each request takes the first that fits it. */
export interface Fault {
  /** Only this listener. @default - every listener but the control's */
  readonly listener?: string;
  /** Only this method. @default - every method */
  readonly method?: string;
  /** Only paths that start so. @default - every path */
  readonly pathPrefix?: string;
  /** How often it strikes. @default 1 */
  readonly times?: number;
  /** Wait so long before anything else, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /** Answer with this status without acting. @default - the service acts as always */
  readonly status?: number;
  /** JSON body of that answer. @default - no body */
  readonly json?: unknown;
  /** Headers of that answer, such as `retry-after`. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Cut the connection: `before` the service acts, or `after` it has acted but before it answers. @default - answer */
  readonly drop?: "before" | "after";
}

/** The faults that wait for their request. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  take(listener: string, method: string, path: string): Fault | undefined;
}

/** Creates an empty list of faults. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times ?? 1 });
    },
    clear() {
      waiting = [];
    },
    take(listener, method, path) {
      const found = waiting.find(({ fault }) => strikes(fault, listener, method, path));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) waiting = waiting.filter((entry) => entry !== found);
      return found.fault;
    },
  };
}

function strikes(fault: Fault, listener: string, method: string, path: string): boolean {
  return (
    (fault.listener === undefined || fault.listener === listener) &&
    (fault.method === undefined || fault.method === method) &&
    path.startsWith(fault.pathPrefix ?? "")
  );
}
