/** Issue 4: whose a Secret is that is not as this resource wrote it. */
import type { SecretObject } from "../../../../lib/clients/kubernetes/client";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { create } from "../../../../lib/provider/resources/pull-secret/create";
import { destroy } from "../../../../lib/provider/resources/pull-secret/delete";
import { read } from "../../../../lib/provider/resources/pull-secret/read";
import { update } from "../../../../lib/provider/resources/pull-secret/update";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

const TYPE = "kubernetes.io/dockerconfigjson";
const LABEL = "app.kubernetes.io/managed-by";
const OWNER = "registry-access/owner";
const INSTANCE = "registry-access/instance";

const configOf = (...namespaces: readonly string[]) => ({
  name: "pull",
  namespaces,
  registries: [{ hosts: ["registry.example.com"], username: "acme", password_wo: "hunter22" }],
});

function labelled(namespace: string, more: Partial<SecretObject> = {}): SecretObject {
  const data = { ".dockerconfigjson": "e30=" };
  return { type: TYPE, metadata: { name: "pull", namespace, labels: { [LABEL]: "registry-access" } }, data, ...more };
}

async function made(cluster: FakeCluster, owner = "tests"): Promise<ObjectValue> {
  const config = configOf("a");
  return (await create({ planned: config, config, privateData: null }, cluster.context(owner))).state;
}

async function refreshed(cluster: FakeCluster, state: ObjectValue, owner = "tests"): Promise<ObjectValue> {
  return (await read({ state, privateData: null }, cluster.context(owner)))?.state ?? {};
}

/** Updates to these namespaces; returns the state and the summaries of what was reported. */
async function updated(cluster: FakeCluster, prior: ObjectValue, namespaces: readonly string[], owner = "tests") {
  const config = configOf(...namespaces);
  const summaries: string[] = [];
  const context = {
    ...cluster.context(owner),
    report: ({ summary }: { readonly summary: string }) => void summaries.push(summary),
  };
  const planned = { ...prior, ...config, owner };
  const { state } = await update({ prior, planned, config, privateData: null }, context);
  return { state, summaries };
}

const FOREIGN = "Secret belongs to somebody else";
const secretAt = (cluster: FakeCluster, namespace: string) =>
  cluster.at("secrets", namespace, "pull") as SecretObject | undefined;

describe("a Secret with nothing of ours but the label", () => {
  it.each<[string, SecretObject]>([
    ["of our type", labelled("a")],
    ["of another type, and immutable", labelled("a", { type: "Opaque", immutable: true, data: { precious: "eA==" } })],
  ])("%s is foreign to a new resource", async (_, secret) => {
    const cluster = createFakeCluster();
    cluster.put("secrets", secret);
    await expect(made(cluster)).rejects.toMatchObject({ diagnostics: [{ severity: "error", summary: FOREIGN }] });
    expect(secretAt(cluster, "a")).toMatchObject(secret);
  });

  it("issue 7: is foreign in hundreds of namespaces: the first is told in full, the rest by name and number", async () => {
    const cluster = createFakeCluster();
    const namespaces = Array.from({ length: 200 }, (_, index) => `team-${index}`);
    for (const namespace of namespaces) cluster.put("secrets", labelled(namespace));
    const config = configOf(...namespaces);
    const creating = create({ planned: config, config, privateData: null }, cluster.context("tests"));
    const more = /The same in 199 other namespaces: team-1, team-10, team-100, team-101, team-102 and 194 more\.$/;
    const told = [{ summary: FOREIGN, detail: expect.stringMatching(more) }];
    await expect(creating).rejects.toMatchObject({ diagnostics: told });
  });

  it("is foreign in a namespace that an update adds, and left by its destroy", async () => {
    const cluster = createFakeCluster();
    const prior = await made(cluster);
    cluster.put("secrets", labelled("b"));
    const { state, summaries } = await updated(cluster, prior, ["a", "b"]);
    expect(summaries).toEqual([FOREIGN]);
    expect(state).toMatchObject({ targets: { a: { status: "in_sync" }, b: { status: "foreign" } } });
    await destroy({ prior: state, privateData: null }, cluster.context("tests"));
    expect(secretAt(cluster, "a")).toBeUndefined();
    expect(secretAt(cluster, "b")).toMatchObject(labelled("b"));
  });

  it("lost its annotations where the state holds it: edited, and repaired", async () => {
    const cluster = createFakeCluster();
    const prior = await made(cluster);
    cluster.put("secrets", labelled("a"));
    const state = await refreshed(cluster, prior);
    expect(state).toMatchObject({ targets: { a: { status: "edited" } } });
    // Until it is repaired, a destroy leaves it.
    await destroy({ prior: state, privateData: null }, cluster.context("tests"));
    expect(secretAt(cluster, "a")).toBeDefined();
    expect((await updated(cluster, state, ["a"])).summaries).toEqual([]);
    expect(secretAt(cluster, "a")?.metadata.annotations).toMatchObject({ [OWNER]: "tests", [INSTANCE]: prior.instance });
  });

  it.each<[string, SecretObject, string]>([
    ["of another type", labelled("a", { type: "Opaque", data: { precious: "eA==" } }), "in_sync"],
    ["where it was missing before", labelled("a"), "missing"],
  ])("is foreign %s, though the state has the target", async (_, secret, status) => {
    const cluster = createFakeCluster();
    const prior = { ...(await made(cluster)), targets: { a: { status } } };
    cluster.put("secrets", secret);
    const state = await refreshed(cluster, prior);
    expect(state).toMatchObject({ targets: { a: { status: "foreign" } } });
    expect((await updated(cluster, state, ["a"])).summaries).toEqual([FOREIGN]);
    expect(secretAt(cluster, "a")).toMatchObject(secret);
  });
});

