/**
 * What a fault does. `acts` says whether the service does its work before, so that only the answer is lost: the worst of both. `refuse` shuts
 * the port before the call comes, for so long, or for good.
 */
type Effect =
  | { readonly kind: "status"; readonly status: number; readonly headers?: { readonly [name: string]: string } }
  | { readonly kind: "refuse"; readonly milliseconds?: number }
  | { readonly kind: "reset"; readonly acts: boolean }
  | { readonly kind: "stall" | "stallWithin" | "half" | "text" | "shape" | "redirect" | "huge" };

/** One fault. */
export interface Fault {
  readonly effect: Effect;
  /** Whether it also strikes every later call of the kind. @default - that one call alone */
  readonly forever?: true;
}

const RETRY_AFTER_SECONDS = 1;
/** Less than any client of ours goes on trying. */
const REFUSED_MILLISECONDS = 150;

/** All faults by name, in the order of the tables that are made of them. */
export const FAULTS = {
  "401": { effect: { kind: "status", status: 401 } },
  "401 for ever": { effect: { kind: "status", status: 401 }, forever: true },
  "403": { effect: { kind: "status", status: 403 } },
  "404": { effect: { kind: "status", status: 404 } },
  "409": { effect: { kind: "status", status: 409 } },
  "410": { effect: { kind: "status", status: 410 } },
  "429 with Retry-After": { effect: { kind: "status", status: 429, headers: { "retry-after": `${RETRY_AFTER_SECONDS}` } } },
  "500, then well": { effect: { kind: "status", status: 500 } },
  "503 for ever": { effect: { kind: "status", status: 503 }, forever: true },
  "refused, then well": { effect: { kind: "refuse", milliseconds: REFUSED_MILLISECONDS } },
  "refused for ever": { effect: { kind: "refuse" } },
  "reset before": { effect: { kind: "reset", acts: false } },
  "reset after": { effect: { kind: "reset", acts: true } },
  "stalled answer": { effect: { kind: "stall" } },
  "stalled body": { effect: { kind: "stallWithin" } },
  "half a body": { effect: { kind: "half" } },
  "not JSON": { effect: { kind: "text" } },
  "JSON of another shape": { effect: { kind: "shape" } },
  redirect: { effect: { kind: "redirect" } },
  "huge body": { effect: { kind: "huge" } },
} as const satisfies { readonly [name: string]: Fault };

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** Whether the service does its work before the fault strikes. */
export function actsBefore({ effect }: Fault): boolean {
  return effect.kind === "reset" ? effect.acts : ["stall", "stallWithin", "half", "text", "shape", "huge"].includes(effect.kind);
}
