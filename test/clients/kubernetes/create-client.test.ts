import { setMaxListeners } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesClient, KubernetesSettings, SecretObject } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { runExecPlugin } from "../../../lib/clients/kubernetes/exec-plugin";
import { listAll } from "../../../lib/clients/kubernetes/list";
import { clusterId } from "../../../lib/clients/kubernetes/namespaces";
import { secretAt, secretsIn, secretsNamed } from "../../../lib/clients/kubernetes/secrets";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";
import { NO_SETTINGS } from "./settings";

const signal = AbortSignal.timeout(60_000);
let server: TestServer | undefined;
let client: KubernetesClient | undefined;
afterEach(async () => {
  await client?.close();
  await server?.close();
});

async function start(
  answer: (request: Received, count: number) => Answer,
  settings: Partial<KubernetesSettings> = { token: "t0ken" },
) {
  server = await startTestServer(answer);
  client = await createKubernetesClient(
    { ...NO_SETTINGS, host: server.url, ...settings },
    { env: {}, sleep: async () => undefined },
  );
  return { client, received: server.received, url: server.url };
}

/** An error as an API server sends it. */
function status(code: number, reason: string, message: string): Answer {
  return { status: code, json: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message } };
}
const pull: SecretObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "pull", namespace: "a" },
  data: { k: "bWFya2Vy" },
};

test("get: reads an object with the bearer token", async () => {
  const { client, received } = await start(() => ({ json: pull }));
  expect(await client.get(secretAt("a", "pull"), signal)).toEqual(pull);
  expect(received.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ["GET", "/api/v1/namespaces/a/secrets/pull", "Bearer t0ken"],
  ]);
});

test("issue 7: an API server gets sixteen requests at the same time to begin with, from all that ask, and a 429 is sent again", async () => {
  const held: (() => void)[] = [];
  const { client, received } = await start((_, count) => (response) => {
    held.push(() => {
      if (count === 1) response.writeHead(429, { "retry-after": "7" }).end();
      else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(pull));
    });
  });
  const many = new AbortController().signal;
  setMaxListeners(0, many);
  const reading = Promise.all(Array.from({ length: 40 }, () => client.get(secretAt("a", "pull"), many)));
  while (held.length < 16) await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => setImmediate(done));
  expect(received).toHaveLength(16);
  const answering = setInterval(() => {
    for (const answer of held.splice(0)) answer();
  }, 5);
  try {
    expect([(await reading).length, received.length]).toEqual([40, 41]);
  } finally {
    clearInterval(answering);
  }
});

test("get: undefined where the API server says that it is not there", async () => {
  const { client } = await start(() => status(404, "NotFound", 'secrets "pull" not found'));
  expect(await client.get(secretAt("a", "pull"), signal)).toBeUndefined();
});

test("get: fails when a 404 is not the API server's own", async () => {
  const { client, url } = await start(() => ({ status: 404, text: "404 page not found" }));
  await expect(client.get({ ...secretAt("a", "pull"), apiVersion: "x.io/v1" }, signal)).rejects.toMatchObject({
    code: "not_found",
    message: `GET ${url}/apis/x.io/v1/namespaces/a/secrets/pull: 404, and not as an API server says that an object is missing. Does this cluster serve that type, and is it the address of an API server?`,
  });
});

test("get: fails when forbidden, in the API server's words", async () => {
  const words = 'secrets "pull" is forbidden: User "u" cannot get resource "secrets" in API group "" in the namespace "a"';
  const { client, url } = await start(() => status(403, "Forbidden", words));
  await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
    code: "forbidden",
    message: `GET ${url}/api/v1/namespaces/a/secrets/pull: 403 Forbidden: ${words}`,
    options: { status: 403, serviceCode: "Forbidden" },
  });
});

