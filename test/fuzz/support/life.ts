/** A resource, data source or ephemeral resource in Terraform's hands, in a world in memory. */
import { ENTRIES_ANNOTATION } from "../../../lib/domain/pull-secret-entries";
import { processRedactor } from "../../../lib/domain/redaction";
import { createSession } from "../../../lib/provider/framework/call";
import type { Logger, ProviderDefinition } from "../../../lib/provider/framework/definition";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeState, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { createRegistryProvider } from "../../../lib/provider/registry-provider";
import { provider } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { SECRET } from "./configurations";
import { createReach } from "./reach";
import { type Answer, encodeRequest, hasFailed, inspect, send } from "./session";
import { createTally } from "./tally";
import { ensure } from "./texts";
import { type Before, createWorld, OWNER, type World } from "./world";

/** Nothing waits for anybody here: what takes longer hangs. */
const HANG_UP_MS = 20_000;
/** No value. */
export const NONE: WireDynamicValue = { msgpack: Buffer.from([0xc0]) };
/** How far the calls get into the types. */
export const reach = createReach();
/** How each RPC ended for each type. */
export const outcomes = createTally();

/** One resource in Terraform's hands, from its creation to its end. */
export interface Life {
  readonly world: World;
  readonly schema: TypeSchema;
  /** Sends to the provider of this plan or apply. */
  call(rpc: string, request: object): Promise<Answer>;
  /** Terraform starts the provider anew for a plan, and once more for an apply. */
  restart(): Promise<void>;
}

/** A resource that is not there yet, in a world as it was before. */
export function begin(schema: TypeSchema, former: Before): Life {
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
    for (const bytes of [
      answer.plannedState,
      answer.newState,
      { msgpack: answer.private },
      { msgpack: answer.plannedPrivate },
      answer.state,
      ...(answer.importedResources ?? []).flatMap(({ state, private: data }) => [state, { msgpack: data }]),
    ])
      ensure(!Buffer.from(bytes?.msgpack ?? []).includes(SECRET), `${rpc}: a secret is stored`);
    outcomes.add(`${rpc} ${schema.kind} ${schema.name} ${hasFailed(answer) ? "failed" : "went well"}`);
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
export interface Held {
  readonly state: WireDynamicValue;
  readonly private: Uint8Array;
}

/** Plans and applies; undefined where either failed, or where the plan is to replace it. */
export async function change(life: Life, held: Held | undefined, config: ObjectValue | null): Promise<Answer | undefined> {
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

/** What is held after an answer. */
export const heldAfter = ({ newState, private: data }: Answer): Held => ({
  state: newState ?? NONE,
  private: data ?? Buffer.alloc(0),
});
/** The state that is held. */
export const stateOf = ({ state }: Held, schema: TypeSchema) => decodeState(state, schema);

/** All that the world holds, without what the API server counts, and without what is empty: the API server leaves it out. */
export function snapshot({ cluster, tokens }: World): readonly string[] {
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
    .map(([name, inner]) => [name, tidy(name === ENTRIES_ANNOTATION ? parsed(String(inner)) : inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members.sort());
}

/** Others may have broken it. */
function parsed(annotation: string): unknown {
  try {
    return JSON.parse(annotation);
  } catch {
    return annotation;
  }
}
