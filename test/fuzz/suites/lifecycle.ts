import fc from "fast-check";
import { ENTRIES_ANNOTATION } from "../../../lib/domain/pull-secret-entries";
import { processRedactor } from "../../../lib/domain/redaction";
import { createSession } from "../../../lib/provider/framework/call";
import type { Logger, ProviderDefinition } from "../../../lib/provider/framework/definition";
import { equal } from "../../../lib/provider/framework/equal";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeState, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { createRegistryProvider } from "../../../lib/provider/registry-provider";
import { provider, pullSecret, registryToken, serviceAccountPatch } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { SECRET, validConfig } from "../support/configurations";
import { type FuzzProperty, type FuzzSuite, property } from "../support/property";
import { createReach } from "../support/reach";
import { type Answer, encodeRequest, hasFailed, inspect, send } from "../support/session";
import { ensure, same } from "../support/texts";
import { type Before, before, createWorld, OWNER, type World } from "../support/world";

/** Nothing waits for anybody here: what takes longer hangs. */
const HANG_UP_MS = 20_000;
const NONE: WireDynamicValue = { msgpack: Buffer.from([0xc0]) };
const reach = createReach();
const outcomes = new Map<string, number>();

/** One resource in Terraform's hands, from its creation to its end. */
interface Life {
  readonly world: World;
  readonly schema: TypeSchema;
  /** Sends to the provider of this plan or apply. */
  call(rpc: string, request: object): Promise<Answer>;
  /** Terraform starts the provider anew for a plan, and once more for an apply. */
  restart(): Promise<void>;
}

