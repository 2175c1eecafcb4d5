import { randomBytes } from "node:crypto";
import type { ApiObject, KubernetesApi } from "../kubernetes-api";
import { PATHS, REGISTRY_NAMESPACE, REGISTRY_SERVICE } from "./names";

/** Who writes, and in which annotations: as in openshift-controller-manager, pkg/internalregistry/controllers. */
const MANAGERS = {
  account: "openshift.io/image-registry-pull-secrets_service-account-controller",
  secret: "openshift.io/image-registry-pull-secrets_image-pull-secret-controller",
} as const;
const SECRET_OF_ACCOUNT = "openshift.io/internal-registry-pull-secret-ref";
const ACCOUNT_OF_SECRET = "openshift.io/internal-registry-auth-token.service-account";
const TOKEN_TYPE = "openshift.io/internal-registry-auth-token.binding";

/** The type of these Secrets. */
export const DOCKERCFG = "kubernetes.io/dockercfg";

interface Reference {
  readonly name: string;
}

/**
 * Gives a ServiceAccount its own pull secret for the image registry, `<name>-dockercfg-…`, as OpenShift does for every one: named in its
 * `imagePullSecrets` and `secrets`, with a token that is bound to the Secret. What others wrote into `imagePullSecrets` stays.
 */
export async function keepPullSecret(api: KubernetesApi, account: ApiObject, secrets: readonly ApiObject[]): Promise<void> {
  const { name: accountName, namespace = "", uid = "" } = account.metadata;
  const own = secrets.filter(({ metadata }) => metadata.namespace === namespace);
  const name = nameOf(account, own);
  if (!(await isNamed(api, account, name))) return;
  const path = `${PATHS.inNamespace(namespace, "secrets")}/${name}`;
  const owner = { apiVersion: "v1", kind: "ServiceAccount", name: accountName, uid };
  const secret =
    own.find(({ metadata }) => metadata.name === name) ??
    (await applied(api, path, MANAGERS.account, {
      kind: "Secret",
      metadata: { name, annotations: { [ACCOUNT_OF_SECRET]: accountName }, ownerReferences: [owner] },
      type: DOCKERCFG,
      data: { ".dockercfg": Buffer.from("{}").toString("base64") },
    }));
  if (secret === undefined || secret.metadata.annotations?.[TOKEN_TYPE] === "bound") return;
  await fill(api, path, secret, accountName);
}

/** The name that stands at the ServiceAccount, or that of a Secret that is its own; else a new one. */
function nameOf({ metadata }: ApiObject, secrets: readonly ApiObject[]): string {
  const made = secrets.find((secret) => secret.metadata.annotations?.[ACCOUNT_OF_SECRET] === metadata.name);
  const fresh = `${metadata.name}-dockercfg-${randomBytes(3).toString("hex").slice(0, 5)}`;
  return metadata.annotations?.[SECRET_OF_ACCOUNT] ?? made?.metadata.name ?? fresh;
}

/** Writes the name into the ServiceAccount where it isn't yet; false where that was changed meanwhile, which is looked at anew. */
async function isNamed(api: KubernetesApi, account: ApiObject, name: string): Promise<boolean> {
  const { metadata, secrets = [], imagePullSecrets = [] } = account as AccountObject;
  const has = (references: readonly Reference[]): boolean => references.some((one) => one.name === name);
  if (metadata.annotations?.[SECRET_OF_ACCOUNT] === name && has(secrets) && has(imagePullSecrets)) return true;
  // The list is written as a whole, so that it has to be as it was read; whoever owns it already keeps it as it is.
  const isOwn = (metadata.managedFields ?? []).some(
    ({ manager, fieldsV1 }) => manager === MANAGERS.account && fieldsV1?.["f:imagePullSecrets"] !== undefined,
  );
  const listed = has(imagePullSecrets) ? (isOwn ? imagePullSecrets : undefined) : [...imagePullSecrets, { name }];
  const path = `${PATHS.inNamespace(metadata.namespace ?? "", "serviceaccounts")}/${metadata.name}`;
  const written = await applied(api, path, MANAGERS.account, {
    kind: "ServiceAccount",
    metadata: {
      name: metadata.name,
      uid: metadata.uid,
      annotations: { [SECRET_OF_ACCOUNT]: name },
      ...(listed !== undefined && { resourceVersion: metadata.resourceVersion }),
    },
    secrets: [{ name }],
    ...(listed !== undefined && { imagePullSecrets: listed }),
  });
  return written !== undefined;
}

type AccountObject = ApiObject & {
  readonly metadata: {
    readonly managedFields?: readonly {
      readonly manager: string;
      readonly fieldsV1?: { readonly [field: string]: unknown };
    }[];
  };
  readonly secrets?: readonly Reference[];
  readonly imagePullSecrets?: readonly Reference[];
};

/** A token for the registry's hosts inside the cluster; it goes with the Secret. */
async function fill(api: KubernetesApi, path: string, { metadata }: ApiObject, account: string): Promise<void> {
  const { name, namespace = "", uid } = metadata;
  const { status, body } = await api.send("POST", `${PATHS.inNamespace(namespace, "serviceaccounts")}/${account}/token`, {
    spec: { boundObjectRef: { apiVersion: "v1", kind: "Secret", name, uid } },
  });
  // The Secret or the ServiceAccount is gone meanwhile.
  if (status !== 201) return;
  const auth = Buffer.from(`<token>:${String(body.status?.token)}`).toString("base64");
  const host = `${REGISTRY_SERVICE.name}.${REGISTRY_NAMESPACE}.svc`;
  const hosts = [`${host}:${REGISTRY_SERVICE.port}`, `${host}.cluster.local:${REGISTRY_SERVICE.port}`];
  await applied(api, path, MANAGERS.secret, {
    kind: "Secret",
    metadata: { name, uid, annotations: { [TOKEN_TYPE]: "bound" } },
    type: DOCKERCFG,
    data: {
      ".dockercfg": Buffer.from(JSON.stringify(Object.fromEntries(hosts.map((one) => [one, { auth }])))).toString("base64"),
    },
  });
}

/** Undefined where it is gone, or was changed meanwhile: whatever changed it is looked at anew. @throws on any other refusal */
async function applied(api: KubernetesApi, path: string, manager: string, object: object): Promise<ApiObject | undefined> {
  const query = `?fieldManager=${encodeURIComponent(manager)}&force=true`;
  const whole = { apiVersion: "v1", ...object };
  const { status, body } = await api.send("PATCH", `${path}${query}`, whole, "application/apply-patch+yaml");
  if (status < 300) return body;
  if ([403, 404, 409].includes(status)) return undefined;
  throw new Error(`apply ${path}: ${status} ${String(body.message)}`);
}
