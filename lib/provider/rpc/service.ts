import type { ServerUnaryCall, ServiceDefinition, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Session } from "../framework/call";
import { formatError } from "../framework/diagnose";
import { formatDiagnostics } from "../protocol/diagnostics";
import { tfplugin6 } from "../protocol/tfplugin6";
import { applyResourceChange } from "./apply-resource-change";
import { closeEphemeralResource } from "./close-ephemeral-resource";
import { configureProvider } from "./configure-provider";
import { getFunctions } from "./get-functions";
import { getMetadata } from "./get-metadata";
import { getProviderSchema } from "./get-provider-schema";
import { importResourceState } from "./import-resource-state";
import { openEphemeralResource } from "./open-ephemeral-resource";
import { planResourceChange } from "./plan-resource-change";
import { readDataSource } from "./read-data-source";
import { readResource } from "./read-resource";
import { renewEphemeralResource } from "./renew-ephemeral-resource";
import type { Rpc } from "./rpc";
import { stopProvider } from "./stop-provider";
import { upgradeResourceState } from "./upgrade-resource-state";
import { validateDataResourceConfig } from "./validate-data-resource-config";
import { validateEphemeralResourceConfig } from "./validate-ephemeral-resource-config";
import { validateProviderConfig } from "./validate-provider-config";
import { validateResourceConfig } from "./validate-resource-config";

/** What is served; every other RPC (MoveResourceState, identity, CallFunction, lists, actions) is answered "unimplemented" by gRPC. */
const RPCS: readonly Rpc[] = [
  getMetadata,
  getProviderSchema,
  validateProviderConfig,
  validateResourceConfig,
  validateDataResourceConfig,
  validateEphemeralResourceConfig,
  upgradeResourceState,
  configureProvider,
  readResource,
  planResourceChange,
  applyResourceChange,
  importResourceState,
  readDataSource,
  openEphemeralResource,
  renewEphemeralResource,
  closeEphemeralResource,
  getFunctions,
  stopProvider,
];

/** A gRPC service and what answers it. */
export interface Service {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** The provider's service. */
export function createProviderService(session: Session<unknown>): Service {
  const definition: { [name: string]: ServiceDefinition[string] } = {};
  const implementation: UntypedServiceImplementation = {};
  for (const rpc of RPCS) {
    const request = tfplugin6(`${rpc.name}.Request`);
    const response = tfplugin6(`${rpc.name}.Response`);
    definition[rpc.name] = {
      path: `/tfplugin6.Provider/${rpc.name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message: object) => request.encode(message),
      requestDeserialize: (bytes) => {
        try {
          return request.decode(bytes);
        } catch (error) {
          session.log.error("a request can't be read", { rpc: rpc.name, bytes: bytes.length, error: formatError(error) });
          throw error;
        }
      },
      responseSerialize: (message: object) => response.encode(message),
      responseDeserialize: (bytes) => response.decode(bytes),
    };
    implementation[rpc.name] = (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => {
      const hangUp = new AbortController();
      call.on("cancelled", () => hangUp.abort());
      rpc.handle(session, call.request, hangUp.signal).then(
        (answer) => callback(null, answer),
        async (error: unknown) => callback(null, { diagnostics: await diagnose(error, rpc, session) }),
      );
    };
  }
  return { definition, implementation };
}

/** What an RPC threw outside its operation, as an operation of its own. */
async function diagnose(error: unknown, rpc: Rpc, session: Session<unknown>): Promise<object> {
  const operation = { name: rpc.name, type: session.definition.schema.name };
  const { diagnostics } = await session.run(operation, () => Promise.reject(error));
  return formatDiagnostics(diagnostics);
}
