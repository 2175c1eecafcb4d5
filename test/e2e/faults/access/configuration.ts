import type { Value } from "../../../../lib/provider/framework/value";
import {
  dataRegistryToken,
  ephemeralRegistryToken,
  pullSecret,
  registryToken,
  serviceAccountPatch,
} from "../../../../lib/schema";
import { DEDICATED, SEEDED_TOKEN } from "../../../../sandbox";
import { type Configuration, PASSWORD_VARIABLE, reference, TIMEOUTS } from "../configuration";
import type { Wanted } from "../scene";

/** What the configuration of a lane is made of. */
export interface ConfigurationOptions extends Wanted {
  readonly owner: string;
  readonly namespaces: readonly string[];
  readonly ca: string;
}

/** The name of the Secret in each namespace. */
export const SECRET_NAME = "pull";

/** A token, its pull secret and the patch; a token that was there before. Variant `a` has the first two namespaces, `b` the last two, and another label on every Secret. */
export function configure({ owner, namespaces, urls, ca, variant, generation }: ConfigurationOptions): Configuration {
  const wanted: Value = variant === "a" ? namespaces.slice(0, 2) : namespaces.slice(1);
  const dedicated = { hosts: reference(registryToken, "hosts"), credential_id: reference(registryToken, "credential_id") };
  const partner = { hosts: ["registry.partner.example"], username: "acme", password_wo: PASSWORD_VARIABLE };
  const bluemix = {
    api_endpoint: urls.login ?? "",
    registry_endpoint: urls.registry ?? "",
    hosts: [...DEDICATED.hosts],
    organization: "acme",
    api_key_env: "BLUEMIX_API_KEY",
    ca_certificate: ca,
  };
  const seeded = { issuer: "dedicated", description: SEEDED_TOKEN };
  return {
    provider: {
      owner,
      request_timeout: "2s",
      kubernetes: { host: urls.kubernetes ?? "", cluster_ca_certificate: ca },
      issuers: { dedicated: { bluemix } },
    },
    resources: [
      {
        schema: registryToken,
        config: {
          issuer: "dedicated",
          name: "pull",
          description: `generation ${generation}`,
          timeouts: { create: "40s", read: "40s", delete: "40s" },
        },
        createsBeforeDestroy: true,
      },
      {
        schema: pullSecret,
        config: {
          name: SECRET_NAME,
          namespaces: wanted,
          labels: { variant },
          registries: [dedicated, partner],
          timeouts: TIMEOUTS,
        },
      },
      {
        schema: serviceAccountPatch,
        config: { namespaces: wanted, pull_secrets: [reference(pullSecret, "name")], timeouts: TIMEOUTS },
      },
    ],
    lookedUp: [
      { schema: dataRegistryToken, config: seeded },
      { schema: ephemeralRegistryToken, config: seeded },
    ],
  };
}