test("get: fails when the token is not accepted, naming where it is from", async () => {
  const { client, url } = await start(() => status(401, "Unauthorized", "Unauthorized"));
  await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
    code: "unauthenticated",
    message: `GET ${url}/api/v1/namespaces/a/secrets/pull: 401 Unauthorized. The API server does not accept the credential of the provider's kubernetes attribute: it is wrong, or has expired.`,
  });
});

describe("list", () => {
  const item = (name: string) => ({ metadata: { name } });
  const names = async (client: KubernetesClient) =>
    (await client.list(secretsIn(), { ...secretsNamed("pull"), limit: 2 }, signal)).map((each) => each.metadata.name);

  test("reads all pages", async () => {
    const { client, received } = await start((_, count) => ({
      json: { metadata: { continue: count < 3 ? `c${count}` : "" }, items: [item(`n${count}`)] },
    }));
    expect(await names(client)).toEqual(["n1", "n2", "n3"]);
    expect(received.map(({ url }) => url)).toEqual([
      "/api/v1/secrets?fieldSelector=metadata.name%3Dpull&limit=2",
      "/api/v1/secrets?fieldSelector=metadata.name%3Dpull&limit=2&continue=c1",
      "/api/v1/secrets?fieldSelector=metadata.name%3Dpull&limit=2&continue=c2",
    ]);
  });

  test("asks for smaller pages where one is too large, and loses nothing (issue 7)", async () => {
    const all = Array.from({ length: 20 }, (_, index) => item(`n${index}`));
    const { client, received } = await start(({ url }) => {
      const query = new URL(url, "http://server").searchParams;
      const [from, limit] = [Number(query.get("continue") ?? 0), Number(query.get("limit"))];
      const end = from + limit;
      // More than is read of a page.
      if (limit > 8) return { text: " ".repeat(33 * 1024 * 1024) };
      return { json: { metadata: { continue: end < all.length ? String(end) : "" }, items: all.slice(from, end) } };
    });
    expect(await client.list(secretsIn(), {}, signal)).toEqual(all);
    expect(received.map(({ url }) => new URL(url, "http://server").searchParams.get("limit"))).toEqual([
      "500",
      "62",
      "7",
      "7",
      "7",
    ]);
  });

  test("starts again where the continue token has expired, without doubles", async () => {
    const { client } = await start((_, count) =>
      count === 2
        ? status(410, "Expired", "The provided continue parameter is too old")
        : { json: { metadata: { continue: count < 4 ? "c" : "" }, items: [item(`n${count}`)] } },
    );
    expect(await names(client)).toEqual(["n3", "n4"]);
  });

  test("reads in one piece where the token keeps expiring", async () => {
    const { client, received } = await start(({ url }) => {
      if (url.includes("continue=")) return status(410, "Expired", "too old");
      return { json: { metadata: { continue: url.includes("limit=") ? "c" : "" }, items: [item("n")] } };
    });
    expect(await names(client)).toEqual(["n"]);
    expect(received.at(-1)?.url).toBe("/api/v1/secrets?fieldSelector=metadata.name%3Dpull");
  });
});

