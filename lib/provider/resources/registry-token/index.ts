/** `registry_token`: has IBM Cloud's registry issue a token, and revokes it on destroy. */
import type { RegistryToken, RegistryTokenRequest } from "../../../issuers";
import { registryToken } from "../../../schema/registry-token";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { textOf } from "../../framework/value";
import { type CredentialType, createCredentialResource } from "../issued-credential";

const registryTokenType: CredentialType<RegistryTokenRequest, RegistryToken> = {
  schema: registryToken,
  kind: "bluemix",
  async open({ issuer: name }, { issuers }) {
    const issuer = await issuers.getOf("bluemix", textOf(name), ["issuer"]);
    return { issuer, store: issuer };
  },
  foresee: ({ issuer }, _config, { issuers }) => ({ hosts: issuers.hosts(issuer.name) ?? [], username: "token" }),
  request: ({ permanent, read_only: readOnly }) => ({ permanent: permanent !== false, readOnly: readOnly !== false }),
  export: async (_token, { issuer }, signal) => ({ hosts: await issuer.hosts(signal), username: "token" }),
  exportGone: async ({ issuer }, signal) => ({ hosts: await issuer.hosts(signal), username: "token" }),
  imported: ({ expiresAt, readOnly }) => ({ permanent: expiresAt === null, read_only: readOnly }),
};

/** The resource type `registry_token`. */
export const registryTokenResource: ResourceType<ConfiguredProvider> = createCredentialResource(registryTokenType);
