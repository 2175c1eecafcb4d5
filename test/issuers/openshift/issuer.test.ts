import { ClientError } from "../../../lib/clients/client-error";
import type { KubernetesObject, SecretObject } from "../../../lib/clients/kubernetes/client";
import { Secret } from "../../../lib/domain/secret";
import { formatTokenDescription } from "../../../lib/domain/token-mark";
import { createIssuer, type ServiceAccountTokenRequest } from "../../../lib/issuers";
import { createFakeCluster, type FakeCluster } from "../../provider/resources/fake-cluster";

const signal = AbortSignal.timeout(60_000);
const NONCE = "00112233aabbccdd";
const SECRET = `pull-registry-token-${NONCE}`;
const DESCRIPTION = formatTokenDescription("ci", { owner: "shop", name: "pull", number: 1, keep: false, nonce: NONCE });
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A cluster whose controller fills token Secrets, and whose API server signs bound tokens. */
function world(change: Partial<FakeCluster["client"]> = {}, hosts?: readonly string[]) {
  const cluster = createFakeCluster();
  const requested: unknown[] = [];
  const base = cluster.client;
  const client: FakeCluster["client"] = {
    ...base,
    async create(of, object, options, at) {
      if (of.resource === "serviceaccounts/pull/token") {
        const { spec } = object as unknown as { readonly spec: { readonly boundObjectRef: { name: string; uid: string } } };
        requested.push(spec);
        const { name, uid } = spec.boundObjectRef;
        const bound = { namespace: "shop", secret: { name, uid }, serviceaccount: { name: "pull", uid: accountUid(cluster) } };
        const token = jwt({ "kubernetes.io": bound, iat: 1_700_000_000, exp: 1_700_003_600 });
        return { ...object, status: { token, expirationTimestamp: "2023-11-14T23:13:20Z" } };
      }
      const made = await base.create(of, object, options, at);
      const { type } = made as SecretObject;
      if (type === "kubernetes.io/service-account-token")
        cluster.put(of.resource, { ...made, data: { token: base64("long-lived") } } as KubernetesObject);
      return made;
    },
    ...change,
  };
  cluster.put("serviceaccounts", { metadata: { name: "pull", namespace: "shop" } });
  const issuer = createIssuer(
    { kind: "openshift", name: "cluster", ...(hosts === undefined ? {} : { hosts }) },
    { cluster: async () => client, sleep: async () => undefined },
  );
  return { cluster, client, issuer, tokens: issuer.tokensIn("shop"), requested };
}

const accountUid = (cluster: FakeCluster) => cluster.at("serviceaccounts", "shop", "pull")?.metadata.uid;
const request = (more: Partial<ServiceAccountTokenRequest> = {}) => ({
  serviceAccount: "pull",
  lifetimeSeconds: null,
  description: DESCRIPTION,
  ...more,
});

test("a long-lived token is that of a Secret which the cluster fills", async () => {
  const { tokens, issuer, cluster } = world();
  expect(await tokens.issue(request(), signal)).toEqual({
    id: `shop/${SECRET}`,
    description: DESCRIPTION,
    revoked: false,
    expiresAt: null,
    issuedAt: null,
    serviceAccount: "pull",
    lifetimeSeconds: null,
  });
  expect(cluster.at("secrets", "shop", SECRET)).toMatchObject({
    type: "kubernetes.io/service-account-token",
    metadata: {
      annotations: {
        "kubernetes.io/service-account.name": "pull",
        "registry-access/owner": "shop",
        "registry-access/instance": NONCE,
      },
    },
  });
  const revealed = await issuer.reveal(`shop/${SECRET}`, signal);
  expect([revealed?.username, revealed?.password.reveal()]).toEqual(["pull", "long-lived"]);
});

