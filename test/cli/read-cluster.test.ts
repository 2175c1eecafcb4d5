import { readCluster } from "../../lib/cli/cluster/read-cluster";
import { ClientError } from "../../lib/clients/client-error";
import type { Collection, KubernetesClient, KubernetesObject } from "../../lib/clients/kubernetes/client";

const { signal } = new AbortController();

/** A cluster with two namespaces, which tells of each list that is asked for whether it may be read. */
function fakeClient(may: (resource: string, namespace: string | undefined) => boolean): {
  readonly client: KubernetesClient;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const list = async ({ resource, namespace }: Collection, { fieldSelector = "" }) => {
    asked.push([resource, namespace, fieldSelector].filter((part) => part !== undefined && part !== "").join(" "));
    if (!may(resource, namespace)) throw new ClientError("forbidden", `no ${resource} in ${namespace ?? "all"}`);
    const names = resource === "namespaces" ? ["team-a", "team-b"] : [];
    const objects = resource === "serviceaccounts" ? ["team-a", "team-b"].filter((of) => of === (namespace ?? of)) : [];
    return [
      ...names.map((name) => ({ metadata: { name } })),
      ...objects.map((of) => ({ metadata: { namespace: of, name: "default" }, imagePullSecrets: [{ name: "odd" }] })),
    ] as KubernetesObject[];
  };
  return { client: { server: "https://c.example", list, get: async () => undefined } as unknown as KubernetesClient, asked };
}

test("what may not be listed in all namespaces is listed in each", async () => {
  const { client, asked } = fakeClient((resource, namespace) => resource !== "pods" || namespace === "team-a");
  const facts = await readCluster(client, {}, signal);
  expect(facts.notLooked).toEqual([{ kind: "Pods", namespace: "team-b", reason: "no pods in team-b" }]);
  expect(asked.filter((what) => what.startsWith("pods"))).toEqual(["pods", "pods team-a", "pods team-b"]);
});

test("what may be listed nowhere is said once", async () => {
  const { client } = fakeClient((resource) => resource !== "pods" && resource !== "jobs");
  expect((await readCluster(client, {}, signal)).notLooked).toEqual([
    { kind: "Pods", reason: "no pods in all" },
    { kind: "workloads", reason: "no jobs in all" },
  ]);
});

test("Secrets are asked for by type, and by name where an entry names one of another", async () => {
  const { client, asked } = fakeClient(() => true);
  await readCluster(client, {}, signal);
  expect(asked.filter((what) => what.startsWith("secrets"))).toEqual([
    "secrets type=kubernetes.io/dockerconfigjson",
    "secrets type=kubernetes.io/dockercfg",
    "secrets metadata.name=odd",
  ]);
});

test("of Secrets that are named no other is asked for", async () => {
  const { client, asked } = fakeClient(() => true);
  await readCluster(client, { secretNames: ["pull"] }, signal);
  expect(asked.filter((what) => what.startsWith("secrets"))).toEqual(["secrets metadata.name=pull"]);
});

test("where not even namespaces may be listed, the rest is read for all", async () => {
  const { client } = fakeClient((resource) => resource !== "namespaces");
  const facts = await readCluster(client, {}, signal);
  expect(facts.namespaces).toEqual(["team-a", "team-b"]);
  expect(facts.notLooked).toEqual([{ kind: "Namespaces", reason: "no namespaces in all" }]);
});

test("fails when a cluster fails, since that says nothing about rights", async () => {
  const { client } = fakeClient(() => true);
  const failing = { ...client, list: () => Promise.reject(new ClientError("server_error", "503")) };
  await expect(readCluster(failing, {}, signal)).rejects.toThrow("503");
});
