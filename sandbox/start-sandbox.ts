import { ensureBinaries } from "./binaries/ensure";
import { CLUSTER_MODULE } from "./binaries/modules";
import { allOrNothing, type BroughtUp, bringUp, type SandboxOptions } from "./bring-up";
import { createCredentials } from "./control-plane/credentials";
import { type ControlPlane, startControlPlane } from "./control-plane/start";
import { silentProgress } from "./progress/progress";
import { type StartedRegistries, startBothRegistries } from "./registries/start-both";
import { hasCluster, type RegistriesState, type SandboxState } from "./state";

/** A sandbox that is up. */
export type Sandbox = BroughtUp<SandboxState>;

/** Registries without a cluster. */
export type Registries = BroughtUp<RegistriesState>;

const REGISTRY = "registry";

/**
 * Brings a sandbox up, or finds it up. It stays up when the caller ends. What a crash left under the same name is cleared away first.
 *
 * @throws SandboxError with what to do, and the signal's reason; nothing is left behind then.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { progress = silentProgress, signal } = options;
  const binaries = await ensureBinaries(CLUSTER_MODULE, { progress, signal });
  return await bringUp(options, hasCluster, async (start) => {
    const credentials = await createCredentials(start.folder);
    const binary = String(binaries.get(REGISTRY));
    const context = `sandbox-${start.name}`;
    const [controlPlane, registries] = await allOrNothing<[ControlPlane, StartedRegistries]>(start.signal, (inner) => [
      startControlPlane({ ...start, signal: inner, binaries, context, credentials }),
      startBothRegistries({ ...start, signal: inner, binary, tls: credentials.server }),
    ]);
    return { context, ...controlPlane, ...registries };
  });
}

/**
 * Brings up only the registries and the Bluemix emulator, for a cluster of the user's own: only `registry` has to be built. A sandbox
 * of that name that is up in full does as well.
 *
 * @throws as {@link startSandbox}
 */
export async function startRegistries(options: SandboxOptions = {}): Promise<Registries> {
  const { progress = silentProgress, signal } = options;
  const programs = CLUSTER_MODULE.programs.filter(({ name }) => name === REGISTRY);
  const binaries = await ensureBinaries({ ...CLUSTER_MODULE, programs }, { progress, signal });
  const any = (state: RegistriesState): state is RegistriesState => state.version === 1;
  return await bringUp(options, any, async (start) => {
    const { authorityFiles, server } = await createCredentials(start.folder);
    const registries = await startBothRegistries({ ...start, binary: String(binaries.get(REGISTRY)), tls: server });
    return { caFile: authorityFiles.certificate, ...registries };
  });
}
