/** What a fault does. `acts` says whether the service does its work before, so that only the answer is lost: the worst of both. */
type Effect =
  | { readonly kind: "status"; readonly status: number; readonly headers?: { readonly [name: string]: string } }
  | { readonly kind: "down" }
  | { readonly kind: "reset"; readonly acts: boolean }
  | { readonly kind: "stall" | "half" | "text" | "huge" | "redirect" };

/** One fault. */
export interface Fault {
  readonly effect: Effect;
  /** Whether it also strikes every later call of the kind. @default - that one call alone */
  readonly forever?: true;
}

const RETRY_AFTER_SECONDS = 1;

/** All faults by name, in the order of the tables that are made of them. */
export const FAULTS = {
  "401": { effect: { kind: "status", status: 401 } },
  "403": { effect: { kind: "status", status: 403 } },
  "404": { effect: { kind: "status", status: 404 } },
  "409": { effect: { kind: "status", status: 409 } },
  "410": { effect: { kind: "status", status: 410 } },
  "429 with Retry-After": { effect: { kind: "status", status: 429, headers: { "retry-after": `${RETRY_AFTER_SECONDS}` } } },
  "500, then well": { effect: { kind: "status", status: 500 } },
  "503 for ever": { effect: { kind: "status", status: 503 }, forever: true },
  "down, refused": { effect: { kind: "down" }, forever: true },
  "reset before": { effect: { kind: "reset", acts: false } },
  "reset after": { effect: { kind: "reset", acts: true } },
  "stalled answer": { effect: { kind: "stall" } },
  "half a body": { effect: { kind: "half" } },
  "not JSON": { effect: { kind: "text" } },
  redirect: { effect: { kind: "redirect" } },
  "huge body": { effect: { kind: "huge" } },
} as const satisfies { readonly [name: string]: Fault };

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** Whether the service does its work before the fault strikes. */
export function actsBefore({ effect }: Fault): boolean {
  return effect.kind === "reset" ? effect.acts : ["stall", "half", "text", "huge"].includes(effect.kind);
}
