import type { KubernetesClient, KubernetesObject, Location } from "../../../lib/clients/kubernetes/client";
import type { Secret } from "../../../lib/domain/secret";
import { inspectNamespaces, type Row } from "../../../sandbox/main-job/cells";
import type { Deployed } from "../../../sandbox/main-job/deployed";

const { signal } = new AbortController();
const base64 = (text: string) => Buffer.from(text).toString("base64");
const secretOf = (content: string, type = "kubernetes.io/dockerconfigjson") => ({
  metadata: { name: "pull", namespace: "a" },
  type,
  data: { ".dockerconfigjson": base64(content) },
});

/** A fake: the cluster's one Secret, and no Pod. */
function clusterWith(secret: KubernetesObject | undefined): KubernetesClient {
  const unused = () => Promise.reject(new Error("not asked for here"));
  return {
    server: "https://127.0.0.1:6443",
    get: async <T extends KubernetesObject>({ resource }: Location) => (resource === "secrets" ? (secret as T) : undefined),
    list: unused,
    create: unused,
    replace: unused,
    patch: unused,
    delete: unused,
    can: unused,
    close: async () => undefined,
  };
}

const deployed: Deployed = {
  pullSecrets: new Map([["a", [{ name: "pull", hosts: ["one.example", "docker.io"], copiesAll: false }]]]),
  serviceAccounts: new Map(),
  samples: [],
};
const pulled = async (host: string, _: Secret) => ({ repository: `of/${host}`, bytes: 7, fault: undefined });
const pulls = { withSecret: pulled, anonymous: async () => ({ repository: "library/nginx", bytes: 9, fault: undefined }) };
const well = (text: string) => ({ state: "well", text });
const notWell = (text: string) => ({ state: "not_well", text });

describe("inspectNamespaces: a pull secret", () => {
  const cases: { readonly [name: string]: readonly [KubernetesObject | undefined, Partial<Row>] } = {
    "with every host": [
      secretOf('{"auths":{"one.example":{"username":"u"},"https://index.docker.io/v1/":{"username":"u"}}}'),
      {
        secret: well("pull"),
        registries: well("one.example\ndocker.io"),
        pull: well("of/one.example 7 B\nof/docker.io 7 B"),
      } as Row,
    ],
    "fails when a host is missing": [
      secretOf('{"auths":{"one.example":{"username":"u"}}}'),
      { secret: well("pull"), registries: notWell("one.example\ndocker.io is not in the Secret") } as Row,
    ],
    "fails when there is none": [
      undefined,
      {
        secret: notWell("pull is not there"),
        registries: notWell("one.example is not in the Secret\ndocker.io is not in the Secret"),
      } as Row,
    ],
    "fails when it is no JSON": [secretOf("{"), { secret: notWell("pull is no docker config JSON") } as Row],
    "fails when it is of another type": [secretOf("{}", "Opaque"), { secret: notWell("pull is of type Opaque") } as Row],
  };
  it.each(Object.keys(cases))("%s", async (name) => {
    const [secret, expected] = cases[name] ?? [];
    const [row] = await inspectNamespaces(deployed, { cluster: clusterWith(secret), node: "none", pulls }, signal);
    expect(row).toMatchObject(expected ?? {});
  });

  it("a copy of all hosts is for those that the Secret itself has", async () => {
    const pullSecrets = new Map([["a", [{ name: "pull", hosts: [], copiesAll: true }]]]);
    const secret = secretOf('{"auths":{"us.icr.io":{"username":"u","password":"p"},"de.icr.io":{}}}');
    const [row] = await inspectNamespaces(
      { ...deployed, pullSecrets },
      { cluster: clusterWith(secret), node: "none", pulls },
      signal,
    );
    expect(row).toMatchObject({ registries: well("us.icr.io"), pull: well("of/us.icr.io 7 B") });
  });
});
