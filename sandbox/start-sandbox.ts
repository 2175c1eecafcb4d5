import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureBinaries } from "./binaries/ensure";
import { CLUSTER_MODULE } from "./binaries/modules";
import { DEDICATED, drawCredentials, REGIONAL } from "./bluemix/accounts";
import { startBluemix } from "./bluemix/start";
import type { Binaries } from "./control-plane/commands";
import { type ControlPlaneCredentials, createCredentials } from "./control-plane/credentials";
import { startControlPlane } from "./control-plane/start";
import type { EmulatorUrls, ServiceUrls } from "./emulators/bluemix/emulator";
import { makePrivateFolder, sandboxFolder } from "./folders";
import { send } from "./http";
import { privateImages, publicImages } from "./images/catalogue";
import { withLock } from "./process/lock";
import { onFreePorts } from "./process/ports";
import { stopProcesses } from "./process/stop";
import { during, type Progress, silentProgress } from "./progress/progress";
import { trustTokenServer } from "./registries/login";
import { type RegistryEndpoint, startRegistry } from "./registries/start";
import { createTokenSigningKey } from "./registries/token-signing";
import { type BluemixRegion, type BluemixState, recordedProcesses, type SandboxState, writeState } from "./state";
import { sandboxStatus } from "./status";
import { lockFile, removeSandbox } from "./stop";

/** Options of {@link startSandbox}. */
export interface SandboxOptions {
  /** Several sandboxes stand side by side under several names. @default "default" */
  readonly name?: string;
  /** @default - nothing is told */
  readonly progress?: Progress;
  /** Aborting takes everything down that was started. */
  readonly signal?: AbortSignal | undefined;
}

/** A sandbox that is up. */
export interface Sandbox {
  readonly state: SandboxState;
  /** True where it was up already. */
  readonly reused: boolean;
}

/**
 * Brings a sandbox up, or finds it up. It stays up when the caller ends. What a crash left under the same name is cleared away first.
 *
 * @throws SandboxError with what to do, and the signal's reason; nothing is left behind then.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { name = "default", progress = silentProgress, signal } = options;
  const folder = sandboxFolder(name);
  const binaries = await ensureBinaries(CLUSTER_MODULE, { progress, signal });
  const onWait = ({ pid }: { readonly pid: number }): void =>
    progress.note(`Waiting for process ${pid}, which is at work on "${name}".`);
  return await withLock(lockFile(name), { signal, onWait }, async () => {
    const before = sandboxStatus(name);
    if (before.status === "up" && before.state !== null && (await answers(before.state))) {
      return { state: before.state, reused: true };
    }
    if (await removeSandbox(name)) {
      progress.note(`Cleared away what was left of the sandbox "${name}".`);
    }
    try {
      await makePrivateFolder(folder);
      const state = await startParts({ name, folder, binaries, progress, signal });
      await writeState(state);
      signal?.throwIfAborted();
      return { state, reused: false };
    } catch (error) {
      await removeSandbox(name);
      throw error;
    }
  });
}

interface Start {
  readonly name: string;
  readonly folder: string;
  readonly binaries: Binaries;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** All parts at once; where one fails the others are stopped and waited for, so that none starts anything behind our back. */
async function startParts(start: Start): Promise<SandboxState> {
  const { name, folder, progress } = start;
  const credentials = await createCredentials(folder);
  const failed = new AbortController();
  const signal = start.signal === undefined ? failed.signal : AbortSignal.any([start.signal, failed.signal]);
  const parts = { ...start, signal, credentials, context: `sandbox-${name}` };
  const started = [
    startControlPlane(parts),
    during(progress, "private registry and Bluemix emulator", () => startPrivateRegistry(parts)),
    during(progress, "public registry", () => startPublicRegistry(parts)),
  ] as const;
  for (const part of started) {
    part.catch((error: unknown) => failed.abort(error));
  }
  await Promise.allSettled(started);
  failed.signal.throwIfAborted();
  const [controlPlane, { registry, bluemix, credentialsFile }, publicRegistry] = await Promise.all(started);
  return {
    version: 1,
    name,
    folder,
    context: parts.context,
    ...controlPlane,
    registries: { private: registry, public: publicRegistry },
    bluemix,
    credentialsFile,
    processes: recordedProcesses(folder),
  };
}

/** The registry's challenge names the token server, and the emulator passes pulls on to the registry: each has to know the other's port. */
async function startPrivateRegistry(
  start: Start & { readonly credentials: ControlPlaneCredentials },
): Promise<{ registry: RegistryEndpoint; bluemix: BluemixState; credentialsFile: string }> {
  const { folder, signal } = start;
  const signing = await createTokenSigningKey(folder);
  const credentialsFile = join(folder, "credentials.json");
  const credentials = await drawCredentials(credentialsFile);
  const images = privateImages();
  return await onFreePorts(1, async ([tokenServerPort = 0]) => {
    await stopProcesses(folder, "registry-private");
    const authentication = trustTokenServer(tokenServerPort, signing);
    const binary = String(start.binaries.get("registry"));
    const login = { authentication, signing };
    const registry = await startRegistry({ folder, name: "registry-private", binary, images, login, signal });
    const tls = start.credentials.server;
    const parts = { folder, credentials, signing, authentication, tokenServerPort, tls, registryUrl: registry.url, images };
    const urls = await startBluemix(parts, signal);
    return { registry, bluemix: describeBluemix(urls, authentication.realm), credentialsFile };
  });
}

function startPublicRegistry({ folder, binaries, signal }: Start): Promise<RegistryEndpoint> {
  const binary = String(binaries.get("registry"));
  return startRegistry({ folder, name: "registry-public", binary, images: publicImages(), signal });
}

function describeBluemix(urls: EmulatorUrls, realm: string): BluemixState {
  const region = (name: string, hosts: readonly string[]): BluemixRegion => {
    const { url, tlsUrl }: Partial<ServiceUrls> = urls.regions[name] ?? {};
    if (url === undefined || tlsUrl === undefined) {
      throw new Error(`The Bluemix emulator says nothing of its region ${name}.`);
    }
    return { url, tlsUrl, hosts };
  };
  return {
    regions: { dedicated: region(DEDICATED.region, DEDICATED.hosts), "us-south": region(REGIONAL.region, REGIONAL.hosts) },
    realm,
    control: urls.control.url,
  };
}

/** Processes that run may still be stuck, for one after a machine slept: ask one that depends on etcd. */
async function answers({ apiServer, caFile }: SandboxState): Promise<boolean> {
  try {
    return (await send(`${apiServer}/readyz`, { tls: { ca: await readFile(caFile, "utf8") } })).status === 200;
  } catch {
    return false;
  }
}
