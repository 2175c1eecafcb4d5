/**
 * The offline stand-in for hashicorp/kubernetes 2.38.0: the types that main.ts and the samples use, with the real provider's schema
 * and state, against a real API server. For the sandbox alone, where the Terraform Registry can't be reached.
 */
import type { Lazy, ProviderDefinition, ResourceType } from "../../lib/provider/framework/definition";
import { type Cluster, createCluster } from "./cluster";
import type { ObjectKind } from "./object-kind";
import { createObjectType } from "./object-type";
import { defaultServiceAccount } from "./resources/default-service-account";
import { deployment } from "./resources/deployment";
import { namespace } from "./resources/namespace";
import { pod } from "./resources/pod";
import { roleBinding } from "./resources/role-binding";
import { secret } from "./resources/secret";
import { serviceAccount } from "./resources/service-account";
import { providerSchema, resourceSchema, VERSION } from "./schemas";

/** What the stand-in serves. */
export const definition: ProviderDefinition<Cluster> = {
  schema: providerSchema,
  version: VERSION,
  resources: [namespace, secret, serviceAccount, defaultServiceAccount, roleBinding, deployment, pod].map(resource),
  dataSources: [],
  ephemeralResources: [],
  configure: async (config) => createCluster(config, process.env),
};

function resource(kind: ObjectKind): Lazy<ResourceType<Cluster>> {
  const schema = resourceSchema(kind.type);
  return { schema, load: async () => createObjectType(kind, schema) };
}
