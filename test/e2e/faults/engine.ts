import type { Run } from "../support/terraform";
import type { Configuration } from "./configuration";

/** What carries out the commands of a lane: a real Terraform, or what calls the provider as Terraform does (bare/). All print lines of JSON. */
export interface Engine {
  readonly name: EngineName;
  /** What the next command reads. */
  write(configuration: Configuration): void;
  /** Exit code 0: nothing is to change, 2: something is. */
  plan(): Promise<Run>;
  apply(): Promise<Run>;
  planDestroy(): Promise<Run>;
  destroy(): Promise<Run>;
  /** Reads the data source and opens the ephemeral resource. */
  lookUp(): Promise<Run>;
  /** Empty where nothing was applied yet. */
  state(): Promise<StateFile>;
  remove(): void;
}

/** `bare` is far cheaper: it meets everything, and Terraform a part of it, which has to end alike. */
export type EngineName = "terraform" | "bare";

/** A state as Terraform stores it, as far as it is looked at. */
export interface StateFile {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly { readonly deposed?: string; readonly attributes: { readonly [name: string]: unknown } }[];
  }[];
}
