/** How the namespaces are given: a `namespace_selector` means them, or `namespaces` names each. */
export type Given = "selector" | "names";

/** What `npm run bench -- fleet` tells. Seconds are wall-clock time of a whole command. */
export interface FleetFigures {
  readonly namespaces: number;
  readonly by: Given;
  readonly ours: OurFigures;
  readonly floor: FloorFigures;
  /** Null where `KUBERNETES_PROVIDER` names no real hashicorp/kubernetes. */
  readonly hashicorp: HashicorpFigures | null;
}

/** Of `registry_pull_secret` and `registry_service_account_patch` on all namespaces. */
export interface OurFigures {
  /** The first `apply`, with its plan: a Secret and the patch of ServiceAccount `default` in each namespace. */
  readonly apply_s: number;
  /** A `plan` that finds nothing to do. */
  readonly plan_s: number;
  /** A `plan` that finds three namespaces edited by hand, and changes those alone. */
  readonly repair_plan_s: number;
  /** One `apply` that finds three namespaces edited by hand and repairs them. */
  readonly repair_s: number;
  /** One `apply` that writes a new password everywhere. */
  readonly rotate_s: number;
  /** Requests of that `plan`, as the API server's audit log has them. */
  readonly requests_plan: number;
  /** The most memory that a process of the provider ever held (10⁶ bytes; `VmHWM` of proc(5)), over all commands. */
  readonly rss_mb: number;
  /** The size of the state file. */
  readonly state_bytes: number;
  /** The synthesis of a stack that names all namespaces, as a process of its own. */
  readonly synth_s: number;
}

/** What can't be undercut. */
export interface FloorFigures {
  /** The same writes by a bare loop over undici, at the concurrency that was the fastest. */
  readonly raw_apply_s: number;
  /** The same lists. */
  readonly raw_list_s: number;
  /** Terraform's `plan` of an empty configuration. */
  readonly terraform_s: number;
  /** The synthesis of an empty stack, with the same imports. */
  readonly synth_s: number;
}

/** Of hashicorp/kubernetes with one block per object. */
export interface HashicorpFigures {
  readonly apply_s: number;
  readonly plan_s: number;
}

/** The middle of several runs, figure by figure. */
export function medianFigures<Figures extends { readonly [Figure in keyof Figures]: number }>(runs: readonly Figures[]): Figures {
  const [first] = runs;
  if (first === undefined) throw new Error("There are no runs.");
  const names = Object.keys(first) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, middle(runs.map((run) => run[name]))])) as Figures;
}

/** Of an even number of values the lower of the two in the middle. */
export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** Milliseconds as seconds, to a hundredth. */
export const toSeconds = (milliseconds: number): number => Math.round(milliseconds / 10) / 100;
