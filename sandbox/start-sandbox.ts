import { CLUSTER_MODULE } from "./binaries/modules";
import { allOrNothing, type BroughtUp, bringUp, type Parts, type SandboxOptions, type Start } from "./bring-up";
import { downCommand } from "./commands";
import { prepareAudit } from "./control-plane/audit";
import { createCredentials } from "./control-plane/credentials";
import { type ControlPlane, startControlPlane } from "./control-plane/start";
import { sandboxFolder } from "./folders";
import type { SamplePrograms } from "./images/catalogue";
import { chooseNode, type NodeWish } from "./node/choose";
import { prepareApiServer } from "./node/credentials";
import { ensureNodePrograms, type NodePrograms } from "./node/programs";
import { type NodeStart, startNode } from "./node/start";
import { discardNode } from "./node/stop";
import { REGISTRY, type StartedRegistries, startBothRegistries } from "./registries/start-both";
import { describeError, oneLine } from "./sandbox-error";
import { hasCluster, type NodeState, type RegistriesState, type SandboxState } from "./state";
import { addSystems, missingSystems } from "./systems/start";

/** A sandbox that is up. */
export type Sandbox = BroughtUp<SandboxState>;

/** Registries without a cluster. */
export type Registries = BroughtUp<RegistriesState>;

/**
 * Brings a sandbox up, or finds it up. It stays up when the caller ends. What a crash left under the same name is cleared away first.
 *
 * @throws SandboxError with what to do, and the signal's reason; nothing is left behind then.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { name = "default", node = false, systems = [] } = options;
  let nodePrograms: NodePrograms | undefined;
  const sandbox = await bringUp<SandboxState>(options, {
    programs: CLUSTER_MODULE.programs.map((program) => program.name),
    suits: (state): state is SandboxState => hasCluster(state) && (node !== true || state.node !== null),
    async prepare(ensure) {
      nodePrograms = await chooseNode(node, sandboxFolder(name), ensure);
    },
    start: (start) => startParts(start, options, nodePrograms),
    async complete(state, ensure) {
      const missing = missingSystems(state, systems);
      if (missing.length === 0) return state;
      const programs = state.node === null ? undefined : (nodePrograms ?? (await ensureNodePrograms(ensure)));
      return await addSystems(state, missing, { ...ensure, samples: programs && samplesOf(programs) });
    },
  });
  if (sandbox.reused && sandbox.state.node === null && node === "auto") {
    options.progress?.note(
      `No node: the sandbox "${name}" is up without one. Samples are deployed but do not run. ${downCommand(name)} makes way for one that has it.`,
    );
  }
  return sandbox;
}

async function startParts(
  start: Start,
  { node: wish = false, auditedUsers = [] }: SandboxOptions,
  programs: NodePrograms | undefined,
): Promise<Parts<SandboxState>> {
  const { folder } = start;
  const credentials = await createCredentials(folder);
  const context = `sandbox-${start.name}`;
  const apiServerFlags = [
    ...(await prepareAudit(folder, auditedUsers)),
    ...(programs === undefined ? [] : await prepareApiServer(folder, credentials.authority)),
  ];
  const [controlPlane, registries] = await allOrNothing<[ControlPlane, StartedRegistries]>(start.signal, (signal) => [
    startControlPlane({ ...start, signal, context, credentials, apiServerFlags }),
    startBothRegistries({ ...start, signal, tls: credentials.server, samples: programs && samplesOf(programs) }),
  ]);
  const parts = { context, ...controlPlane, ...registries };
  if (programs === undefined) return { ...parts, node: null };
  const { authority } = credentials;
  const { progress, signal } = start;
  return { ...parts, node: await tryNode({ state: { folder, ...parts }, authority, programs, progress, signal }, wish) };
}

/** A machine that seems fit for a node may still not be: with `auto` it goes on without. */
async function tryNode(start: NodeStart, wish: NodeWish): Promise<NodeState | null> {
  try {
    return await startNode(start);
  } catch (error) {
    start.signal?.throwIfAborted();
    if (wish === true) throw error;
    await discardNode(start.state.folder);
    start.progress.note(`No node: it did not start, so samples are deployed but do not run. ${oneLine(describeError(error))}`);
    return null;
  }
}

function samplesOf({ programs, nginx }: NodePrograms): SamplePrograms {
  return { staticWeb: programs.get("static-web") ?? "", nginx };
}

/**
 * Brings up only the registries and the Bluemix emulator, for a cluster of the user's own: only `registry` has to be built. A sandbox
 * of that name that is up in full does as well.
 *
 * @throws as {@link startSandbox}
 */
export function startRegistries(options: SandboxOptions = {}): Promise<Registries> {
  return bringUp<RegistriesState>(options, {
    programs: [REGISTRY],
    suits: (state): state is RegistriesState => state.version === 1,
    async start(start) {
      const { authorityFiles, server } = await createCredentials(start.folder);
      return { caFile: authorityFiles.certificate, ...(await startBothRegistries({ ...start, tls: server })) };
    },
  });
}
