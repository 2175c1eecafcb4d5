import type { ProxiedService } from "../../../sandbox/fault-proxy";
import type { Cluster } from "../support/cluster";
import type { Configuration } from "./configuration";
import type { StateFile } from "./engine";

/** Which of two configurations holds: an update leads from one to the other, and back. */
export type Variant = "a" | "b";

/** What a configuration is made of. */
export interface Wanted {
  readonly variant: Variant;
  /** Another one is another credential. */
  readonly generation: number;
  /** Where each service is, with the faults before it. */
  readonly urls: { readonly [service: string]: string };
}

/** What a case came to, seen from behind. */
export interface Moment {
  /** Everything Terraform printed. */
  readonly output: string;
  /** Whether all has to be as configured: after a run that went well. */
  readonly settled: "made" | "gone" | "between";
}

/** One lane's part of the world: the services that its configuration calls, and what has to hold of them. */
export interface Scene {
  /** Of every object of the provider's. */
  readonly owner: string;
  /** What faults are put before, by the name that calls are recorded under. */
  readonly services: { readonly [name: string]: ProxiedService };
  /** The provider's environment. */
  readonly env: { readonly [name: string]: string };
  /** What no output may hold, besides the variable `password`. */
  readonly secrets: readonly string[];
  /** Calls that are never made again where they may have been carried out, as `formatCall` writes them. */
  readonly neverTwice: readonly string[];
  /** Errors that can name no attribute, since nobody configures one. @default - there are none */
  readonly pathless?: RegExp;
  configure(wanted: Wanted): Configuration;
  /** Takes away behind the provider's back what it made, so that it has to be made again. */
  damage(): Promise<void>;
  /** What is wrong in the services and the state; nothing, where all holds that has to hold at any moment. */
  faultsOf(state: StateFile, moment: Moment): Promise<readonly string[]>;
}

/** Brings up a lane's part of the world, by the lane's name: lanes run side by side. */
export type OpenScene<S extends Scene = Scene> = (cluster: Cluster, name: string) => Promise<S>;

/** Whether an apply was begun. Where already the plan failed, Terraform keeps nothing of what it read: the state is older than what was done by hand. */
export function isApplied(output: string): boolean {
  return output.includes('"type":"apply_start"');
}

/** A destroy that failed leaves the state as it was: Terraform has no other way to keep what is left. */
export function isDestroying(output: string): boolean {
  return output.includes('"action":"delete"') && output.includes('"type":"apply_errored"');
}