describe("answers of a wrong shape name request and server (issue 4)", () => {
  const review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  test.each<[string, unknown]>([
    ["null", null],
    ["no items", { kind: "SecretList" }],
    ["items that are no list", { items: {} }],
  ])("list: fails when it is %s", async (_, json) => {
    const { client, url } = await start(() => ({ json }));
    await expect(client.list(secretsIn("a"), {}, signal)).rejects.toMatchObject({
      code: "malformed",
      message: `GET ${url}/api/v1/namespaces/a/secrets: the answer is no list (it has no items). Is it the address of an API server?`,
    });
  });

  test.each<[string, (count: number) => string, number]>([
    ["the same page for ever", () => "c", 2],
    ["two pages in turn", (count) => `c${count % 2}`, 3],
  ])("list: fails when there is %s", async (_, token, requests) => {
    const { client, url, received } = await start((_request, count) => ({
      json: { metadata: { continue: token(count) }, items: [] },
    }));
    await expect(client.list(secretsIn(), {}, signal)).rejects.toMatchObject({
      code: "malformed",
      message: `GET ${url}/api/v1/secrets: the list names a page again that was read already, and would never end. Is it the address of an API server?`,
    });
    expect(received.length).toBe(requests);
  });

  const secret = { metadata: { name: "pull" } };
  test.each<[string, (client: KubernetesClient) => Promise<unknown>]>([
    ["GET /api/v1/namespaces/a/secrets/pull", (client) => client.get(secretAt("a", "pull"), signal)],
    ["POST /api/v1/namespaces/a/secrets", (client) => client.create(secretsIn("a"), secret, {}, signal)],
    ["PUT /api/v1/namespaces/a/secrets/pull", (client) => client.replace(secretAt("a", "pull"), secret, signal)],
  ])("%s: fails when it is no object", async (request, call) => {
    const { client, url } = await start(() => ({ json: ["another", "shape"] }));
    await expect(call(client)).rejects.toMatchObject({
      code: "malformed",
      message: `${request.replace(" ", ` ${url}`)}: the answer is no object of Kubernetes (it has no metadata). Is it the address of an API server?`,
    });
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["of no answer", { status: {} }],
  ])("can: fails when it is %s", async (_, json) => {
    const { client, url } = await start(() => ({ status: 201, json }));
    await expect(client.can("get", secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "malformed",
      message: `POST ${url}${review}: the answer says neither yes nor no. Is it the address of an API server?`,
    });
  });
});

test("list: fails when it has more pages than any cluster", async () => {
  let count = 0;
  const page = async () => ({ metadata: { continue: `c${count++}` }, items: [] });
  await expect(listAll(page, {}, "GET url")).rejects.toMatchObject({
    code: "malformed",
    message: "GET url: the list has more than 10000 pages, and would never end. Is it the address of an API server?",
  });
  expect(count).toBe(10_001);
});

describe("writes", () => {
  test("create names the field manager, and a dry run", async () => {
    const { client, received } = await start(() => ({ status: 201, json: pull }));
    await client.create(secretsIn("a"), pull, {}, signal);
    await client.create(secretsIn("a"), pull, { dryRun: true }, signal);
    expect(received.map(({ method, url }) => [method, url])).toEqual([
      ["POST", "/api/v1/namespaces/a/secrets?fieldManager=registry-access"],
      ["POST", "/api/v1/namespaces/a/secrets?fieldManager=registry-access&dryRun=All"],
    ]);
  });

  test("create: fails when it is there already", async () => {
    const { client } = await start(() => status(409, "AlreadyExists", 'secrets "pull" already exists'));
    await expect(client.create(secretsIn("a"), pull, {}, signal)).rejects.toMatchObject({
      code: "conflict",
      options: { serviceCode: "AlreadyExists" },
    });
  });

  test("create: what the API server quotes of the data is not shown", async () => {
    const { client } = await start(() => status(422, "Invalid", "data[k]: Invalid value: bWFya2Vy"));
    await expect(client.create(secretsIn("a"), pull, {}, signal)).rejects.toThrow(
      /422 Unprocessable Entity: Invalid: data\[k\]: Invalid value: \[redacted\]$/,
    );
  });

  test("create: is asked again where the connection breaks, since the name tells whether the first was carried out", async () => {
    const { client, received } = await start((_, count) =>
      count === 1 ? (response) => response.destroy() : status(409, "AlreadyExists", 'secrets "pull" already exists'),
    );
    await expect(client.create(secretsIn("a"), pull, {}, signal)).rejects.toMatchObject({ code: "conflict" });
    expect(received.length).toBe(2);
  });

  test("replace: fails when somebody was faster", async () => {
    const { client, received } = await start(() => status(409, "Conflict", "the object has been modified"));
    await expect(client.replace(secretAt("a", "pull"), pull, signal)).rejects.toMatchObject({
      code: "conflict",
      options: { serviceCode: "Conflict" },
    });
    expect(received[0]?.url).toBe("/api/v1/namespaces/a/secrets/pull?fieldManager=registry-access");
  });

  test("delete sends its preconditions, and says whether there was anything", async () => {
    const { client, received } = await start((_, count) =>
      count === 1 ? { json: { kind: "Status", status: "Success" } } : status(404, "NotFound", ""),
    );
    expect(await client.delete(secretAt("a", "pull"), { uid: "u" }, signal)).toBe(true);
    expect(await client.delete(secretAt("a", "pull"), {}, signal)).toBe(false);
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({ apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: "u" } });
  });
});

