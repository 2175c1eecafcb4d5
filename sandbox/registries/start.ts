import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { writePrivateFile } from "../files";
import { send } from "../http";
import type { CatalogueEntry } from "../images/catalogue";
import { pushImage } from "../images/push";
import { launch } from "../process/launch";
import { LOOPBACK, onFreePorts } from "../process/ports";
import { waitUntilReady } from "../process/ready";
import { formatRegistryConfiguration, MARK_HEADER } from "./configuration";
import { signAccessToken, type TokenAuthentication, type TokenSigningFiles } from "./token-signing";

/** A registry that serves. */
export interface RegistryEndpoint {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `127.0.0.1:PORT`: the registry host in image references. */
  readonly host: string;
}

/** What a registry is started with. */
export interface RegistryStart {
  readonly folder: string;
  /** Of its process, log and storage: `registry-private`. */
  readonly name: string;
  /** The program. */
  readonly binary: string;
  readonly images: readonly CatalogueEntry[];
  /** @default - no login */
  readonly login?: { readonly authentication: TokenAuthentication; readonly signing: TokenSigningFiles };
  readonly signal?: AbortSignal | undefined;
}

/** Starts a registry and fills it with images. */
export async function startRegistry(start: RegistryStart): Promise<RegistryEndpoint> {
  const { folder, name, login, signal } = start;
  const endpoint = await onFreePorts(1, async ([port = 0]) => {
    const file = join(folder, `${name}.json`);
    const mark = randomUUID();
    const storage = join(folder, name);
    await writePrivateFile(file, formatRegistryConfiguration({ port, mark, storage, authentication: login?.authentication }));
    const command = {
      command: start.binary,
      args: ["serve", file],
      // It would send traces to a collector on this machine otherwise.
      env: { OTEL_TRACES_EXPORTER: "none" },
    };
    const registry = launch(folder, name, command);
    const host = `${LOOPBACK}:${port}`;
    await waitUntilReady(registry, {
      signal,
      check: async () => {
        const { status, headers } = await send(`http://${host}/v2/`, { signal });
        return status === (login === undefined ? 200 : 401) && headers[MARK_HEADER] === mark;
      },
    });
    return { url: `http://${host}`, host };
  });
  const authorize = login && ((repository: string): string => `Bearer ${pushToken(login, repository)}`);
  for (const image of start.images) {
    await pushImage({ url: endpoint.url, signal, ...(authorize && { authorize }) }, image);
  }
  return endpoint;
}

/** A token of the private registry's for pushing to a repository and pulling from it. */
export function pushToken(login: NonNullable<RegistryStart["login"]>, repository: string): string {
  return signAccessToken(login.signing, login.authentication, [
    { type: "repository", name: repository, actions: ["pull", "push"] },
  ]);
}
