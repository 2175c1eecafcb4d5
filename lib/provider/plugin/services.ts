import type {
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { MessageCodec } from "../protocol/descriptor";
import { goplugin, health } from "../protocol/goplugin";

/** HealthCheckResponse.ServingStatus.SERVING */
const SERVING = 1;

/** go-plugin's own services and gRPC's health service, and a way to end their open streams. */
export interface PluginServices {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  endStreams(): void;
}

interface Streams {
  readonly request?: boolean;
  readonly response?: boolean;
}

function method(path: string, request: MessageCodec, response: MessageCodec, streams: Streams = {}): ServiceDefinition[string] {
  return {
    path,
    requestStream: streams.request ?? false,
    responseStream: streams.response ?? false,
    requestSerialize: (message: object) => request.encode(message),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (message: object) => response.encode(message),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}

/** The services; `shutdown` is called once Shutdown is answered. */
export function createPluginServices(shutdown: () => void): PluginServices {
  const open = new Set<{ end(): void }>();
  const keepOpen = (stream: ServerWritableStream<object, object> | ServerDuplexStream<object, object>) => {
    open.add(stream);
    stream.on("cancelled", () => open.delete(stream));
    stream.on("error", () => open.delete(stream));
  };
  const [empty, connection, stdio] = [goplugin("Empty"), goplugin("ConnInfo"), goplugin("StdioData")];
  return {
    definition: {
      Shutdown: method("/plugin.GRPCController/Shutdown", empty, empty),
      StartStream: method("/plugin.GRPCBroker/StartStream", connection, connection, { request: true, response: true }),
      StreamStdio: method("/plugin.GRPCStdio/StreamStdio", empty, stdio, { response: true }),
      Check: method("/grpc.health.v1.Health/Check", health("HealthCheckRequest"), health("HealthCheckResponse")),
    },
    implementation: {
      Shutdown: (_call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => {
        callback(null, {});
        setImmediate(shutdown);
      },
      // Nothing is brokered: Terraform offers no service of its own to providers. The stream stays open, as it expects.
      StartStream: (stream: ServerDuplexStream<object, object>) => {
        keepOpen(stream);
        stream.on("data", () => {});
        stream.on("end", () => {
          open.delete(stream);
          stream.end();
        });
      },
      // Nothing is mirrored: what there is to say is on stderr.
      StreamStdio: (stream: ServerWritableStream<object, object>) => keepOpen(stream),
      Check: (_call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => callback(null, { status: SERVING }),
    },
    endStreams() {
      for (const stream of open) stream.end();
      open.clear();
    },
  };
}
