/** `registry_ibmcloud_api_key`: has IAM make an API key that may pull, and deletes it on destroy, with what was made for it. */
import { parseCredentialId } from "../../../domain/credential-id";
import { shownIcrHosts } from "../../../domain/icr-hosts";
import type { ApiKeyRequest, IbmCloudIssuer, IssuedApiKey } from "../../../issuers";
import { ibmcloudApiKey } from "../../../schema/ibmcloud-api-key";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, textOf } from "../../framework/value";
import { type CredentialType, createCredentialResource } from "../issued-credential";
import { IN_CONFIGURATION } from "../placement/import-report";

const USERNAME = "iamapikey";
const IAM_PREFIX = "iam-";

const apiKeyType: CredentialType<ApiKeyRequest, IssuedApiKey> = {
  schema: ibmcloudApiKey,
  kind: "ibmcloud",
  async open(values, provider) {
    const issuer = await provider.issuers.getOf("ibmcloud", textOf(values.issuer), ["issuer"]);
    const { owner } = provider;
    const { name, service_id: serviceId } = values;
    const own = ownOf(values);
    const store = (issuer as IbmCloudIssuer).apiKeys({
      serviceId: typeof serviceId === "string" ? serviceId : null,
      ...(typeof name === "string" && !isUnknown(owner) ? { mark: { owner, name } } : {}),
      ...(own === undefined ? {} : { own }),
    });
    return { issuer, store };
  },
  issued: ["iam_id", "policy_id"],
  foresee: ({ issuer }, { service_id: serviceId }, { issuers }) => ({
    hosts: shownIcrHosts(issuers.hosts(issuer.name) ?? []),
    username: USERNAME,
    ...(typeof serviceId === "string" ? { iam_id: `${IAM_PREFIX}${serviceId}`, policy_id: null } : {}),
  }),
  request: ({ name, lifetime_seconds: seconds }, { runtime }) => ({
    name: textOf(name),
    expiresAt: typeof seconds === "number" ? new Date(runtime.clock().getTime() + seconds * 1000) : null,
  }),
  export: async ({ iamId, policyId }, { issuer }, signal) => ({
    hosts: shownIcrHosts(await issuer.hosts(signal)),
    username: USERNAME,
    iam_id: iamId,
    policy_id: policyId,
  }),
  exportGone: async ({ issuer }, signal) => ({ hosts: shownIcrHosts(await issuer.hosts(signal)), username: USERNAME }),
  untold: { lifetime_seconds: IN_CONFIGURATION },
  locate: (nativeId) => ({ id: nativeId }),
  imported: ({ iamId, made }) => ({
    service_id: made ? null : iamId.slice(IAM_PREFIX.length),
    lifetime_seconds: null,
  }),
  async atImport({ id: nativeId, iamId }, id, { issuer }, signal) {
    if (iamId.startsWith(`${IAM_PREFIX}ServiceId-`)) {
      // One without a value could be written into no Secret.
      await during({ what: `The API key ${JSON.stringify(id)} was not imported` }, () => issuer.reveal(nativeId, signal));
      return;
    }
    throw DiagnosticError.at(
      undefined,
      "A user's own API key",
      `The API key ${JSON.stringify(id)} is of ${JSON.stringify(iamId)}, and of no service ID: IAM shows its value only once. Nothing was imported. Give the value itself to the pull secret (username = "iamapikey" with password_wo or password_env), or let an apply make a key.`,
    );
  },
};

/** What a state says of its own key; of an import, its id alone. */
function ownOf({ credential_id: credentialId, id, iam_id: iamId, policy_id: policyId, expires_at: expiresAt }: ObjectValue) {
  const named = [credentialId, id].find((value) => typeof value === "string");
  if (typeof named !== "string" || named === "") return undefined;
  return {
    id: parseCredentialId(named)?.id ?? named,
    iamId: typeof iamId === "string" ? iamId : null,
    policyId: typeof policyId === "string" ? policyId : null,
    expiresAt: typeof expiresAt === "string" ? new Date(expiresAt) : null,
  };
}

/** The resource type `registry_ibmcloud_api_key`. */
export const ibmcloudApiKeyResource: ResourceType<ConfiguredProvider> = createCredentialResource(apiKeyType);
