import { readFileSync } from "node:fs";
import fc from "fast-check";
import { tfplugin6 } from "../../../lib/provider/protocol/tfplugin6";
import { createRegistryProvider } from "../../../lib/provider/registry-provider";
import { buildProvider } from "../../../scripts/build-provider";
import { connect, type Handshaken, handshake, type ProviderClient } from "../../provider/client";
import { anyBytes, damaged } from "../support/bytes";
import { SECRET, SECRET_VARIABLE } from "../support/configurations";
import { type FuzzSuite, property } from "../support/property";
import { anyCall } from "../support/requests";
import { ensure, same } from "../support/texts";

/** More than the provider needs: what a few bytes could fill would be beyond it. */
const MEGABYTES = 400;
/** Unconfigured, it asks nobody; stopped, it would answer no more. */
const LEFT_OUT = ["ConfigureProvider", "StopProvider"];

let provider: Handshaken;
let client: ProviderClient;

/** Sends bytes as they are. The answer, or the name of the status. */
async function send(
  rpc: string,
  bytes: Buffer,
): Promise<{ readonly diagnostics?: readonly { readonly detail: string }[] } | string> {
  const raw = { encode: () => bytes, decode: () => ({}) };
  try {
    return await client.unary(`/tfplugin6.Provider/${rpc}`, raw, tfplugin6(`${rpc}.Response`), {});
  } catch (error) {
    ensure(typeof error === "object" && error !== null && "code" in error, "a status");
    ensure(error.code !== 14, `${rpc}: the provider is gone: ${provider.stderr().slice(-500)}`);
    return `status ${error.code}`;
  }
}

/** The real program behind its real connection: what goes in is bytes, what comes out is an answer or a status. */
export const server: FuzzSuite = {
  name: "server",
  async open() {
    const binary = await buildProvider("registry");
    if (binary === undefined) throw new Error("the provider has no source");
    // Whatever it tried would end at a proxy that is not there.
    const nowhere = "http://127.0.0.1:1";
    const env = { HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, NO_PROXY: "", NODE_OPTIONS: "", [SECRET_VARIABLE]: SECRET };
    provider = await handshake(binary, { env });
    client = connect(provider);
  },
  properties: [
    property(
      "the program answers every message, and the next one",
      1_500,
      fc.tuple(anyCall, fc.boolean(), damaged(anyBytes)),
      async ([[rpc, request], isBroken, noise]) => {
        if (LEFT_OUT.includes(rpc)) return;
        const answer = await send(rpc, isBroken ? Buffer.from(noise) : tfplugin6(`${rpc}.Request`).encode(request));
        if (typeof answer === "object")
          for (const { detail } of answer.diagnostics ?? []) ensure(!detail.includes(SECRET), detail);
        const { resources } = await client.call<{ resources: object[] }>("GetMetadata", {});
        same(resources.length, createRegistryProvider().resources.length, "GetMetadata still answers");
      },
    ),
  ],
  async close() {
    // Elsewhere than on Linux the bound of the memory is not looked at.
    const status = process.platform === "linux" ? readFileSync(`/proc/${provider.process.pid}/status`, "utf8") : "";
    const peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
    same(await client.shutdown(), 0, "left well");
    ensure(!provider.stderr().includes(SECRET), "the log shows a secret");
    ensure(peak < MEGABYTES, `the program took ${Math.round(peak)} MB`);
  },
};
