import { randomBytes } from "node:crypto";
import type { Environment } from "../configuration/environment";

/** What the provider takes from the machine. */
export interface Runtime {
  readonly environment: Environment;
  readonly clock: () => Date;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Buffer;
}

/** The runtime of a real run. */
export const realRuntime: Runtime = {
  environment: process.env,
  clock: () => new Date(),
  random: Math.random,
  randomBytes,
};