test("a bound token is kept in the Secret that it is bound to, and is gone with it", async () => {
  const { tokens, issuer, cluster, requested } = world();
  const token = await tokens.issue(request({ lifetimeSeconds: 600 }), signal);
  expect(token).toMatchObject({
    id: `shop/${SECRET}`,
    expiresAt: new Date("2023-11-14T23:13:20Z"),
    issuedAt: new Date("2023-11-14T22:13:20Z"),
    lifetimeSeconds: 600,
  });
  const { uid } = cluster.at("secrets", "shop", SECRET)?.metadata ?? {};
  expect(requested).toEqual([
    { expirationSeconds: 600, boundObjectRef: { kind: "Secret", apiVersion: "v1", name: SECRET, uid } },
  ]);
  const revealed = await issuer.reveal(token.id, signal);
  expect(revealed?.username).toBe("pull");
  expect(revealed && (await issuer.identify(revealed, signal))).toBe(token.id);
  expect(await tokens.list(signal)).toEqual([token]);

  await tokens.revoke(token.id, signal);
  expect(await issuer.reveal(token.id, signal)).toBeUndefined();
  expect(await tokens.list(signal)).toEqual([]);
  await tokens.revoke(token.id, signal);
});

test("a token's Secret goes although the cluster once says that there is none", async () => {
  let wrong = 0;
  const { tokens, cluster } = world({
    get: async (location, at) => (wrong-- > 0 ? undefined : cluster.client.get(location, at)),
  });
  const token = await tokens.issue(request(), signal);
  wrong = 1;
  await tokens.revoke(token.id, signal);
  expect(cluster.at("secrets", "shop", SECRET)).toBeUndefined();
});

test("an account or a Secret that was made anew makes a bound token useless, and the list says so", async () => {
  const { tokens, cluster, client } = world();
  await tokens.issue(request({ lifetimeSeconds: 600 }), signal);
  await client.delete({ apiVersion: "v1", resource: "serviceaccounts", namespace: "shop", name: "pull" }, {}, signal);
  expect(await tokens.list(signal)).toMatchObject([{ fault: "unauthorized" }]);
  cluster.put("serviceaccounts", { metadata: { name: "pull", namespace: "shop" } });
  expect(await tokens.list(signal)).toMatchObject([{ fault: "unauthorized" }]);
});

test("a bound token whose Secret lost label, annotations or value is still found by its name, and goes with it", async () => {
  for (const strip of [
    { labels: {} },
    { annotations: {} },
    { labels: {}, annotations: {} },
    { labels: {}, annotations: {}, data: {} },
  ]) {
    const { issuer, cluster, client } = world();
    const token = await issuer.tokensIn("shop").issue(request({ lifetimeSeconds: 600 }), signal);
    const secret = cluster.at("secrets", "shop", SECRET) as SecretObject;
    const { data = secret.data, ...metadata } = strip as Partial<SecretObject> & object;
    const stripped = { ...secret, data, metadata: { ...secret.metadata, ...metadata } };
    await client.replace({ apiVersion: "v1", resource: "secrets", namespace: "shop", name: SECRET }, stripped, signal);
    const own = issuer.tokensIn("shop", SECRET);
    const isWhole = data === secret.data;
    expect(await own.list(signal)).toMatchObject([
      { id: token.id, serviceAccount: "pull", ...(isWhole ? {} : { fault: "unauthorized" }) },
    ]);
    if (isWhole) expect((await issuer.reveal(token.id, signal))?.username).toBe("pull");
    await own.revoke(token.id, signal);
    expect(cluster.at("secrets", "shop", SECRET)).toBeUndefined();
    expect(await own.list(signal)).toEqual([]);
  }
});

test("a Secret in a state's place that is none of ours is not listed", async () => {
  const { issuer, cluster } = world();
  cluster.put("secrets", { metadata: { name: "database", namespace: "shop" }, type: "Opaque" } as KubernetesObject);
  expect(await issuer.tokensIn("shop", "database").list(signal)).toEqual([]);
});

test("a token Secret that was made by hand is listed, and no other Secret is", async () => {
  const { tokens, cluster } = world();
  const account = { "kubernetes.io/service-account.name": "pull" };
  const type = "kubernetes.io/service-account-token";
  const put = (name: string, more: object) => cluster.put("secrets", { metadata: { name, namespace: "shop" }, ...more });
  put("by-hand", { metadata: { name: "by-hand", namespace: "shop", annotations: account }, type });
  put("database", { type: "Opaque", data: { token: base64("not-ours") } });
  const invalid = { "kubernetes.io/legacy-token-invalid-since": "2026-01-01" };
  put("stale", { metadata: { name: "stale", namespace: "shop", annotations: account, labels: invalid }, type });
  expect((await tokens.list(signal)).map(({ id, description, fault }) => [id, description, fault])).toEqual([
    ["shop/by-hand", "", undefined],
    ["shop/stale", "", "disabled"],
  ]);
});

