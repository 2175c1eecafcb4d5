import fc from "fast-check";
import { processRedactor } from "../../../lib/domain/redaction";
import { createSession, type Session } from "../../../lib/provider/framework/call";
import type { Logger } from "../../../lib/provider/framework/definition";
import { equal } from "../../../lib/provider/framework/equal";
import { isUnknown } from "../../../lib/provider/framework/value";
import { decodeConfig, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import { createRegistryProvider } from "../../../lib/provider/registry-provider";
import { provider } from "../../../lib/schema";
import { anyBytes, damaged } from "../support/bytes";
import { RESOURCES, SECRET, SECRET_VARIABLE } from "../support/configurations";
import { goOffline, NOWHERE } from "../support/offline";
import { type FuzzSuite, property } from "../support/property";
import { createReach } from "../support/reach";
import { anyCall, configured, requests } from "../support/requests";
import { encodeRequest, hasFailed, inspect, send } from "../support/session";
import { ensure, same } from "../support/texts";

/** How often each operation has to be called in a full run: about a third of what it is. Fewer, and the door is all that is tried. */
const FLOORS = {
  "plan of resource registry_token": 300,
  "plan of resource registry_pull_secret": 300,
  "plan of resource registry_service_account_patch": 300,
  "read of resource registry_token": 30,
  "read of resource registry_pull_secret": 12,
  "read of resource registry_service_account_patch": 18,
  "importState of resource registry_token": 20,
  "importState of resource registry_pull_secret": 20,
  "importState of resource registry_service_account_patch": 20,
  "read of data source registry_token": 25,
  "open of ephemeral resource registry_token": 25,
};

let tried: readonly string[] = [];
const quiet = () => {};
const log: Logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
const reach = createReach();
const definition = reach.count(
  createRegistryProvider({
    environment: { [SECRET_VARIABLE]: SECRET },
    clock: () => new Date(Date.UTC(2026, 0, 1)),
    random: () => 0.5,
    randomBytes: (count) => Buffer.alloc(count, 7),
  }),
);
const newSession = (): Session<unknown> => createSession<unknown>(definition, log, processRedactor);

async function isAlive(session: Session<unknown>): Promise<void> {
  const answer = (await send(session, "GetMetadata", Buffer.alloc(0))) as { readonly resources?: readonly object[] };
  same(answer.resources?.length, definition.resources.length, "GetMetadata still answers");
}

const unconfigured = newSession();
const unknown = newSession();

function unknownConfig() {
  return { ...decodeConfig({ msgpack: Buffer.from([0xd4, 0, 0]) }, provider), owner: "stack/a" };
}

const create = fc.constantFrom(...RESOURCES).chain((schema) => configured(schema).map((config) => [schema, config] as const));

/** Every RPC, in this process: with the bytes, and without the connection. */
export const rpc: FuzzSuite = {
  name: "rpc",
  async open() {
    tried = goOffline();
    const config = encodeObject(unknownConfig(), provider);
    inspect("ConfigureProvider", await send(unknown, "ConfigureProvider", encodeRequest("ConfigureProvider", { config })));
  },
  notes: reach.lines,
  unreached: (share) => reach.below(FLOORS, share),
  properties: [
    property("a provider whose services are not known yet answers every message", 9_000, anyCall, async ([name, request]) => {
      if (name === "ConfigureProvider") return;
      inspect(name, await send(unknown, name, encodeRequest(name, request)), false);
    }),
    property("a provider that is not configured answers every message", 4_000, anyCall, async ([name, request]) => {
      if (name === "ConfigureProvider") return;
      const answer = await send(unconfigured, name, encodeRequest(name, request));
      if (answer !== "status") for (const { detail } of answer.diagnostics ?? []) ensure(!detail.includes(SECRET), detail);
      await isAlive(unconfigured);
    }),
    property(
      "a provider of any configuration answers every message, also when the caller hangs up",
      1_500,
      fc.tuple(requests.ConfigureProvider ?? fc.constant({}), fc.array(anyCall, { minLength: 1, maxLength: 2 })),
      async ([configuration, calls]) => {
        const session = newSession();
        const configured = await send(session, "ConfigureProvider", encodeRequest("ConfigureProvider", configuration));
        inspect("ConfigureProvider", configured);
        if (!session.isConfigured()) return;
        for (const [name, request] of calls) inspect(name, await send(session, name, encodeRequest(name, request)), false);
        for (const address of tried) ensure(address.includes("127.0.0.1") || address.includes(NOWHERE), `tried ${address}`);
      },
    ),
    property(
      "bytes that are no message are refused, and the next message is answered",
      4_000,
      fc.tuple(
        fc.constantFrom(...Object.keys(requests)),
        fc.oneof(anyBytes, damaged(anyCall.map(([name, request]) => encodeRequest(name, request)))),
      ),
      async ([name, bytes]) => {
        const session = name === "ConfigureProvider" ? newSession() : unknown;
        const answer = await send(session, name, Buffer.from(bytes));
        inspect(name, answer, false);
        await isAlive(session);
      },
    ),
    property("a planned create is what was configured, without its secrets", 4_000, create, async ([schema, config]) => {
      const none = { msgpack: Buffer.from([0xc0]) };
      const answer = await send(
        unknown,
        "PlanResourceChange",
        encodeRequest("PlanResourceChange", { typeName: schema.name, config, priorState: none, proposedNewState: config }),
      );
      ensure(answer !== "status", "read");
      inspect("PlanResourceChange", answer);
      if (hasFailed(answer)) return;
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
