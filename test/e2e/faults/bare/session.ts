/** What calls our provider as Terraform does, one walk of the graph after the other, without Terraform: the provider can't tell. */
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { decodeObject, encodeObject } from "../../../../lib/provider/protocol/dynamic-value";
import type { WireDiagnostic, WireDynamicValue } from "../../../../lib/provider/protocol/messages";
import type { TypeSchema } from "../../../../lib/schema/attribute";
import { connect } from "../../../provider/client";
import { providerSchema } from "../configuration";

/** An object of a state: its value, and what only the provider reads. */
export interface Held {
  readonly value: ObjectValue;
  readonly privateData: Uint8Array;
}

/** A change that was planned. */
export interface Proposal {
  /** Null for a destroy. */
  readonly planned: ObjectValue | null;
  readonly privateData: Uint8Array;
  readonly replaces: boolean;
}

/** Prints one message; `path` is the attribute's. */
export type Tell = (diagnostic: WireDiagnostic, address: string) => void;

/** A provider, configured for one walk. Each of its methods returns undefined, or what there was, where an error was told. */
export interface Session {
  read(schema: TypeSchema, held: Held): Promise<{ readonly held: Held | undefined; readonly failed: boolean }>;
  plan(
    schema: TypeSchema,
    prior: Held | undefined,
    config: ObjectValue | null,
    privateData: Uint8Array,
  ): Promise<Proposal | undefined>;
  apply(
    schema: TypeSchema,
    prior: Held | undefined,
    proposal: Pick<Proposal, "planned" | "privateData">,
    config: ObjectValue | null,
  ): Promise<{ readonly held: Held | undefined; readonly failed: boolean }>;
  readData(schema: TypeSchema, config: ObjectValue): Promise<void>;
  openEphemeral(schema: TypeSchema, config: ObjectValue): Promise<void>;
  close(): void;
}

interface Answer {
  readonly diagnostics: readonly WireDiagnostic[];
  readonly newState?: WireDynamicValue | null;
  readonly plannedState?: WireDynamicValue | null;
  readonly private?: Uint8Array;
  readonly plannedPrivate?: Uint8Array;
  readonly requiresReplace?: readonly unknown[];
}

const ERROR = 1;
const NOTHING = new Uint8Array();

/** Connects to a provider that serves a debugger, which gives every connection a session of its own, and configures it. */
export async function openSession(socket: string, config: ObjectValue, tell: Tell): Promise<Session> {
  const client = connect({ fields: ["1", "6", "unix", socket, "grpc", ""] });
  const call = async (rpc: string, schema: TypeSchema, request: object) => {
    const answer = await client.call<Answer>(rpc, { typeName: schema.name, ...request });
    for (const diagnostic of answer.diagnostics) tell(diagnostic, `${schema.name}.pull`);
    return { ...answer, failed: answer.diagnostics.some(({ severity }) => severity === ERROR) };
  };
  const held = (schema: TypeSchema, { newState, private: privateData }: Answer): Held | undefined => {
    const value = decodeObject(newState, schema);
    return value === null ? undefined : { value, privateData: privateData ?? NOTHING };
  };
  const configured = await call("ConfigureProvider", providerSchema, {
    config: encodeObject(config, providerSchema),
    terraformVersion: "1.13.0",
  });
  if (configured.failed) throw new Error("the provider refuses its configuration");

  return {
    async read(schema, { value, privateData }) {
      const answer = await call("ReadResource", schema, { currentState: encodeObject(value, schema), private: privateData });
      return { held: held(schema, answer), failed: answer.failed };
    },
    async plan(schema, prior, config, privateData) {
      const proposed = encodeObject(config, schema);
      const answer = await call("PlanResourceChange", schema, {
        priorState: encodeObject(prior?.value ?? null, schema),
        // Our provider proposes by itself: it only looks whether there is anything, or a destroy is planned.
        proposedNewState: proposed,
        config: proposed,
        priorPrivate: privateData,
      });
      if (answer.failed) return undefined;
      return {
        planned: decodeObject(answer.plannedState, schema),
        privateData: answer.plannedPrivate ?? NOTHING,
        replaces: (answer.requiresReplace ?? []).length > 0,
      };
    },
    async apply(schema, prior, { planned, privateData }, config) {
      const answer = await call("ApplyResourceChange", schema, {
        priorState: encodeObject(prior?.value ?? null, schema),
        plannedState: encodeObject(planned, schema),
        config: encodeObject(config, schema),
        plannedPrivate: privateData,
      });
      return { held: held(schema, answer), failed: answer.failed };
    },
    async readData(schema, config) {
      await call("ReadDataSource", schema, { config: encodeObject(config, schema) });
    },
    async openEphemeral(schema, config) {
      const { failed } = await call("OpenEphemeralResource", schema, { config: encodeObject(config, schema) });
      if (!failed) await call("CloseEphemeralResource", schema, {});
    },
    close: () => client.close(),
  };
}