test("a create that was carried out although its answer was lost is taken up by its nonce", async () => {
  const { tokens, cluster, client } = world();
  const lost = world({
    create: async (of, object, options, at) => {
      await client.create(of, object, options, at);
      throw new ClientError("conflict", "there already", { serviceCode: "AlreadyExists" });
    },
    get: (at, when) => client.get(at, when),
  });
  expect((await lost.tokens.issue(request(), signal)).id).toBe(`shop/${SECRET}`);
  expect(cluster.at("secrets", "shop", SECRET)).toBeDefined();
  expect(await tokens.list(signal)).toHaveLength(1);
});

describe("fails when", () => {
  test("there is no such ServiceAccount, and when there is no such project", async () => {
    const { tokens } = world();
    await expect(tokens.issue(request({ serviceAccount: "other" }), signal)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(
        /^Issuer "cluster": There is no ServiceAccount "other" in project "shop".*No token was issued/,
      ),
    });
    const nowhere = world({ get: async () => undefined });
    await expect(nowhere.tokens.issue(request(), signal)).rejects.toMatchObject({
      message: expect.stringContaining('There is no project "shop"'),
    });
  });

  test("the ServiceAccount goes while its Secret is waited for", async () => {
    const { tokens, client } = world();
    const going = world({
      create: async (_, object) => object,
      get: async (at, when) => (at.resource === "secrets" ? undefined : client.get(at, when)),
    });
    await expect(going.tokens.issue(request(), signal)).rejects.toMatchObject({ code: "not_found" });
    expect(await tokens.list(signal)).toEqual([]);
  });

  test("a Secret holds no token, whatever its keys are called", async () => {
    const { issuer, cluster } = world();
    cluster.put("secrets", {
      metadata: { name: "database", namespace: "shop" },
      type: "Opaque",
      data: { token: base64("s3cret-value") },
    } as never);
    const failure = await issuer.reveal("shop/database", signal).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: "invalid", message: expect.stringContaining("holds no ServiceAccount token") });
    expect(String(failure)).not.toContain("s3cret");
    await expect(issuer.reveal("database", signal)).rejects.toMatchObject({ code: "invalid" });
  });

  test("the list is refused: that is never an empty one", async () => {
    const { tokens } = world({
      list: () => Promise.reject(new ClientError("forbidden", "GET …/secrets: 403 Forbidden", { status: 403 })),
    });
    await expect(tokens.list(signal)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("list, get, create"),
    });
  });
});

describe("hosts", () => {
  const published = { internalRegistryHostname: "registry.svc:5000", externalRegistryHostnames: ["own.example.com"] };
  const route = {
    metadata: { name: "default-route", namespace: "openshift-image-registry" },
    status: { ingress: [{ host: "default.apps.example.com", conditions: [{ type: "Admitted", status: "True" }] }] },
  };

  test("are what the cluster publishes, with a route that was admitted a moment ago", async () => {
    const { issuer, cluster } = world();
    cluster.put("images", { metadata: { name: "cluster" }, status: published } as never);
    expect(await issuer.hosts(signal)).toEqual(["own.example.com", "registry.svc:5000"]);
    cluster.put("routes", route as never);
    expect(await issuer.hosts(signal)).toEqual(["own.example.com", "default.apps.example.com", "registry.svc:5000"]);
  });

  test("are what is configured, where something is, and nobody is asked", async () => {
    const { issuer } = world({ get: () => Promise.reject(new Error("asked")) }, ["mine.example.com"]);
    expect(await issuer.hosts(signal)).toEqual(["mine.example.com"]);
  });
});

test("a value that names no Secret is not taken for a token of ours", async () => {
  const { issuer } = world();
  expect(await issuer.identify({ username: "x", password: Secret.of("hunter2") }, signal)).toBeUndefined();
});