function begin(schema: TypeSchema, former: Before): Life {
  const world = createWorld(former);
  const definition: ProviderDefinition<unknown> = {
    ...reach.count(createRegistryProvider(world.runtime)),
    configure: async () => world.provider(),
  };
  const start = () => createSession<unknown>(definition, faultless(), processRedactor);
  let session = start();
  const call = async (rpc: string, request: object): Promise<Answer> => {
    const answer = await send(session, rpc, encodeRequest(rpc, { typeName: schema.name, ...request }), HANG_UP_MS);
    ensure(answer !== "status", `${rpc} is read`);
    inspect(rpc, answer);
    for (const bytes of [answer.plannedState, answer.newState, { msgpack: answer.private }, { msgpack: answer.plannedPrivate }])
      ensure(!Buffer.from(bytes?.msgpack ?? []).includes(SECRET), `${rpc}: a secret is stored`);
    const outcome = `${rpc} ${schema.name} ${hasFailed(answer) ? "failed" : "went well"}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    return answer;
  };
  const restart = async () => {
    session = start();
    await call("ConfigureProvider", { config: encodeObject({ owner: OWNER }, provider) });
  };
  return { world, schema, call, restart };
}

/** A log in which no bug may be named: a plan that departs from its configuration, a state that departs from its plan. */
function faultless(): Logger {
  const quiet = () => {};
  return {
    trace: quiet,
    debug: quiet,
    info: quiet,
    warn: quiet,
    error(message, fields) {
      // Thrown where it would be caught, it is still the message of the diagnostic.
      ensure(!message.startsWith("bug"), `${message}: ${JSON.stringify(fields)}`);
    },
  };
}

/** What is held of a resource between two steps. */
interface Held {
  readonly state: WireDynamicValue;
  readonly private: Uint8Array;
}

/** Plans and applies; undefined where either failed, or where the plan is to replace it. */
async function change(life: Life, held: Held | undefined, config: ObjectValue | null): Promise<Answer | undefined> {
  const { schema } = life;
  const wire = config === null ? NONE : encodeObject(config, schema);
  const prior = held?.state ?? NONE;
  const request = { priorState: prior, config: wire, priorPrivate: held?.private ?? Buffer.alloc(0) };
  await life.restart();
  const planned = await life.call("PlanResourceChange", { ...request, proposedNewState: wire });
  if (hasFailed(planned) || (planned.requiresReplace ?? []).length > 0) return undefined;
  const { plannedState, plannedPrivate } = planned;
  return life.call("ApplyResourceChange", { priorState: prior, config: wire, plannedState, plannedPrivate });
}

const heldAfter = ({ newState, private: data }: Answer): Held => ({ state: newState ?? NONE, private: data ?? Buffer.alloc(0) });
const stateOf = ({ state }: Held, schema: TypeSchema) => decodeState(state, schema);

/** All that the world holds, without what the API server counts, and without what is empty: the API server leaves it out. */
function snapshot({ cluster, tokens }: World): readonly string[] {
  const objects = cluster.all().map((object) => {
    const { resourceVersion, uid, ...metadata } = object.metadata;
    return JSON.stringify(tidy({ ...object, metadata }));
  });
  return [...objects, ...tokens.filter(({ revoked }) => !revoked).map(({ description }) => description)].sort();
}

/** The same for two values that mean the same: sorted by name, and without what is empty. */
function tidy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(tidy);
  const members = Object.entries(value)
    .map(([name, inner]) => [name, tidy(name === ENTRIES_ANNOTATION ? JSON.parse(String(inner)) : inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members.sort());
}

async function live(schema: TypeSchema, former: Before, first: ObjectValue, second: ObjectValue): Promise<void> {
  const life = begin(schema, former);
  for (const config of [first, second]) {
    const validated = await life.call("ValidateResourceConfig", {
      config: encodeObject(config, schema),
      clientCapabilities: { writeOnlyAttributesAllowed: true },
    });
    ensure(!hasFailed(validated), "the configuration is valid");
  }

  const untouched = snapshot(life.world);
  const created = await change(life, undefined, first);
  if (created === undefined || hasFailed(created)) {
    const left = created === undefined ? null : stateOf(heldAfter(created), schema);
    if (left === null) same(snapshot(life.world), untouched, "a create that failed leaves nothing");
    return;
  }

  let held = heldAfter(created);
  const refresh = async () => {
    await life.restart();
    const read = await life.call("ReadResource", { currentState: held.state, private: held.private });
    if (!hasFailed(read)) held = heldAfter(read);
    return !hasFailed(read);
  };
  const fresh = stateOf(held, schema);
  ensure(await refresh(), "what was created can be read");
  ensure(
    equal(stateOf(held, schema), fresh),
    `read as ${fc.stringify(stateOf(held, schema))}, created as ${fc.stringify(fresh)}`,
  );
  const again = await life.call("PlanResourceChange", {
    priorState: held.state,
    config: encodeObject(first, schema),
    proposedNewState: encodeObject(first, schema),
    priorPrivate: held.private,
  });
  ensure(!hasFailed(again), `planned again: ${fc.stringify(again.diagnostics)}`);
  const unchanged = decodeState(again.plannedState, schema);
  ensure(equal(unchanged, fresh), `planned again as ${fc.stringify(unchanged)}, created as ${fc.stringify(fresh)}`);

  const updated = await change(life, held, second);
  if (updated !== undefined) held = heldAfter(updated);
  await refresh();
  const instance = stateOf(held, schema)?.instance ?? stateOf(held, schema)?.nonce;
  const isKept = stateOf(held, schema)?.revoke_on_destroy === false;
  const destroyed = await change(life, held, null);
  if (destroyed === undefined || hasFailed(destroyed) || isKept) return;
  ensure(stateOf(heldAfter(destroyed), schema) === null, "gone");
  ensure(!snapshot(life.world).some((text) => text.includes(String(instance))), "nothing of ours is left");
}

function lives(cases: number, schema: TypeSchema): FuzzProperty {
  const config = validConfig(schema);
  return property(
    `a ${schema.name} is created, read, updated and destroyed among others'`,
    cases,
    fc.tuple(before, config, config),
    ([former, first, second]) => live(schema, former, first, second),
  );
}

/** Whole lives of resources in a cluster in memory, through every RPC: what comes after validation. */
export const lifecycle: FuzzSuite = {
  name: "lifecycle",
  notes: () => [...reach.lines(), ...[...outcomes].map(([outcome, times]) => `${outcome}: ${times} times`).sort()],
  properties: [lives(400, registryToken), lives(80, pullSecret), lives(600, serviceAccountPatch)],
};
