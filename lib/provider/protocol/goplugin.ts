import { createCodecs, type PackageSpec } from "./descriptor";

/** The messages of hashicorp/go-plugin's own services, numbered as in its internal/plugin/*.proto; bodies that we ignore are empty. */
const PLUGIN: PackageSpec = {
  Empty: {},
  ConnInfo: {},
  StdioData: { channel: ["int32", 1], data: ["bytes", 2] },
};

/** The messages of gRPC's health service (grpc.health.v1). */
const HEALTH: PackageSpec = {
  HealthCheckRequest: { service: ["string", 1] },
  HealthCheckResponse: { status: ["int32", 1] },
};

/** The codec of one go-plugin message. */
export const goplugin = createCodecs("plugin", PLUGIN);
/** The codec of one message of the health service. */
export const health = createCodecs("grpc.health.v1", HEALTH);
