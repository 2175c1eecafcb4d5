/** No client follows a redirect with a credential, wherever it leads: every call of each, against real servers. */
import { createBluemixRegistryClient } from "../../lib/clients/bluemix-registry";
import { createCloudFoundryClient } from "../../lib/clients/cloud-foundry";
import { createContainerRegistryClient } from "../../lib/clients/container-registry/client";
import { createKubernetesClient } from "../../lib/clients/kubernetes/create-client";
import { createUaaClient } from "../../lib/clients/uaa";
import { Secret } from "../../lib/domain/secret";
import { createAuthority, issueCertificate, type KeyPair } from "../../sandbox/certificates";
import { NO_SETTINGS } from "./kubernetes/settings";
import { type Answer, type Received, startTestServer, type TestServer } from "./test-server";

const signal = AbortSignal.timeout(60_000);
const runtime = { env: {}, sleep: async () => undefined };
const secret = { metadata: { name: "s", namespace: "n" }, data: { k: "djE=" } };
const at = { apiVersion: "v1", resource: "secrets", namespace: "n", name: "s" };

type Call = (url: string, ca: string) => Promise<unknown>;

const kubernetes =
  (call: (client: Awaited<ReturnType<typeof createKubernetesClient>>) => Promise<unknown>): Call =>
  async (host, clusterCaCertificate) => {
    const client = await createKubernetesClient({ ...NO_SETTINGS, host, token: "marker", clusterCaCertificate }, runtime);
    return call(client).finally(() => client.close());
  };
const bluemix =
  (call: (client: ReturnType<typeof createBluemixRegistryClient>) => Promise<unknown>): Call =>
  (baseUrl, ca) => {
    const caller = { authorization: Secret.of("bearer marker"), organization: "o" };
    const login = { caller: async () => caller, renew: async () => undefined };
    const client = createBluemixRegistryClient({ ...runtime, baseUrl, ca }, login);
    return call(client).finally(() => client.close());
  };
const registry =
  (call: (client: ReturnType<typeof createContainerRegistryClient>) => Promise<unknown>): Call =>
  (url, ca) => {
    const credential = { username: "u", password: Secret.of("marker") };
    const client = createContainerRegistryClient({ ...runtime, host: new URL(url).host, ca, credential });
    return call(client).finally(() => client.close());
  };
const organizations: Call = (baseUrl, ca) => {
  const client = createCloudFoundryClient({ ...runtime, baseUrl, ca }, { kind: "oauth_token", token: Secret.of("marker") });
  return client.listOrganizations(signal).finally(() => client.close());
};
const uaa: Call = (baseUrl, ca) => {
  const client = createUaaClient({ ...runtime, baseUrl, ca });
  const login = { kind: "password", username: "u", password: Secret.of("marker") } as const;
  return client.login(login, signal).finally(() => client.close());
};

const calls: { readonly [name: string]: Call } = {
  "Kubernetes: get": kubernetes((client) => client.get(at, signal)),
  "Kubernetes: list": kubernetes((client) => client.list({ apiVersion: "v1", resource: "secrets" }, {}, signal)),
  "Kubernetes: create": kubernetes((client) => client.create(at, secret, {}, signal)),
  "Kubernetes: replace": kubernetes((client) => client.replace(at, secret, signal)),
  "Kubernetes: delete": kubernetes((client) => client.delete(at, {}, signal)),
  "Kubernetes: access review": kubernetes((client) => client.can("get", at, signal)),
  "Cloud Foundry: organizations": organizations,
  "UAA: login": uaa,
  "Bluemix registry: list": bluemix((client) => client.listTokens(signal)),
  "Bluemix registry: get": bluemix((client) => client.getToken("t", signal)),
  "Bluemix registry: create": bluemix((client) =>
    client.createToken({ description: "d", permanent: true, write: false }, signal),
  ),
  "Bluemix registry: delete": bluemix((client) => client.deleteToken("t", signal)),
  "container registry: manifest, logged in": registry((client) => client.getManifest("a/b", "1", signal)),
  "container registry: token": registry((client) => client.headManifest("token/b", "1", signal)),
};

let authority: KeyPair;
let tls: { readonly cert: string; readonly key: string };
let thief: TestServer;
let plainThief: TestServer;
let server: TestServer;
let location: () => string;

/** The registry asks for a login first: only then is there a credential to be lost. */
function answer({ url, headers }: Received): Answer {
  const loggedIn = headers.authorization !== undefined;
  if (url.startsWith("/v2/token/"))
    return { status: 401, headers: { "www-authenticate": `Bearer realm="${server.url}/realm",service="s"` } };
  if (url.startsWith("/v2/a/") && !loggedIn) return { status: 401, headers: { "www-authenticate": "Basic realm=x" } };
  return { status: 307, headers: { location: location() } };
}

beforeAll(async () => {
  authority = await createAuthority("test");
  const made = await issueCertificate(authority, { commonName: "s", hosts: ["127.0.0.1", "127.0.0.2", "localhost"] });
  tls = { cert: made.certificate, key: made.key };
  // It would take anything, by either scheme.
  [thief, plainThief] = await Promise.all([startTestServer(() => ({ json: {} }), tls), startTestServer(() => ({ json: {} }))]);
  server = await startTestServer(answer, tls);
});
afterAll(() => Promise.all([server, thief, plainThief].map((each) => each?.close())));

const targets: { readonly [name: string]: [location: () => string, shown: RegExp] } = {
  "another host": [() => `https://localhost:${thief.port}/x`, / to localhost:\d+\./],
  "another port": [() => `${thief.url}/x`, / to 127\.0\.0\.1:\d+\./],
  "plain HTTP": [() => `${plainThief.url}/x`, / to 127\.0\.0\.1:\d+\./],
  "the same host": [() => `${server.url}/elsewhere`, / to 127\.0\.0\.1:\d+\./],
  "another path": [() => "/elsewhere", /a redirect\./],
};

describe.each(Object.entries(calls))("%s", (_, call) => {
  test.each(Object.entries(targets))("fails when it is redirected to %s", async (_target, [to, shown]) => {
    location = to;
    server.received.splice(0);
    const error = await call(server.url, authority.certificate).then(
      () => new Error("it went through"),
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: "malformed", message: expect.stringMatching(shown) });
    expect(error.message).toContain("Redirects are not followed, so that a credential never reaches another host");
    expect(error.message).not.toContain("marker");
    expect([...thief.received, ...plainThief.received]).toEqual([]);
    expect(server.received.filter(({ url }) => url.startsWith("/elsewhere"))).toEqual([]);
  });
});

test.each([301, 302, 303, 307, 308])("fails when the status is %d", async (status) => {
  const redirecting = await startTestServer(() => ({ status, headers: { location: `${thief.url}/x` } }), tls);
  try {
    await expect(uaa(redirecting.url, authority.certificate)).rejects.toMatchObject({ code: "malformed", options: { status } });
    expect([redirecting.received.length, thief.received]).toEqual([1, []]);
  } finally {
    await redirecting.close();
  }
});