test("can: asks a SelfSubjectAccessReview", async () => {
  const { client, received } = await start(() => ({ status: 201, json: { status: { allowed: true } } }));
  expect(await client.can("create", { apiVersion: "apps/v1", resource: "deployments", namespace: "a" }, signal)).toBe(true);
  expect(JSON.parse(received[0]?.body ?? "").spec).toEqual({
    resourceAttributes: { verb: "create", group: "apps", resource: "deployments", namespace: "a" },
  });
});

test("clusterId: the UID of kube-system, undefined where forbidden", async () => {
  const { client } = await start((_, count) =>
    count === 1 ? { json: { metadata: { name: "kube-system", uid: "u1" } } } : status(403, "Forbidden", "no"),
  );
  expect([await clusterId(client, signal), await clusterId(client, signal)]).toEqual(["u1", undefined]);
});

describe("credentials", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "credentials-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A program that counts its runs and prints a token with the count in it. */
  async function plugin(script: string): Promise<NonNullable<KubernetesSettings["exec"]>> {
    const command = join(folder, "plugin.sh");
    await writeFile(command, `#!/bin/sh\n${script}\n`);
    await chmod(command, 0o700);
    return { apiVersion: "client.authentication.k8s.io/v1", command, args: [join(folder, "runs")], env: { MARK: "marker-env" } };
  }
  const printToken = `echo run >> "$1"; n=$(wc -l < "$1"); echo "{\\"status\\":{\\"token\\":\\"t$((n))\\"}}"`;

  test("exec: one run serves all, and a 401 brings one more", async () => {
    const { client, received } = await start(
      ({ headers }) => (headers.authorization === "Bearer t1" ? status(401, "Unauthorized", "Unauthorized") : { json: pull }),
      {
        exec: await plugin(printToken),
      },
    );
    await Promise.all([1, 2].map(() => client.get(secretAt("a", "pull"), signal)));
    await client.get(secretAt("a", "pull"), signal);
    expect(received.map(({ headers }) => headers.authorization)).toEqual(
      ["t1", "t1", "t2", "t2", "t2"].map((token) => `Bearer ${token}`),
    );
    expect((await readFile(join(folder, "runs"), "utf8")).trim().split("\n").length).toBe(2);
  });

  test("exec: fails when the plugin does, with what it said and without its environment", async () => {
    const { client } = await start(() => ({ json: pull }), { exec: await plugin('echo "no session for $MARK" >&2; exit 3') });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "unauthenticated",
      message: `The exec plugin "${folder}/plugin.sh" failed with exit code 3: no session for [redacted]`,
    });
  });

  test("exec: what the plugin says shows no credential and steers no terminal", async () => {
    const jwt = "eyJhbGciOiJub25l.eyJzdWIiOiJ4In0.c2ln";
    const { client } = await start(() => ({ json: pull }), {
      exec: await plugin(`printf '\\033[31mrefused %s\\033[0m\\nagain' '${jwt}' >&2; exit 1`),
    });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      message: `The exec plugin "${folder}/plugin.sh" failed with exit code 1: refused [redacted] again`,
    });
  });

  test("exec: fails when the plugin is killed", async () => {
    const { client } = await start(() => ({ json: pull }), { exec: await plugin("kill -9 $$") });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "unauthenticated",
      message: `The exec plugin "${folder}/plugin.sh" was ended by SIGKILL.`,
    });
  });

  test("exec: fails when the caller cancels, and leaves nothing that the plugin started", async () => {
    const { client } = await start(() => ({ json: pull }), { exec: await plugin('sleep 60 & echo $! > "$1"; wait') });
    const controller = new AbortController();
    const asked = client.get(secretAt("a", "pull"), controller.signal);
    const started = async (): Promise<number> => {
      const said = await readFile(join(folder, "runs"), "utf8").catch(() => "");
      return said.endsWith("\n") ? Number(said) : new Promise((done) => setTimeout(done, 20)).then(started);
    };
    const pid = await started();
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: "aborted" });
    const isGone = async (): Promise<true> => {
      try {
        process.kill(pid, 0);
        // Killed, and not yet taken note of by init.
        if ((await readFile(`/proc/${pid}/stat`, "utf8")).includes(") Z ")) return true;
      } catch {
        return true;
      }
      return new Promise((done) => setTimeout(done, 20)).then(isGone);
    };
    expect(await isGone()).toBe(true);
  });

  test("exec: fails when the API version is another", async () => {
    const exec = { ...(await plugin(printToken)), apiVersion: "client.authentication.k8s.io/v1alpha1" };
    const { client } = await start(() => ({ json: pull }), { exec });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "invalid",
      message: `The exec plugin "${folder}/plugin.sh" has the API version "client.authentication.k8s.io/v1alpha1". Set it to one of "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1" that the plugin speaks, if need be with a newer plugin.`,
    });
  });

  test.each([true, false])("exec: is told of the cluster where the kubeconfig says so: %s", async (provideClusterInfo) => {
    const exec = {
      ...(await plugin('echo "$KUBERNETES_EXEC_INFO" > "$1"; echo "{\\"status\\":{\\"token\\":\\"t\\"}}"')),
      provideClusterInfo,
    };
    const connection = { server: "https://c", ca: "PEM", insecure: false, serverName: "kubernetes", user: { source: "", exec } };
    await runExecPlugin(exec, connection, signal);
    const { spec } = JSON.parse(await readFile(join(folder, "runs"), "utf8"));
    const cluster = {
      server: "https://c",
      "tls-server-name": "kubernetes",
      "insecure-skip-tls-verify": false,
      "certificate-authority-data": Buffer.from("PEM").toString("base64"),
    };
    expect(spec).toEqual({ interactive: false, ...(provideClusterInfo ? { cluster } : {}) });
  });

  test("exec: is told what the kubeconfig's cluster has for it", async () => {
    const exec = {
      ...(await plugin('echo "$KUBERNETES_EXEC_INFO" > "$1"; echo "{\\"status\\":{\\"token\\":\\"t\\"}}"')),
      provideClusterInfo: true,
    };
    const execConfig = { audience: "prod" };
    await runExecPlugin(exec, { server: "https://c", insecure: false, execConfig, user: { source: "", exec } }, signal);
    const { spec } = JSON.parse(await readFile(join(folder, "runs"), "utf8"));
    expect(spec.cluster).toEqual({ server: "https://c", "insecure-skip-tls-verify": false, config: execConfig });
  });

  const printing = (printed: object) => `echo '${JSON.stringify(printed)}'`;
  const refused: { readonly [name: string]: [printed: object, words: string] } = {
    "a certificate without a key": [
      { status: { clientCertificateData: "PEM" } },
      "printed a client certificate without its key, or a key alone (clientCertificateData, clientKeyData).",
    ],
    "an empty token": [{ status: { token: "" } }, "did not print an ExecCredential with a token or a client certificate."],
    "another version": [
      { apiVersion: "client.authentication.k8s.io/v1beta1", status: { token: "marker-token" } },
      'is configured for "client.authentication.k8s.io/v1", and answered in "client.authentication.k8s.io/v1beta1". Set that one.',
    ],
  };
  test.each(Object.entries(refused))("exec: fails when it prints %s", async (_, [printed, words]) => {
    const { client } = await start(() => ({ json: pull }), { exec: await plugin(printing(printed)) });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "malformed",
      message: `The exec plugin "${folder}/plugin.sh" ${words}`,
    });
  });

  test("exec: fails when it wants a terminal, and is not run", async () => {
    const exec = { ...(await plugin(printToken)), interactiveMode: "Always" };
    const connection = { server: "https://c", insecure: false, user: { source: "", exec } };
    await expect(runExecPlugin(exec, connection, signal)).rejects.toMatchObject({
      code: "invalid",
      message: `The exec plugin "${folder}/plugin.sh" wants a terminal (interactiveMode: Always), and a provider has none. Log in with it once by hand and set interactiveMode to "IfAvailable", or use another way to log in.`,
    });
    await expect(readFile(join(folder, "runs"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("exec: fails when it does not end, and ends it", async () => {
    const exec = await plugin('echo $$ > "$1"; sleep 60');
    const connection = { server: "https://c", insecure: false, user: { source: "", exec } };
    await expect(runExecPlugin(exec, connection, signal, 500)).rejects.toMatchObject({
      code: "unauthenticated",
      message: `The exec plugin "${folder}/plugin.sh" did not end within 0.5 s, and was ended. It may be waiting for somebody to log in, and it has no terminal here: log in with it once by hand, or correct command and args.`,
    });
  });

  test("exec: fails when it prints without end", async () => {
    const { client } = await start(() => ({ json: pull }), { exec: await plugin("exec yes marker-output") });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "malformed",
      message: `The exec plugin "${folder}/plugin.sh" printed more than 1048576 characters, and was ended.`,
    });
  });

  test("impersonates as the kubeconfig says, each group in a header of its own", async () => {
    let raw: readonly string[] = [];
    server = await startTestServer(() => (response, { rawHeaders }) => {
      raw = rawHeaders;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(pull));
    });
    const config = join(folder, "config");
    const user = {
      token: "t",
      as: "ada",
      "as-uid": "u1",
      "as-groups": ["x", "y"],
      "as-user-extra": { "example.com/Scopes": ["s"] },
    };
    await writeFile(
      config,
      JSON.stringify({
        "current-context": "c",
        clusters: [{ name: "c", cluster: { server: server.url } }],
        users: [{ name: "u", user }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      }),
    );
    client = await createKubernetesClient({ ...NO_SETTINGS, configPaths: [config] }, { env: {} });
    await client.get(secretAt("a", "pull"), signal);
    const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1]}`] : []));
    expect(pairs.filter((pair) => pair.startsWith("impersonate-"))).toEqual([
      "impersonate-user: ada",
      "impersonate-uid: u1",
      "impersonate-group: x",
      "impersonate-group: y",
      "impersonate-extra-example.com%2fscopes: s",
    ]);
  });

  test("exec: fails when the program is missing", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-program", args: [], env: {} };
    const { client } = await start(() => ({ json: pull }), { exec });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "invalid",
      message:
        "The exec plugin \"no-such-program\" can't be started (ENOENT). Install it, or correct command in exec of the provider's kubernetes attribute.",
    });
  });

  test("exec: fails when it has no command, naming where it is from", async () => {
    const exec = { ...(await plugin(printToken)), command: "" };
    const { client } = await start(() => ({ json: pull }), { exec });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "invalid",
      message:
        "The exec plugin of the provider's kubernetes attribute has no command. Set command to the program that prints the credential.",
    });
  });

  test("exec: fails when it prints something else, which is not shown", async () => {
    const { client } = await start(() => ({ json: pull }), { exec: await plugin("echo marker-output") });
    await expect(client.get(secretAt("a", "pull"), signal)).rejects.toMatchObject({
      code: "malformed",
      message: `The exec plugin "${folder}/plugin.sh" did not print an ExecCredential with a token or a client certificate.`,
    });
  });
});
