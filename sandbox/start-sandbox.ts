import { CLUSTER_MODULE } from "./binaries/modules";
import { allOrNothing, type BroughtUp, bringUp, type SandboxOptions } from "./bring-up";
import { createCredentials } from "./control-plane/credentials";
import { type ControlPlane, startControlPlane } from "./control-plane/start";
import { REGISTRY, type StartedRegistries, startBothRegistries } from "./registries/start-both";
import { hasCluster, type RegistriesState, type SandboxState } from "./state";

/** A sandbox that is up. */
export type Sandbox = BroughtUp<SandboxState>;

/** Registries without a cluster. */
export type Registries = BroughtUp<RegistriesState>;

/**
 * Brings a sandbox up, or finds it up. It stays up when the caller ends. What a crash left under the same name is cleared away first.
 *
 * @throws SandboxError with what to do, and the signal's reason; nothing is left behind then.
 */
export function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return bringUp<SandboxState>(options, {
    programs: CLUSTER_MODULE.programs.map(({ name }) => name),
    suits: hasCluster,
    async start(start) {
      const credentials = await createCredentials(start.folder);
      const context = `sandbox-${start.name}`;
      const [controlPlane, registries] = await allOrNothing<[ControlPlane, StartedRegistries]>(start.signal, (signal) => [
        startControlPlane({ ...start, signal, context, credentials }),
        startBothRegistries({ ...start, signal, tls: credentials.server }),
      ]);
      return { context, ...controlPlane, ...registries };
    },
  });
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
