import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { arch, platform } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ClientError } from "../lib/clients/client-error";
import { createHttpClient } from "../lib/clients/http";
import { SandboxError } from "./sandbox-error";

/** The version that the stand-in stands for. */
const STAND_IN_VERSION = "2.38.0";
/** The default hosts of Terraform and of OpenTofu: the same source without a host means either. */
const HOSTS = ["registry.terraform.io", "registry.opentofu.org"];
/** Milliseconds for the registry to say that it has the provider, and where. */
const REGISTRY_TIMEOUT = 3_000;

/** Which provider plays hashicorp/kubernetes. */
export type KubernetesProvider =
  /** The real one, as a file that `KUBERNETES_PROVIDER` names. */
  | { readonly kind: "real-binary"; readonly path: string; readonly version: string }
  /** The real one: the engine downloads it. */
  | { readonly kind: "registry"; readonly host: string }
  /** Ours, from sandbox/kubernetes-provider; `why` says why not the real one, as part of a sentence. */
  | { readonly kind: "stand-in"; readonly version: string; readonly why: string };

/** How to choose. */
export interface ChooseOptions {
  /** The engine's default registry. @default "registry.terraform.io" */
  readonly host?: string;
  /** Where that registry is. @default - `https://<host>` */
  readonly url?: string;
  readonly signal?: AbortSignal;
}

/**
 * The real provider wherever it is there: `KUBERNETES_PROVIDER` names its file, or the registry answers; else the stand-in.
 * Asks the registry for at most three seconds.
 *
 * @throws SandboxError where `KUBERNETES_PROVIDER` names no executable file
 */
export async function chooseKubernetesProvider(
  env: { readonly [name: string]: string | undefined },
  options: ChooseOptions = {},
): Promise<KubernetesProvider> {
  const file = env.KUBERNETES_PROVIDER;
  if (file) return { kind: "real-binary", path: executable(file), version: versionOf(file) };
  const host = options.host ?? "registry.terraform.io";
  const fault = await askRegistry(options.url ?? `https://${host}`, env, options.signal);
  if (fault === undefined) return { kind: "registry", host };
  return { kind: "stand-in", version: STAND_IN_VERSION, why: `${host} does not serve it here (${fault})` };
}

/**
 * Looks at `KUBERNETES_PROVIDER` alone, before anything is started.
 *
 * @throws SandboxError where it names no executable file
 */
export function checkKubernetesProvider(env: { readonly [name: string]: string | undefined }): void {
  if (env.KUBERNETES_PROVIDER) executable(env.KUBERNETES_PROVIDER);
}

/** One line for the user: which provider plays hashicorp/kubernetes, and why. */
export function describeKubernetesProvider(provider: KubernetesProvider): string {
  switch (provider.kind) {
    case "real-binary": {
      const guessed = versionInName(provider.path) === undefined ? ", taken for that version since its name has none" : "";
      return `hashicorp/kubernetes ${provider.version}, the real one: ${provider.path} (KUBERNETES_PROVIDER${guessed})`;
    }
    case "registry":
      return `hashicorp/kubernetes, the real one, from ${provider.host}`;
    case "stand-in":
      return `the offline stand-in for hashicorp/kubernetes ${provider.version}, since ${provider.why}; KUBERNETES_PROVIDER=FILE names a real one`;
  }
}

/** What {@link writeCliConfig} takes. */
export interface CliConfigOptions {
  /** Gets the file and the mirror; one for each provider in use, so that a lock file never sees two builds of one version. */
  readonly folder: string;
  /** The stand-in, or a real one: `…/terraform-provider-kubernetes_v2.38.0`. @default - the engine downloads the provider */
  readonly kubernetesProviderBinary?: string;
  /** Has the engine run the file itself, and warn of it at every command. @default false */
  readonly devOverride?: boolean;
}

/**
 * Writes a CLI configuration for Terraform and OpenTofu (for `TF_CLI_CONFIG_FILE`), and the filesystem mirror that it names.
 *
 * The mirror alone is enough for `init`, `plan` and `apply` under either engine. An override adds a warning to every command and
 * spares a new `init` after each build of the provider; `init` itself ignores it and takes the mirror.
 *
 * @returns the configuration's path
 */
