/** `registry_openshift_token`: a ServiceAccount's token in a Secret of its own, which destroy deletes. */
import {
  isMissingAccount,
  type OpenShiftIssuer,
  type ServiceAccountToken,
  type ServiceAccountTokenRequest,
} from "../../../issuers";
import { openshiftToken } from "../../../schema/openshift-token";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { type ObjectValue, textOf, type Value } from "../../framework/value";
import { type CredentialType, createCredentialResource } from "../issued-credential";
import { guardStore } from "./cluster-guard";

const openshiftTokenType: CredentialType<ServiceAccountTokenRequest, ServiceAccountToken> = {
  schema: openshiftToken,
  kind: "openshift",
  scope: ["project"],
  issued: ["cluster"],
  async open({ issuer: name, project, cluster, credential_id: credentialId, id }, { issuers, onOtherCluster }) {
    const issuer = await issuers.getOf("openshift", textOf(name), ["issuer"]);
    const store = issuer.tokensIn(textOf(project), secretNamed(credentialId) ?? secretNamed(id));
    return { issuer, store: typeof cluster === "string" ? guardStore(store, issuer, cluster, onOtherCluster) : store };
  },
  foresee({ issuer }, { service_account: account }, { issuers }) {
    const hosts = issuers.hosts(issuer.name);
    return { username: account ?? null, ...(hosts === undefined ? {} : { hosts }) };
  },
  blame: (error) => (isMissingAccount(error) ? ["service_account"] : undefined),
  request: ({ service_account: account, lifetime_seconds: lifetime }) => ({
    serviceAccount: textOf(account),
    lifetimeSeconds: typeof lifetime === "number" ? lifetime : null,
  }),
  async export({ serviceAccount }, { issuer }, signal) {
    return { username: serviceAccount, ...(await placeOf(issuer as OpenShiftIssuer, signal)) };
  },
  // Where it was stays in the state: another cluster would not have lost it.
  exportGone: async ({ issuer }, signal) => ({ hosts: await issuer.hosts(signal) }),
  locate: (id) => ({ id, project: id.slice(0, id.indexOf("/")) }),
  imported: ({ serviceAccount, lifetimeSeconds }) => ({
    service_account: serviceAccount,
    lifetime_seconds: lifetimeSeconds,
  }),
};

/** The Secret of `<issuer>/<project>/<secret>`. */
function secretNamed(id: Value | undefined): string | undefined {
  const name = typeof id === "string" ? id.slice(id.lastIndexOf("/") + 1) : "";
  return name === "" ? undefined : name;
}

async function placeOf(issuer: OpenShiftIssuer, signal: AbortSignal): Promise<ObjectValue> {
  return { hosts: await issuer.hosts(signal), cluster: await issuer.cluster(signal) };
}

/** The resource type `registry_openshift_token`. */
export const openshiftTokenResource: ResourceType<ConfiguredProvider> = createCredentialResource(openshiftTokenType);
