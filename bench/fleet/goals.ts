import type { FleetFigures } from "./figures";

/** A figure beside what it must not exceed. */
export interface Goal {
  /** `first apply`. */
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  /** How the limit comes about. */
  readonly rule: string;
}

/** The goals that are seconds and requests are meant for a fleet of so many, or fewer; what is larger is held against one a tenth as large. */
const FLEET = 1_000;
const MB_AT_10_000 = 300;
const MB = 150;
/** How much more ten times the namespaces may take. */
const TENFOLD = 11;

/** Whether a figure holds its goal. */
export const isMet = ({ measured, limit }: Goal): boolean => measured <= limit;

/**
 * The goals for one fleet.
 * @param tenth - figures of a fleet a tenth as large, measured alike; what grows is held against them. @default - not held
 */
export function goalsOf(figures: FleetFigures, tenth?: FleetFigures): readonly Goal[] {
  const { namespaces, ours, floor } = figures;
  const memory = namespaces > FLEET ? MB_AT_10_000 : MB;
  return [
    ...(namespaces > FLEET ? [] : ofFleet(figures)),
    goal("memory of the provider, MB", ours.rss_mb, memory, String(memory)),
    goal("state, bytes a namespace", ours.state_bytes / namespaces, 300, "300"),
    goal("synth", ours.synth_s, floor.synth_s + 1, "empty synth + 1 s"),
    ...(tenth ? growthOf(figures, tenth) : []),
  ];
}

function ofFleet({ ours, floor, hashicorp }: FleetFigures): readonly Goal[] {
  return [
    goal("first apply", ours.apply_s, 2 * (floor.raw_apply_s + floor.terraform_s), "2 × (raw writes + empty stack)"),
    ...(hashicorp ? [goal("first apply", ours.apply_s, hashicorp.apply_s / 30, "1/30 of hashicorp/kubernetes")] : []),
    goal("no-op plan", ours.plan_s, floor.terraform_s + 1, "empty stack + 1 s"),
    ...(hashicorp ? [goal("no-op plan", ours.plan_s, hashicorp.plan_s / 15, "1/15 of hashicorp/kubernetes")] : []),
    goal("plan of 3 edited namespaces", ours.repair_plan_s, ours.plan_s + 1, "no-op plan + 1 s"),
    goal("rotation everywhere", ours.rotate_s, ours.apply_s, "first apply"),
    goal("requests of a no-op plan", ours.requests_plan, 12, "12"),
  ];
}

/** What grows with the fleet, as it is told. */
const GROWING = {
  apply_s: "first apply",
  plan_s: "no-op plan",
  repair_plan_s: "plan of 3 edited namespaces",
  repair_s: "their repair",
  rotate_s: "rotation everywhere",
  requests_plan: "requests of a no-op plan",
  state_bytes: "state, bytes",
  synth_s: "synth",
} as const;

function growthOf({ ours }: FleetFigures, tenth: FleetFigures): readonly Goal[] {
  const rule = `${TENFOLD} × that of ${tenth.namespaces.toLocaleString("en")}`;
  return (Object.keys(GROWING) as (keyof typeof GROWING)[]).map((name) =>
    goal(GROWING[name], ours[name], TENFOLD * tenth.ours[name], rule),
  );
}

function goal(what: string, measured: number, limit: number, rule: string): Goal {
  return { what, measured: round(measured), limit: round(limit), rule };
}

const round = (value: number): number => Math.round(value * 100) / 100;