export function writeCliConfig({ folder, kubernetesProviderBinary, devOverride }: CliConfigOptions): string {
  const path = join(resolve(folder), "terraform.rc");
  const lines = ["disable_checkpoint = true"];
  if (kubernetesProviderBinary !== undefined) {
    const binary = executable(kubernetesProviderBinary);
    const mirror = join(resolve(folder), "mirror");
    for (const host of HOSTS) addToMirror(mirror, host, binary);
    lines.push(...providerInstallation(mirror, devOverride ? dirname(binary) : undefined));
  }
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, (temporary) => writeFileSync(temporary, `${lines.join("\n")}\n`));
  return path;
}

/** An explicit `provider_installation` takes the place of the places where the engine looks by itself: a stack's own folder is one. */
function providerInstallation(mirror: string, override: string | undefined): readonly string[] {
  const sources = HOSTS.map((host) => `${host}/hashicorp/kubernetes`);
  const list = JSON.stringify(sources);
  const overrides = sources.map((source) => `    ${JSON.stringify(source)} = ${JSON.stringify(override)}`);
  const own = ["registry.terraform.io/registry-access/*"];
  return [
    "provider_installation {",
    ...(override === undefined ? [] : ["  dev_overrides {", ...overrides, "  }"]),
    `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror)}\n    include = ${list}\n  }`,
    `  filesystem_mirror {\n    path    = "terraform.d/plugins"\n    include = ${JSON.stringify(own)}\n  }`,
    `  direct {\n    exclude = ${JSON.stringify([...sources, ...own])}\n  }`,
    "}",
  ];
}

function addToMirror(mirror: string, host: string, binary: string): void {
  const version = versionOf(binary);
  const folder = join(mirror, host, "hashicorp", "kubernetes", version, `${osName()}_${archName()}`);
  const path = join(folder, `terraform-provider-kubernetes_v${version}`);
  if (existsSync(path) && readFileSync(path).equals(readFileSync(binary))) return;
  mkdirSync(folder, { recursive: true });
  writeWhole(path, (temporary) => copyFileSync(binary, temporary));
}

function writeWhole(path: string, write: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.tmp`;
  write(temporary);
  renameSync(temporary, path);
}

/** The version in a provider's file name, as its publisher names it: `terraform-provider-kubernetes_v2.38.0_x5`. */
function versionInName(file: string): string | undefined {
  return /_v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)/.exec(basename(file))?.[1];
}

function versionOf(file: string): string {
  return versionInName(file) ?? STAND_IN_VERSION;
}

function executable(file: string): string {
  try {
    accessSync(file, constants.X_OK);
    if (statSync(file).isFile()) return resolve(file);
  } catch {
    // Said below.
  }
  throw new SandboxError(
    `${JSON.stringify(file)} is not a file that can be run. KUBERNETES_PROVIDER names the executable of hashicorp/kubernetes, such as "terraform-provider-kubernetes_v${STAND_IN_VERSION}".`,
  );
}

/** Undefined where the registry has the provider and the place it sends to answers as well; else what was wrong. */
async function askRegistry(
  url: string,
  env: { readonly [name: string]: string | undefined },
  stopped: AbortSignal | undefined,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(REGISTRY_TIMEOUT);
  const signal = stopped === undefined ? timeout : AbortSignal.any([timeout, stopped]);
  const options = { env, timeouts: { connect: REGISTRY_TIMEOUT, total: REGISTRY_TIMEOUT } };
  try {
    const registry = createHttpClient({ ...options, baseUrl: url });
    const path = `/v1/providers/hashicorp/kubernetes/${STAND_IN_VERSION}/download/${osName()}/${archName()}`;
    const answer = (await registry.request({ method: "GET", path, signal })).json() as { readonly download_url?: string };
    await registry.close();
    const download = new URL(answer.download_url ?? "");
    const files = createHttpClient({ ...options, baseUrl: download.origin });
    await files.request({ method: "HEAD", path: download.pathname, signal, expect: [200, 302, 307, 405] });
    await files.close();
    return undefined;
  } catch (error) {
    stopped?.throwIfAborted();
    if (timeout.aborted) return `no answer within ${REGISTRY_TIMEOUT / 1000} seconds`;
    return ClientError.is(error) ? error.code : String(error);
  }
}

function osName(): string {
  return platform() === "win32" ? "windows" : platform();
}

function archName(): string {
  return { x64: "amd64", ia32: "386" }[arch() as string] ?? arch();
}
