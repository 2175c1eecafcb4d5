import type { ObjectValue, Value } from "../../../lib/provider/framework/value";
import {
  dataRegistryToken,
  ephemeralRegistryToken,
  provider,
  pullSecret,
  registryToken,
  serviceAccountPatch,
} from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { DEDICATED, SEEDED_TOKEN } from "../../../sandbox";

/** What a lane is configured with: the same for a real Terraform, which reads it as HCL, and for what stands for it. */
export interface Configuration {
  readonly provider: ObjectValue;
  /** In the order of their references. A text `${address.attribute}` is a reference, or one to the variable `password`. */
  readonly resources: readonly Declared[];
  /** A data source and an ephemeral resource, which are looked up apart from the others. */
  readonly lookedUp: readonly Declared[];
}

/** One resource, data source or ephemeral resource of a configuration. */
export interface Declared {
  readonly schema: TypeSchema;
  readonly config: ObjectValue;
  /** @default - a replacement destroys first */
  readonly createsBeforeDestroy?: true;
}

/** Which of two configurations holds: an update leads from one to the other, and back. `a` has the first two namespaces, `b` the last two, and another label on every Secret. */
export type Variant = "a" | "b";

/** What the configuration of a lane is made of. */
export interface ConfigurationOptions {
  readonly owner: string;
  readonly namespaces: readonly string[];
  readonly urls: { readonly [service in "kubernetes" | "login" | "registry"]: string };
  readonly ca: string;
  readonly variant: Variant;
  /** Stands in the token's description: another one is another token. */
  readonly generation: number;
}

/** The name of the Secret in each namespace. */
export const SECRET_NAME = "pull";

const TIMEOUTS = { create: "40s", read: "40s", update: "40s", delete: "40s" };
/** A template of HCL, for JSON and for TypeScript a plain text. */
const PASSWORD_VARIABLE = `\${var.password}`;
const reference = ({ name }: TypeSchema, attribute: string): string => `\${${name}.pull.${attribute}}`;

/** A token, its pull secret and the patch; a token that was there before. */
export function configure({ owner, namespaces, urls, ca, variant, generation }: ConfigurationOptions): Configuration {
  const wanted: Value = variant === "a" ? namespaces.slice(0, 2) : namespaces.slice(1);
  const dedicated = { hosts: reference(registryToken, "hosts"), credential_id: reference(registryToken, "credential_id") };
  const partner = { hosts: ["registry.partner.example"], username: "acme", password_wo: PASSWORD_VARIABLE };
  const bluemix = {
    api_endpoint: urls.login,
    registry_endpoint: urls.registry,
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
      kubernetes: { host: urls.kubernetes, cluster_ca_certificate: ca },
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

/** The schema of the provider block. */
export const providerSchema = provider;
