import type { ExchangeUser } from "../../domain/horizon/user-auth";
import type { HttpClientOptions } from "../http";
import { createExchange } from "./exchange";
import { readLogin } from "./login";
import { createPublications } from "./publications";
import { createRegistryAuths } from "./registry-auths";
import type { HorizonClient } from "./types";

/** Makes a client of the exchange at `baseUrl` for one organization. Contacts nothing yet. Throws ClientError("invalid") where the URL is not allowed. */
export function createHorizonClient(options: HttpClientOptions, org: string, user: ExchangeUser): HorizonClient {
  const exchange = createExchange(options, org, user);
  return {
    endpoint: exchange.endpoint,
    org,
    user: user.name,
    login: (signal) => readLogin(exchange, user.name, signal),
    services: createPublications(exchange, "service", org),
    patterns: createPublications(exchange, "pattern", org),
    registryAuths: createRegistryAuths(exchange),
    close: () => exchange.close(),
  };
}
