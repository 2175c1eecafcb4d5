/** One file per RPC of tfplugin6: decodes the request, calls the framework's function of the same file name, encodes the answer. */
import { processRedactor } from "../../domain/redaction";
import type { TypeSchema } from "../../schema/attribute";
import type { Session } from "../framework/call";
import { secretValues } from "../framework/secret-values";
import type { ObjectValue } from "../framework/value";
import { decodeConfig } from "../protocol/dynamic-value";
import type { WireDynamicValue } from "../protocol/messages";

/** One RPC. An exception that leaves `handle` would be a gRPC error, so all work is done in `session.run`. */
export interface Rpc {
  /** `PlanResourceChange`: its messages are `PlanResourceChange.Request` and `.Response`. */
  readonly name: string;
  handle(session: Session<unknown>, request: object, signal: AbortSignal): Promise<object>;
}

/** Defines an RPC with the type of its request. */
export function defineRpc<Q extends object>(
  name: string,
  handle: (session: Session<unknown>, request: Q, signal: AbortSignal) => Promise<object>,
): Rpc {
  return { name, handle: (session, request, signal) => handle(session, request as Q, signal) };
}

/** A configuration from the wire; its secrets are masked in the log from now on. */
export function receiveConfig(value: WireDynamicValue | null, schema: TypeSchema): ObjectValue {
  const config = decodeConfig(value, schema);
  for (const secret of secretValues(schema, config)) processRedactor.remember(secret);
  return config;
}

/** What the provider can do beyond the protocol's first version. */
export const SERVER_CAPABILITIES = { getProviderSchemaOptional: true, planDestroy: true } as const;
