/** What lies around a stack that crashes and belongs to others, and has to stay as it is. */
import type { SecretObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { bluemixOf } from "../mistakes/bluemix";
import { SECRET_NAME } from "../support/access-hcl";
import type { Cluster } from "../support/cluster";

const OTHER_OWNER = "tests/other";
const ENTRIES = "registry-access/entries";

/** A ServiceAccount's part that a patch may touch, without what is registered for one owner. */
interface Entries {
  readonly names: readonly string[];
  readonly register: object;
}

/** Other people's things beside and among those of one owner. */
export interface Neighbours {
  /** All of it as it is now: the same before and after whatever the owner does. */
  photograph(): Promise<unknown>;
}

/** Plants them; the namespaces and their ServiceAccounts have to be there. */
export async function plantNeighbours(
  cluster: Cluster,
  { owner, namespaces, aside }: { readonly owner: string; readonly namespaces: readonly string[]; readonly aside: string },
): Promise<Neighbours> {
  const bluemix = bluemixOf(cluster.state);
  const [first = "", second = ""] = namespaces;
  await cluster.create<SecretObject>("secrets", {
    type: "kubernetes.io/dockerconfigjson",
    metadata: {
      name: SECRET_NAME,
      namespace: aside,
      labels: { "app.kubernetes.io/managed-by": "registry-access" },
      annotations: { "registry-access/owner": OTHER_OWNER, "registry-access/instance": "0123456789abcdef" },
    },
    data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
  });
  const add = (namespace: string, names: readonly string[], registered: { readonly [name: string]: string }) =>
    cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
      ...account,
      metadata: { ...account.metadata, annotations: { [ENTRIES]: JSON.stringify({ [OTHER_OWNER]: registered }) } },
      imagePullSecrets: names.map((name) => ({ name })),
    }));
  await add(first, ["by-hand", "theirs"], { theirs: "0123456789abcdef" });
  // The same name as ours, by two owners: it goes with the last of them.
  await add(second, [SECRET_NAME], { [SECRET_NAME]: "0123456789abcdef" });
  await add(aside, [SECRET_NAME], { [SECRET_NAME]: "0123456789abcdef" });
  const tokens = await Promise.all([
    bluemix.issueToken(`of ${owner}, by hand`),
    bluemix.issueToken(`[registry-access owner=${OTHER_OWNER} name=pull number=1 nonce=0123456789abcdef]`),
    bluemix.issueToken(`[registry-access owner=${owner} name=push number=1 nonce=0123456789abcdef]`),
    bluemix.issueToken(`[registry-access owner=${owner} name=pull number=1 keep=true nonce=0123456789abcdef]`),
  ]);

  async function entries(namespace: string): Promise<Entries> {
    const account = await cluster.serviceAccount(namespace);
    const register = JSON.parse(account?.metadata.annotations?.[ENTRIES] ?? "{}") as { [owner: string]: object };
    const { [owner]: own, ...others } = register;
    const names = (account?.imagePullSecrets ?? []).map(({ name }) => name);
    const isShared = Object.values(others).some((theirs) => SECRET_NAME in theirs);
    return { names: names.filter((name) => isShared || name !== SECRET_NAME), register: others };
  }

  return {
    async photograph() {
      const living = (await bluemix.tokens()).filter(({ id }) => tokens.includes(id));
      return {
        secret: await cluster.secret(aside, SECRET_NAME),
        aside: await cluster.serviceAccount(aside),
        entries: await Promise.all(namespaces.map(entries)),
        tokens: living.map(({ id, revoked }) => ({ id, revoked })),
      };
    },
  };
}