describe("a Secret that carries our owner's annotation, and is not as we write one", () => {
  const data = { precious: "eA==" };
  const marked = (more: Partial<SecretObject>, metadata: object = {}, instance = "0123456789abcdef"): SecretObject => ({
    type: TYPE,
    data: { ".dockerconfigjson": "e30=" },
    ...more,
    metadata: { name: "pull", namespace: "a", annotations: { [OWNER]: "tests", [INSTANCE]: instance }, ...metadata },
  });
  const ownerReferences = [{ kind: "Controller", name: "theirs" }];
  const COPIED = 'carries the annotation registry-access/owner of this owner ("tests"), but is not as this provider writes one';
  const cases: readonly (readonly [string, SecretObject, string, string])[] = [
    ["of another type", marked({ type: "Opaque", data }), FOREIGN, COPIED],
    ["of another type, and immutable", marked({ type: "Opaque", data, immutable: true }), FOREIGN, COPIED],
    ["of a controller", marked({}, { ownerReferences }), FOREIGN, COPIED],
    ["that is immutable", marked({ immutable: true }), "Immutable Secret", "It is not taken up: it is immutable"],
  ];

  it.each(cases)("fails for one %s: a create leaves it", async (_, secret, summary, detail) => {
    const cluster = createFakeCluster();
    cluster.put("secrets", secret);
    const error = { severity: "error", summary, detail: expect.stringContaining(detail) };
    await expect(made(cluster)).rejects.toMatchObject({ diagnostics: [error] });
    expect(secretAt(cluster, "a")).toMatchObject(secret);
  });

  it.each(cases)("fails for one %s: an update leaves it", async (_, secret, summary) => {
    const cluster = createFakeCluster();
    const prior = await made(cluster);
    cluster.put("secrets", secret);
    const state = await refreshed(cluster, prior);
    expect(state).toMatchObject({ targets: { a: { status: "foreign" } } });
    expect((await updated(cluster, state, ["a"])).summaries).toEqual([summary]);
    expect(secretAt(cluster, "a")).toMatchObject(secret);
  });

  it("of this resource's own id, and frozen: is made anew, and that is told", async () => {
    const cluster = createFakeCluster();
    const prior = await made(cluster);
    cluster.put("secrets", marked({ immutable: true }, {}, String(prior.instance)));
    const state = await refreshed(cluster, prior);
    expect((await updated(cluster, state, ["a"])).summaries).toEqual(["Secrets were made anew"]);
    expect(secretAt(cluster, "a")?.immutable).toBeUndefined();
  });
});

describe("a copied state under another owner", () => {
  it("is told that the Secret is somebody else's, once one of the two has relabelled it", async () => {
    const cluster = createFakeCluster();
    const left = await made(cluster, "left");
    const right = (await updated(cluster, left, ["a"], "right")).state;
    expect(right).toMatchObject({ owner: "right", instance: left.instance });
    const state = await refreshed(cluster, left, "left");
    expect(state).toMatchObject({ targets: { a: { status: "foreign" } } });
    expect((await updated(cluster, state, ["a"], "left")).summaries).toEqual([FOREIGN]);
    await destroy({ prior: left, privateData: null }, cluster.context("left"));
    expect(secretAt(cluster, "a")?.metadata.annotations?.[OWNER]).toBe("right");
  });
});

describe("another owner in the configuration", () => {
  it("keeps the state's owner while a Secret could not be relabelled, and ends with both relabelled", async () => {
    const cluster = createFakeCluster();
    const prior = (await updated(cluster, await made(cluster, "before"), ["a", "b"], "before")).state;
    cluster.refuse("b");
    const half = await updated(cluster, prior, ["a", "b"], "after");
    expect([half.state.owner, half.summaries]).toEqual(["before", ["Not allowed"]]);
    expect(await refreshed(cluster, half.state, "after")).toMatchObject({
      targets: { a: { status: "edited" }, b: { status: "in_sync" } },
    });
    cluster.accept("b");
    expect((await updated(cluster, half.state, ["a", "b"], "after")).state.owner).toBe("after");
    expect(["a", "b"].map((namespace) => secretAt(cluster, namespace)?.metadata.annotations?.[OWNER])).toEqual([
      "after",
      "after",
    ]);
  });
});
