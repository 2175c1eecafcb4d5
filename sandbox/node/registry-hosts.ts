import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DEDICATED, REGIONAL } from "../bluemix/accounts";
import { writePrivateFile } from "../files";
import type { RegistriesState, SandboxState } from "../state";
import { registryHostsFolder } from "./paths";
import { loopbackPort, openPortToNode } from "./relay";

/** Where a registry host really is. */
export interface RegistryHost {
  /** As image references and pull secrets have it: `registry.ng.bluemix.net`. */
  readonly host: string;
  /** `http://127.0.0.1:PORT`, or with `https`. */
  readonly url: string;
  /** PEM file: signs the certificate that the registry shows. @default - what the machine trusts */
  readonly caFile?: string;
}

/** The hosts of the main job: the private registry plays IBM's, the public one plays Docker Hub. */
export function sandboxRegistryHosts({ registries }: Pick<RegistriesState, "registries">): RegistryHost[] {
  return [
    ...[...DEDICATED.hosts, ...REGIONAL.hosts].map((host) => ({ host, url: registries.private.url })),
    { host: "docker.io", url: registries.public.url },
  ];
}

/** Has a node's containerd find a registry host. It looks at each pull, so this works at any time. */
export async function writeRegistryHost(sandbox: string, { host, url, caFile }: RegistryHost): Promise<void> {
  const folder = join(registryHostsFolder(sandbox), host);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify;
  const ca = caFile === undefined ? "" : `  ca = ${text(caFile)}\n`;
  const configuration = `server = ${text(url)}\n\n[host.${text(url)}]\n  capabilities = ["pull", "resolve"]\n${ca}`;
  await writePrivateFile(join(folder, "hosts.toml"), configuration);
}

/**
 * Has the node of a sandbox find one more registry, on the host's loopback, under a host name. It looks at each pull anew, so this also
 * changes where a host is found.
 *
 * @throws SandboxError where its URL is not on the loopback address
 */
export async function addRegistryHost(state: SandboxState, registry: RegistryHost): Promise<void> {
  await openPortToNode(state.folder, loopbackPort(registry.url));
  await writeRegistryHost(state.folder, registry);
}
