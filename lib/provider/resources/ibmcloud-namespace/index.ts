/** `registry_ibmcloud_namespace`: a registry namespace of IBM Cloud Container Registry. */
import { parseIcrNamespaceId } from "../../../domain/icr-namespace";
import { ibmcloudNamespace } from "../../../schema/ibmcloud-namespace";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ResourceType } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue } from "../../framework/value";
import { create, find } from "./create";
import { destroy, notListed } from "./delete";
import { asState, idOf, registryOf } from "./model";

/** The resource type `registry_ibmcloud_namespace`. */
export const ibmcloudNamespaceResource: ResourceType<ConfiguredProvider> = {
  schema: ibmcloudNamespace,
  async plan(request, { provider }) {
    const { config, proposed } = request;
    if (typeof config.issuer === "string") provider.issuers.check(config.issuer, "ibmcloud", ["issuer"]);
    const claimant = claimantOf(request, "id");
    await claimName(config, claimant, provider);
    return { planned: proposed, privateData: asClaimant(request.privateData, claimant) };
  },
  create: ({ planned }, context) => create(planned, context),
  async read({ state: value, privateData }, { provider, signal: caller, report }) {
    const state = asState(value);
    const { issuers } = provider;
    if (issuers.names === undefined || (issuers.names.includes(state.issuer) && !issuers.isKnown(state.issuer)))
      return { state: value, privateData };
    return within(ibmcloudNamespace, value, "read", caller, async (signal) => {
      const registry = await registryOf(state, provider);
      const found = await find(registry, state.name, signal);
      if (found === undefined) {
        report(notListed(state, registry.endpoint));
        return null;
      }
      return { state: { ...value, resource_group: found.resourceGroup ?? state.resource_group }, privateData };
    });
  },
  // What can change without another namespace is our own.
  update: async ({ planned, privateData }) => ({ state: planned, privateData }),
  delete: ({ prior }, context) => destroy(prior, context),
  async importState(id, { provider, signal: caller }) {
    const { issuer, name, region } = parseIcrNamespaceId(id) ?? { issuer: "", name: "", region: null };
    const value: ObjectValue = { issuer, name, region, resource_group: null, force_destroy: false };
    return within(ibmcloudNamespace, value, "read", caller, async (signal) => {
      provider.issuers.check(issuer, "ibmcloud", []);
      const registry = await registryOf(asState(value), provider);
      const found = await find(registry, name, signal);
      if (found === undefined) throw nothingThere(name, registry.endpoint);
      return { state: { ...value, id: idOf(asState(value)), resource_group: found.resourceGroup } };
    });
  },
};

/** Two of one name would each destroy what the other holds. Contacts nobody. */
async function claimName(config: ObjectValue, claimant: string | null, provider: ConfiguredProvider): Promise<void> {
  const { issuer, name, region } = config;
  if (typeof issuer !== "string" || typeof name !== "string" || isUnknown(region)) return;
  if (provider.issuers.names === undefined || !provider.issuers.isKnown(issuer)) return;
  const { endpoint } = await registryOf(asState(config), provider);
  if (provider.claims.claim(`registry namespace ${endpoint}/${name}`, claimant)) return;
  throw DiagnosticError.at(
    ["name"],
    "Two registry namespaces of one name",
    `Another ${ibmcloudNamespace.name} of this configuration is ${JSON.stringify(name)} at ${endpoint} too. Destroying one of them would delete the other's images. Give one of them another name, or use one for both.`,
  );
}

function nothingThere(name: string, endpoint: string): DiagnosticError {
  return DiagnosticError.at(
    undefined,
    "Nothing to import",
    `The account has no registry namespace ${JSON.stringify(name)} at ${endpoint}. Nothing was imported. Correct the name, or add "@" and its region (ibmcloud cr namespace-list shows one region's).`,
  );
}
