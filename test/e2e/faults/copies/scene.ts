import { readFile } from "node:fs/promises";
import type { SecretObject } from "../../../../lib/clients/kubernetes/client";
import { pullSecret } from "../../../../lib/schema";
import { kubernetesRefusal } from "../../../../sandbox/fault-proxy";
import type { Cluster } from "../../support/cluster";
import { userToken } from "../../support/user-token";
import { SECRET_NAME } from "../access/configuration";
import { TIMEOUTS } from "../configuration";
import type { Moment, Scene } from "../scene";

const SOURCE = "all-icr-io";
const PASSWORD = "hunter22-of-the-source";

/** A pull secret in two namespaces, copied out of one in a third; what is damaged is a copy, and the source has changed. */
export async function openCopies(cluster: Cluster, name: string): Promise<Scene> {
  const { state } = cluster;
  const owner = `faults/${name}`;
  const [from, ...namespaces] = [`${name}-source`, `${name}-one`, `${name}-two`];
  await Promise.all([from, ...namespaces].map((namespace) => cluster.createNamespace(namespace)));
  const source = (generation: number) => {
    const auth = Buffer.from(`iamapikey:${PASSWORD}-${generation}`).toString("base64");
    return { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths: { "us.icr.io": { auth } } })).toString("base64") };
  };
  let damages = 0;
  await cluster.create<SecretObject>("secrets", {
    metadata: { name: SOURCE, namespace: from },
    type: "kubernetes.io/dockerconfigjson",
    data: source(damages),
  });
  const ca = await readFile(state.caFile, "utf8");
  const token = await userToken(cluster, name, "cluster-admin");
  const held = (secret: SecretObject | undefined): unknown => {
    const text = Buffer.from(secret?.data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8");
    return secret === undefined ? undefined : JSON.parse(text).auths["us.icr.io"]?.auth;
  };

  return {
    owner,
    services: { kubernetes: { url: state.apiServer, refusal: kubernetesRefusal } },
    env: { KUBE_TOKEN: token },
    secrets: [token, PASSWORD, Buffer.from(`iamapikey:${PASSWORD}`).toString("base64").slice(0, 40)],
    neverTwice: [],
    configure: ({ urls, variant, generation }) => ({
      provider: { owner, request_timeout: "2s", kubernetes: { host: urls.kubernetes ?? "", cluster_ca_certificate: ca } },
      resources: [
        {
          schema: pullSecret,
          config: {
            name: SECRET_NAME,
            namespaces,
            labels: { variant, generation: `${generation}` },
            registries: [{ copy_from: { namespace: from, name: SOURCE } }],
            timeouts: TIMEOUTS,
          },
        },
      ],
      lookedUp: [],
    }),
    async damage() {
      damages += 1;
      await cluster.edit<SecretObject>("secrets", from, SOURCE, (secret) => ({ ...secret, data: source(damages) }));
      const [first = ""] = namespaces;
      if ((await cluster.secret(first, SECRET_NAME)) !== undefined) await cluster.delete("secrets", first, SECRET_NAME);
    },
    async faultsOf(_, { settled }: Moment) {
      const [original, ...copies] = await Promise.all([
        cluster.secret(from, SOURCE),
        ...namespaces.map((namespace) => cluster.secret(namespace, SECRET_NAME)),
      ]);
      const there = copies.filter((copy) => copy !== undefined);
      const faults = held(original) === held({ data: source(damages), metadata: { name: "" } }) ? [] : ["the source was written"];
      if (settled === "gone" && there.length > 0) faults.push(`${there.length} copies after the destroy`);
      if (settled === "made" && copies.some((copy) => held(copy) !== held(original)))
        faults.push("a copy does not hold what its source holds");
      return faults;
    },
  };
}
