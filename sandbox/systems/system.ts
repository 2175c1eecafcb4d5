import type { KeyPair } from "../certificates";
import type { SamplePrograms } from "../images/catalogue";
import type { Cell } from "../main-job/cell";
import type { RegistryHost } from "../node/registry-hosts";
import type { Progress } from "../progress/progress";
import type { RegistriesState, SandboxState } from "../state";
import type { SystemName } from "./states";

/** What a system is started with: a sandbox that is up, maybe for long, with a node where it has one. */
export interface SystemStart {
  readonly sandbox: SandboxState;
  /** The program `registry` (distribution). */
  readonly registryProgram: string;
  /** The sandbox's authority, whose certificate is `sandbox.caFile`. */
  readonly authority: KeyPair;
  /** What runs in the images. @default - nothing: they can only be pulled */
  readonly samples?: SamplePrograms | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A registry host of a system. */
export interface SystemRegistryHost extends RegistryHost {
  /** An image there, with the tag `latest`, that a pull is proved with: `team/app`. */
  readonly repository: string;
}

/** A credential system as a part of the sandbox. */
export interface System<State> {
  /** As a person reads it: `IBM Cloud`. */
  readonly title: string;
  /** Names of all its processes: they are ended where its start fails in a sandbox that goes on. */
  readonly processes: readonly string[];
  start(start: SystemStart): Promise<State>;
  /** Its hosts: the node finds them there, and so do `REGISTRY_ACCESS_ENDPOINTS` and the proof of a pull. */
  registryHosts(state: State): readonly SystemRegistryHost[];
  /** The systems beside it that its example deploys. @default - none */
  readonly exampleUses?: readonly SystemName[];
  /** What its example reads from the environment, secrets included. */
  variables(state: State, sandbox: RegistriesState): { readonly [name: string]: string };
  /** Rows of `sandbox status`: where it is. No secret. */
  describe(state: State): readonly (readonly [label: string, value: string])[];
  /** Looks whether what its example deployed does what it is for. @default - what the namespaces have says it all */
  prove?(state: State, wanted: Proving): Promise<Proof>;
}

/** What a proof is made with. */
export interface Proving {
  readonly sandbox: RegistriesState;
  /** The outputs of the stack that is proved, by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Where the registry hosts of all its systems are. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A table of what a system proves. */
export interface Proof {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
