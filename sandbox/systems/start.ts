import { readFile, rm } from "node:fs/promises";
import { ensureBinaries } from "../binaries/ensure";
import { CLUSTER_MODULE } from "../binaries/modules";
import { allOrNothing } from "../bring-up";
import type { KeyPair } from "../certificates";
import type { SamplePrograms } from "../images/catalogue";
import { addRegistryHost } from "../node/registry-hosts";
import { PortTakenError } from "../process/ports";
import { recordFolder } from "../process/records";
import { stopProcesses } from "../process/stop";
import { during, type Progress } from "../progress/progress";
import { REGISTRY } from "../registries/start-both";
import { SandboxError } from "../sandbox-error";
import type { SandboxState } from "../state";
import { SYSTEMS, startedSystems } from "./registered";
import type { StartedSystems, SystemName, SystemStates } from "./states";
import type { System, SystemStart } from "./system";

const TRIES = 5;

/** What systems are added to a sandbox with. */
export interface SystemsStart {
  readonly samples: SamplePrograms | undefined;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** The wanted systems that a sandbox does not have yet. */
export function missingSystems(state: SandboxState, wanted: readonly SystemName[]): SystemName[] {
  return [...new Set(wanted)].filter((name) => state.systems[name] === undefined);
}

/**
 * Adds systems to a sandbox that is up, one that was up for long included: nothing else of it is touched.
 *
 * @throws what failed; nothing of these systems runs then
 */
export async function addSystems(
  sandbox: SandboxState,
  missing: readonly SystemName[],
  { samples, progress, signal = new AbortController().signal }: SystemsStart,
): Promise<SandboxState> {
  const programs = CLUSTER_MODULE.programs.filter(({ name }) => name === REGISTRY);
  const registryProgram = String((await ensureBinaries({ ...CLUSTER_MODULE, programs }, { progress, signal })).get(REGISTRY));
  const common = { sandbox, registryProgram, samples, progress, authority: await readAuthority(sandbox.caFile) };
  try {
    const added = await allOrNothing<StartedSystems[]>(signal, (inner) =>
      missing.map((name) => startSystem(name, { ...common, signal: inner })),
    );
    return { ...sandbox, systems: Object.assign({}, sandbox.systems, ...added) };
  } catch (error) {
    for (const name of missing) await stopSystem(name, sandbox.folder);
    throw error;
  }
}

/** On other ports where the node can't have one of them: a connection of the node's own may have it. */
async function startSystem(name: SystemName, start: SystemStart): Promise<StartedSystems> {
  const system: System<SystemStates[SystemName]> = SYSTEMS[name];
  return await during(start.progress, system.title, async () => {
    for (let attempt = 1; ; attempt++) {
      const started: StartedSystems = { [name]: await system.start(start) };
      try {
        if (start.sandbox.node !== null) await tellNode(start.sandbox, started);
        return started;
      } catch (error) {
        if (!(error instanceof PortTakenError)) throw error;
        if (attempt === TRIES) throw new SandboxError(error.message);
        await stopSystem(name, start.sandbox.folder);
      }
    }
  });
}

async function stopSystem(name: SystemName, folder: string): Promise<void> {
  for (const process of SYSTEMS[name].processes) {
    await stopProcesses(folder, process);
    await rm(recordFolder(folder, process), { recursive: true, force: true });
  }
}

/** The node pulls from their hosts, and asks for tokens where those hosts say. */
async function tellNode(sandbox: SandboxState, systems: StartedSystems): Promise<void> {
  for (const host of startedSystems(systems).flatMap((system) => system.registryHosts())) await addRegistryHost(sandbox, host);
}

async function readAuthority(caFile: string): Promise<KeyPair> {
  return { certificate: await readFile(caFile, "utf8"), key: await readFile(caFile.replace(/\.crt$/, ".key"), "utf8") };
}
