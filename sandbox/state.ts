import { join } from "node:path";
import { readTextIfThere, writePrivateFile } from "./files";
import { sandboxFolder } from "./folders";
import type { ProcessIdentity } from "./process/identity";
import { readRecords } from "./process/records";
import type { RegistryEndpoint } from "./registries/start";
import type { StartedSystems } from "./systems/states";

/** The registries of a sandbox and what belongs to them: all there is where the cluster is the user's own. */
export interface RegistriesState {
  readonly version: 1;
  readonly name: string;
  /** Holds everything of the sandbox; only its owner may look into it. */
  readonly folder: string;
  /** PEM: signs the certificates of the API server, the emulator and the users. */
  readonly caFile: string;
  readonly registries: {
    /** Wants a token of the Bluemix emulator's token server. */
    readonly private: RegistryEndpoint;
    /** Plays Docker Hub: no login. */
    readonly public: RegistryEndpoint;
  };
  readonly bluemix: BluemixState;
  /** The systems that it was brought up with, or that were added to it, by name. */
  readonly systems: StartedSystems;
  /** The secrets of this sandbox; `readCredentials` reads them. */
  readonly credentialsFile: string;
  readonly processes: readonly ProcessState[];
}

/** A sandbox that was brought up, as its state file says it. No secret stands in it; those lie in the files it names. */
export interface SandboxState extends RegistriesState {
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** The context in it: `sandbox-NAME`. */
  readonly context: string;
  /** `https://127.0.0.1:PORT`. */
  readonly apiServer: string;
  /** Null where Pods are made but none runs. */
  readonly node: NodeState | null;
}

/** The node of a sandbox, in namespaces of its own: `fetchFromPod` asks its Pods, `openPortToNode` lets it reach a server of one's own. */
export interface NodeState {
  /** In the cluster. */
  readonly name: string;
  /** Inside; the host does not have it. */
  readonly address: string;
}

/** True for a sandbox with a cluster of its own. */
export function hasCluster(state: RegistriesState): state is SandboxState {
  return "kubeconfig" in state;
}

/** Where the Bluemix emulator listens. */
export interface BluemixState {
  /** By region: Cloud Foundry's API, login, and the registry's API (also `/v2/` of the private registry) on one origin. */
  readonly regions: {
    readonly dedicated: BluemixRegion;
    readonly "us-south": BluemixRegion;
  };
  /** `http://127.0.0.1:PORT/token`. */
  readonly realm: string;
  /** The port for tests to interfere by; `credentialsFile` has its secret. */
  readonly control: string;
}

/** A region of the emulator. */
export interface BluemixRegion {
  readonly url: string;
  /** The same with TLS, by the sandbox's CA. */
  readonly tlsUrl: string;
  /** The registry hosts that its tokens are for. */
  readonly hosts: readonly string[];
}

/** A process of a sandbox. */
export interface ProcessState extends ProcessIdentity {
  readonly name: string;
  readonly log: string;
}

const stateFile = (folder: string): string => join(folder, "state.json");

/** Writes the state of a sandbox that is up: whole or not at all. */
export async function writeState(state: RegistriesState): Promise<void> {
  await writePrivateFile(stateFile(state.folder), `${JSON.stringify(state, null, 2)}\n`);
}

/**
 * The state of the sandbox of that name; undefined where none was brought up, one only half, or one without a cluster. It says nothing
 * of whether its processes still run: `sandboxStatus` does.
 *
 * @throws SandboxError for an invalid name.
 */
export function readSandbox(name: string): SandboxState | undefined {
  const state = readState(name);
  return state !== undefined && hasCluster(state) ? state : undefined;
}

/** The same, also for registries without a cluster. */
export function readState(name: string): RegistriesState | undefined {
  const folder = sandboxFolder(name);
  const state = parseState(readTextIfThere(stateFile(folder)));
  return state && { ...state, processes: recordedProcesses(folder) };
}

/** The processes of a sandbox as they were last started: `restartProcess` gives one another process id. */
export function recordedProcesses(folder: string): ProcessState[] {
  return readRecords(folder).flatMap(({ name, log, identity }) => (identity === undefined ? [] : [{ name, ...identity, log }]));
}

/** Undefined also for a state that another version of ours wrote: such a sandbox is taken down and started anew. */
export function parseState(text: string | undefined): RegistriesState | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = JSON.parse(text) as Partial<RegistriesState>;
  return value.version === 1 ? ({ systems: {}, ...value } as RegistriesState) : undefined;
}
