import type { ContainerRegistryClient } from "../../clients/container-registry/client";
import type { RegistryCredential } from "../../clients/container-registry/login";
import { ENDPOINTS_VARIABLE, endpointOf, readRegistryEndpoints } from "../../domain/registry-endpoints";
import type { ClientSettings } from "../configuration/client-settings";
import { DiagnosticError } from "../framework/diagnostic";
import type { Runtime } from "./runtime";

/** How to reach one registry. */
export interface RegistryAccess {
  /** @default - anonymous */
  readonly credential?: RegistryCredential | undefined;
  /** PEM, trusted beside the system's. @default - those alone */
  readonly ca?: string | undefined;
}

/** Container registries, to look images up in. */
export interface ConfiguredRegistries {
  /** A client of one registry, to be closed by who asked for it; nothing is contacted yet. @throws ClientError("invalid") for a host that can't be asked */
  open(host: string, access: RegistryAccess): ContainerRegistryClient;
}

/** Registries are asked at their own hosts, or where the environment says; contacts nothing. */
export function createRegistries({ environment }: Runtime, clients: ClientSettings): ConfiguredRegistries {
  return {
    open(host, { credential, ca }) {
      const endpoints = readRegistryEndpoints(environment[ENDPOINTS_VARIABLE] ?? "");
      if (typeof endpoints === "string") throw DiagnosticError.at(["image"], "Invalid environment variable", endpoints);
      const endpoint = endpointOf(endpoints, host);
      // Loaded here, since it brings undici with it: no handshake needs that.
      const { createContainerRegistryClient } =
        require("../../clients/container-registry/client") as typeof import("../../clients/container-registry/client");
      const { isLoopback } = require("../../clients/http") as typeof import("../../clients/http");
      return createContainerRegistryClient({
        ...clients,
        host,
        ...(endpoint === undefined ? { plainHttp: isLoopback(host.replace(/:\d+$/, "")) } : { endpoint }),
        ...(credential === undefined ? {} : { credential }),
        ...(ca === undefined ? {} : { additionalCa: ca }),
      });
    },
  };
}
