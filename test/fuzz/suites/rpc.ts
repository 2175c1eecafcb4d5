import fc from "fast-check";
import { processRedactor } from "../../../lib/domain/redaction";
import { createSession, type Session } from "../../../lib/provider/framework/call";
import type { Logger } from "../../../lib/provider/framework/definition";
import { equal } from "../../../lib/provider/framework/equal";
import { isUnknown } from "../../../lib/provider/framework/value";
import { decodeConfig, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { WireDiagnostic, WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { tfplugin6 } from "../../../lib/provider/protocol/tfplugin6";
import { createRegistryProvider } from "../../../lib/provider/registry-provider";
import { createProviderService } from "../../../lib/provider/rpc/service";
import { provider, pullSecret, registryToken, serviceAccountPatch } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { anyBytes, damaged } from "../support/bytes";
import { goOffline, NOWHERE } from "../support/offline";
import { type FuzzSuite, property } from "../support/property";
import { anyCall, requests, SECRET, SECRET_VARIABLE, wellFormedValue } from "../support/requests";
import { ensure, same } from "../support/texts";

/** Longer than anything takes that asks nobody. */
const HANG_UP_MS = 15;
const BUG = /^Bug in/;

interface Answer {
  readonly diagnostics?: readonly WireDiagnostic[];
  readonly plannedState?: WireDynamicValue | null;
}

let tried: readonly string[] = [];
const quiet = () => {};
const log: Logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
const definition = createRegistryProvider({
  environment: { [SECRET_VARIABLE]: SECRET },
  clock: () => new Date(Date.UTC(2026, 0, 1)),
  random: () => 0.5,
  randomBytes: (count) => Buffer.alloc(count, 7),
});
const newSession = (): Session<unknown> => createSession<unknown>(definition, log, processRedactor);

/** Sends a message as gRPC does, by its bytes. A request that can't be read is a status; else there is an answer. */
async function send(session: Session<unknown>, rpc: string, bytes: Buffer): Promise<Answer | "status"> {
  const service = createProviderService(session);
  const method = service.definition[rpc];
  if (method === undefined) throw new Error(`no RPC ${rpc}`);
  let request: object;
  try {
    request = method.requestDeserialize(bytes) as object;
  } catch {
    return "status";
  }
  return new Promise<Answer>((resolve, reject) => {
    let hangUp = quiet;
    const timer = setTimeout(() => hangUp(), HANG_UP_MS);
    const call = {
      request,
      on: (_: string, listener: () => void) => {
        hangUp = listener;
      },
    };
    const handler = service.implementation[rpc] as unknown as (
      call: object,
      callback: (error: unknown, answer: object) => void,
    ) => void;
    handler(call, (error, answer) => {
      clearTimeout(timer);
      if (error !== null) reject(error);
      else resolve(tfplugin6(`${rpc}.Response`).decode(method.responseSerialize(answer) as Buffer) as Answer);
    });
  });
}

/** What has to be so of every answer. */
function inspect(rpc: string, answer: Answer | "status"): void {
  if (answer === "status") return;
  for (const { severity, summary, detail } of answer.diagnostics ?? []) {
    ensure(severity === 1 || severity === 2, `${rpc}: severity ${severity}`);
    ensure(summary !== "" && detail.length > 20, `${rpc}: says nothing: ${summary}`);
    ensure(!summary.includes(SECRET) && !detail.includes(SECRET), `${rpc}: shows a secret: ${detail}`);
    ensure(!BUG.test(summary), `${rpc}: ${summary}: ${detail}`);
  }
}

async function isAlive(session: Session<unknown>): Promise<void> {
  const answer = (await send(session, "GetMetadata", Buffer.alloc(0))) as { readonly resources?: readonly object[] };
  same(answer.resources?.length, 3, "GetMetadata still answers");
}

const unconfigured = newSession();
const unknown = newSession();

function unknownConfig() {
  return { ...decodeConfig({ msgpack: Buffer.from([0xd4, 0, 0]) }, provider), owner: "stack/a" };
}

function encoded(rpc: string, request: object): Buffer {
  return tfplugin6(`${rpc}.Request`).encode(request);
}

const resource = fc.constantFrom<TypeSchema>(registryToken, pullSecret, serviceAccountPatch);
const create = resource.chain((schema) => wellFormedValue(schema).map((config) => [schema, config] as const));

/** Every RPC, in this process: with the bytes, and without the connection. */
export const rpc: FuzzSuite = {
  name: "rpc",
  async open() {
    tried = goOffline();
    const config = encodeObject(unknownConfig(), provider);
    inspect("ConfigureProvider", await send(unknown, "ConfigureProvider", encoded("ConfigureProvider", { config })));
  },
  properties: [
    property("a provider whose services are not known yet answers every message", 9_000, anyCall, async ([name, request]) => {
      if (name === "ConfigureProvider") return;
      inspect(name, await send(unknown, name, encoded(name, request)));
    }),
    property("a provider that is not configured answers every message", 4_000, anyCall, async ([name, request]) => {
      if (name === "ConfigureProvider") return;
      const answer = await send(unconfigured, name, encoded(name, request));
      if (answer !== "status") for (const { detail } of answer.diagnostics ?? []) ensure(!detail.includes(SECRET), detail);
      await isAlive(unconfigured);
    }),
    property(
      "a provider of any configuration answers every message, also when the caller hangs up",
      1_500,
      fc.tuple(requests.ConfigureProvider ?? fc.constant({}), fc.array(anyCall, { minLength: 1, maxLength: 2 })),
      async ([configuration, calls]) => {
        const session = newSession();
        const configured = await send(session, "ConfigureProvider", encoded("ConfigureProvider", configuration));
        inspect("ConfigureProvider", configured);
        if (!session.isConfigured()) return;
        for (const [name, request] of calls) inspect(name, await send(session, name, encoded(name, request)));
        for (const address of tried) ensure(address.includes("127.0.0.1") || address.includes(NOWHERE), `tried ${address}`);
      },
    ),
    property(
      "bytes that are no message are refused, and the next message is answered",
      4_000,
      fc.tuple(
        fc.constantFrom(...Object.keys(requests).filter((name) => name !== "ConfigureProvider")),
        fc.oneof(anyBytes, damaged(anyCall.map(([name, request]) => encoded(name, request)))),
      ),
      async ([name, bytes]) => {
        const answer = await send(unknown, name, Buffer.from(bytes));
        inspect(name, answer);
        await isAlive(unknown);
      },
    ),
    property("a planned create is what was configured, without its secrets", 4_000, create, async ([schema, config]) => {
      const none = { msgpack: Buffer.from([0xc0]) };
      const answer = await send(
        unknown,
        "PlanResourceChange",
        encoded("PlanResourceChange", { typeName: schema.name, config, priorState: none, proposedNewState: config }),
      );
      ensure(answer !== "status", "read");
      inspect("PlanResourceChange", answer);
      if (answer.diagnostics?.some(({ severity }) => severity === 1)) return;
      const msgpack = answer.plannedState?.msgpack ?? new Uint8Array();
      ensure(!Buffer.from(msgpack).includes(SECRET), "a secret is planned");
      const planned = decodeConfig({ msgpack }, schema);
      const configured = decodeConfig(config, schema);
      for (const [name, attribute] of Object.entries(schema.attributes)) {
        const wanted = configured[name] ?? null;
        if (attribute.writeOnly) same(planned[name], null, name);
        else if (wanted !== null && !("nesting" in attribute) && !isUnknown(wanted))
          ensure(equal(planned[name], wanted), `${name} departs from the configuration`);
      }
    }),
  ],
};
