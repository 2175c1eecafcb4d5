/** One file per RPC of tfplugin6: decodes the request, calls the framework's function of the same file name, encodes the answer. */
import { processRedactor } from "../../domain/redaction";
import type { TypeSchema } from "../../schema/attribute";
import type { Session } from "../framework/call";
import type { CallContext, ProviderDefinition, TypeContext } from "../framework/definition";
import { secretValues } from "../framework/secret-values";
import { refuseType, typeContext } from "../framework/types";
import type { ObjectValue } from "../framework/value";
import { formatDiagnostics } from "../protocol/diagnostics";
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

/** A call to one type. `T` is the type, `Q` the request. */
export interface TypedCall<T, Q> {
  readonly type: T;
  readonly request: Q;
  readonly context: CallContext;
  /** The context with the configured provider. @throws where Terraform has not configured it */
  configured(): TypeContext<unknown>;
}

/** The kinds of types that a provider has, each with a list of its own. */
type Kind = "resources" | "dataSources" | "ephemeralResources";

/**
 * Defines an RPC about one type of a kind: `work` is one operation, and its answer gets the diagnostics beside it.
 * `otherwise` is the answer where it failed.
 */
export function defineTypedRpc<Q extends { readonly typeName: string }, K extends Kind>(
  name: string,
  operation: { readonly name: string; readonly kind: K },
  work: (call: TypedCall<ProviderDefinition<unknown>[K][number], Q>) => Promise<object>,
  otherwise: (request: Q) => object = () => ({}),
): Rpc {
  return defineRpc<Q>(name, async (session, request, signal) => {
    const types: readonly ProviderDefinition<unknown>[K][number][] = session.definition[operation.kind];
    const found = types.find(({ schema }) => schema.name === request.typeName);
    const { result, diagnostics } = await session.run(
      { name: operation.name, type: request.typeName, signal },
      async (context) => {
        const type = found ?? refuseType(types, request.typeName);
        return work({ type, request, context, configured: () => typeContext(session, context) });
      },
    );
    return { ...(result ?? otherwise(request)), diagnostics: formatDiagnostics(diagnostics, found?.schema) };
  });
}

/** A configuration from the wire; its secrets are masked in the log from now on. */
export function receiveConfig(value: WireDynamicValue | null, schema: TypeSchema): ObjectValue {
  const config = decodeConfig(value, schema);
  for (const secret of secretValues(schema, config)) processRedactor.remember(secret);
  return config;
}

/** What the provider can do beyond the protocol's first version. */
export const SERVER_CAPABILITIES = { getProviderSchemaOptional: true, planDestroy: true } as const;
