import { createHash } from "node:crypto";
import type { ConfiguredProvider } from "../../../lib/provider/configured/provider";
import { createRegistries } from "../../../lib/provider/configured/registries";
import { realRuntime } from "../../../lib/provider/configured/runtime";
import { registryImageDataSource } from "../../../lib/provider/data-sources/registry-image";
import type { TypeContext } from "../../../lib/provider/framework/definition";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { type Answer, type Received, startTestServer, type TestServer } from "../../clients/test-server";
import { createFakeCluster } from "../resources/fake-cluster";

const OCI = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const config = JSON.stringify({ os: "linux", architecture: "arm64", variant: "v8" });
const manifest = JSON.stringify({
  schemaVersion: 2,
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
  layers: [{ digest: digestOf("layer"), size: 1000 }],
});
const chart = JSON.stringify({
  schemaVersion: 2,
  config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: digestOf("{}"), size: 2 },
  layers: [],
});
const bare = JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: OCI, digest: digestOf("other") }] });
const html = "<!doctype html><title>Welcome</title>";
const HTML = { "content-type": "text/html; charset=utf-8" };
const index = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    { mediaType: OCI, digest: digestOf("other"), platform: { os: "linux", architecture: "amd64" } },
    { mediaType: OCI, digest: digestOf(manifest), platform: { os: "linux", architecture: "arm64", variant: "v8" } },
  ],
});
const ODD = JSON.stringify({ schemaVersion: 2, layers: "none" });
const CONTENT: { readonly [reference: string]: readonly [body: string, type: string] } = {
  latest: [manifest, OCI],
  multi: [index, OCI_INDEX],
  bare: [bare, OCI_INDEX],
  chart: [chart, OCI],
  old: ['{"schemaVersion":1}', "application/vnd.docker.distribution.manifest.v1+prettyjws"],
  [digestOf(manifest)]: [manifest, OCI],
  [digestOf(index)]: [index, OCI_INDEX],
  [digestOf(bare)]: [bare, OCI_INDEX],
  [digestOf(chart)]: [chart, OCI],
  odd: [ODD, "application/vnd.oci.image.manifest.v1+json"],
  [digestOf(ODD)]: [ODD, "application/vnd.oci.image.manifest.v1+json"],
  [digestOf('{"schemaVersion":1}')]: ['{"schemaVersion":1}', "application/vnd.docker.distribution.manifest.v1+prettyjws"],
};
const SIZE = config.length + 1000;

let server: TestServer;
let answer: (request: Received) => Answer | undefined;
beforeAll(async () => {
  server = await startTestServer((request) => answer(request) ?? serve(request));
});
afterAll(() => server.close());
beforeEach(() => {
  answer = () => undefined;
  server.received.length = 0;
});

/** A registry with one repository, as the specification has it. */
function serve({ url, method }: Received): Answer {
  const [, , name, app, kind, reference = ""] = url.replace(/\?.*/, "").split("/");
  if (`${name}/${app}` !== "team/app") return { status: 404, json: { errors: [{ code: "NAME_UNKNOWN" }] } };
  if (kind === "tags") return { json: { name: "team/app", tags: ["multi", "latest"] } };
  if (kind === "blobs") return reference === digestOf(config) ? { text: config } : { status: 404 };
  const [body, type] = CONTENT[reference] ?? [];
  if (body === undefined) return { status: 404, json: { errors: [{ code: "MANIFEST_UNKNOWN" }] } };
  const headers = { "content-type": type ?? "", "docker-content-digest": digestOf(body) };
  return method === "HEAD" ? { headers } : { headers, text: body };
}

const BASIC = (user: string) => `Basic ${Buffer.from(`${user}:hunter22`).toString("base64")}`;
/** Lets in who is called so. */
const only =
  (user: string, status = 401) =>
  ({ headers }: Received): Answer | undefined =>
    headers.authorization === BASIC(user)
      ? undefined
      : headers.authorization === undefined
        ? { status: 401, headers: { "www-authenticate": "Basic realm=x" } }
        : { status };

interface Read {
  readonly config: ObjectValue;
  /** Entries of Secret team-a/pull: key → user. HOST stands for the registry. */
  readonly auths?: { readonly [key: string]: string };
  readonly secret?: object;
  readonly environment?: { readonly [name: string]: string };
}

/** What the data source computes, or its error; HOST stands for the registry. */
async function read({ config: given, auths, secret, environment = {} }: Read): Promise<unknown> {
  const host = `127.0.0.1:${server.port}`;
  const cluster = createFakeCluster();
  const content = JSON.stringify({
    auths: Object.fromEntries(
      Object.entries(auths ?? {}).map(([key, username]) => [key.replace("HOST", host), { username, password: "hunter22" }]),
    ),
  });
  if (auths !== undefined || secret !== undefined) {
    cluster.put("secrets", {
      metadata: { name: "pull", namespace: "team-a" },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from(content).toString("base64") },
      ...secret,
    } as never);
  }
  const context: TypeContext<ConfiguredProvider> = cluster.context("tests");
  const runtime = { ...realRuntime, environment };
  const provider = { ...context.provider, registries: createRegistries(runtime, { log: context.log, env: {} }) };
  const whole: ObjectValue = { credential_id: null, pull_secret: null, platform: null, ca_certificate: null, ...given };
  const shown = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(host, "HOST")) as unknown;
  try {
    const image = String(whole.image).replace("HOST", host);
    const { digest, pinned_image, media_type, size_bytes, platforms } = await registryImageDataSource.read(
      { ...whole, image },
      { ...context, provider },
    );
    return shown({ digest, pinned_image, media_type, size_bytes, platforms });
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return shown(error.diagnostics.map(({ path, summary, detail }) => ({ path, summary, detail })));
  }
}

const SECRET = { pull_secret: { namespace: "team-a", name: "pull" } };
const single = {
  digest: digestOf(manifest),
  pinned_image: `HOST/team/app@${digestOf(manifest)}`,
  media_type: OCI,
  size_bytes: SIZE,
  platforms: { "linux/arm64/v8": { digest: digestOf(manifest) } },
};
const multi = {
  digest: digestOf(index),
  pinned_image: `HOST/team/app@${digestOf(index)}`,
  media_type: OCI_INDEX,
  size_bytes: null,
  platforms: { "linux/amd64": { digest: digestOf("other") }, "linux/arm64/v8": { digest: digestOf(manifest) } },
};

const here = (environment: { readonly [name: string]: string }) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace("HOST", `127.0.0.1:${server.port}`)]),
  );

const found: { readonly [name: string]: Read & { answer?: typeof answer; expected: object } } = {
  "an image": { config: { image: "HOST/team/app" }, expected: single },
  "an image by digest, whatever its tag says": {
    config: { image: `HOST/team/app:nope@${digestOf(manifest)}` },
    expected: single,
  },
  "an index": { config: { image: "HOST/team/app:multi" }, expected: multi },
  "an image of an index, whose variant goes without saying": {
    config: { image: "HOST/team/app:multi", platform: "linux/arm64" },
    expected: { ...single, platforms: multi.platforms },
  },
  "an image for the platform that it is for": {
    config: { image: "HOST/team/app", platform: "linux/arm64" },
    expected: single,
  },
  "an artifact that is no image": {
    config: { image: "HOST/team/app:chart" },
    expected: {
      digest: digestOf(chart),
      pinned_image: `HOST/team/app@${digestOf(chart)}`,
      media_type: OCI,
      size_bytes: 2,
      platforms: {},
    },
  },
  "without a HEAD": {
    config: { image: "HOST/team/app" },
    answer: ({ method }) => (method === "HEAD" ? { status: 405 } : undefined),
    expected: single,
  },
  "without a digest in the answer": {
    config: { image: "HOST/team/app" },
    answer: ({ url }) => (url.endsWith("/latest") ? { text: manifest, headers: { "content-type": OCI } } : undefined),
    expected: single,
  },
  "with a pull secret's entry for the host": {
    config: { image: "HOST/team/app", ...SECRET },
    auths: { HOST: "ada", "other.example": "eve" },
    answer: only("ada"),
    expected: single,
  },
  "with the second of two entries, where the first is refused": {
    config: { image: "HOST/team/app", ...SECRET },
    auths: { HOST: "ada", "HOST/team": "eve" },
    answer: only("ada"),
    expected: single,
  },
  "anonymously, where the pull secret has none": {
    config: { image: "HOST/team/app", ...SECRET },
    auths: { "other.example": "eve" },
    expected: single,
  },
  "at another address, as the environment says": {
    config: { image: "registry.example.com/team/app" },
    environment: { REGISTRY_ACCESS_ENDPOINTS: "registry.example.com=http://HOST" },
    expected: { ...single, pinned_image: `registry.example.com/team/app@${digestOf(manifest)}` },
  },
};
test.each(Object.entries(found))("looks up %s", async (_, { answer: own, expected, environment = {}, ...rest }) => {
  answer = own ?? answer;
  expect(await read({ ...rest, environment: here(environment) })).toEqual(expected);
});

const ELSE = "A repository that does not exist is answered in the same way by many registries: look at its name as well.";
const AFTERWARDS =
  "If this stack changes that Secret and pull_secret names it as text, the image may have been looked up too early: name its resource in depends_on.";
const FIX = "Correct image, or push it first; where the same apply pushes it, name what does that in depends_on.";
const CHECK = "Check the host in image, or its address in REGISTRY_ACCESS_ENDPOINTS where that names it";
const NOTHING = `sha256:${"0".repeat(64)}`;
const WHICH = 'Secret "pull" in namespace "team-a"';

const faults: {
  readonly [name: string]: Read & { answer?: typeof answer; summary: string; path: string; detail: string };
} = {
  "the tag is not there": {
    config: { image: "HOST/team/app:nope" },
    path: "image",
    summary: "Tag does not exist",
    detail: `An anonymous caller may pull from the registry HOST, but its repository "team/app" has no tag nope. Its tags are latest, multi. ${FIX}`,
  },
  "the digest is not there": {
    config: { image: `HOST/team/app@${NOTHING}` },
    path: "image",
    summary: "Digest does not exist",
    detail: `An anonymous caller may pull from the registry HOST, but its repository "team/app" has no image with the digest ${NOTHING}. Its tags are latest, multi. ${FIX}`,
  },
  "the repository is not there": {
    config: { image: "HOST/team/nope:1" },
    path: "image",
    summary: "Repository does not exist",
    detail: `An anonymous caller may pull from the registry HOST, but it has no repository "team/nope". ${FIX}`,
  },
  "the repository is not there, and a registry says so without words of its own": {
    config: { image: "HOST/team/nope:1" },
    answer: ({ url }) =>
      url === "/v2/" ? { status: 401, headers: { "docker-distribution-api-version": "registry/2.0" } } : { status: 404 },
    path: "image",
    summary: "Repository does not exist",
    detail: `An anonymous caller may pull from the registry HOST, but it has no repository "team/nope". ${FIX}`,
  },
  "the host is no registry, and finds nothing": {
    config: { image: "HOST/team/app" },
    answer: () => ({ status: 404, headers: HTML, text: html }),
    path: "image",
    summary: "Not a container registry",
    detail: `HOST/team/app could not be looked up: What answers for HOST is no container registry (GET /v2/team/app/tags/list: 404 with "text/html; charset=utf-8"; GET /v2/: 404 with "text/html; charset=utf-8"). ${CHECK}.`,
  },
  "the host is no registry, and the environment named it": {
    config: { image: "registry.example.com/team/app" },
    environment: { REGISTRY_ACCESS_ENDPOINTS: "registry.example.com=http://HOST" },
    answer: ({ url }) => (url === "/v2/" ? { status: 302, headers: { location: "/login" } } : { status: 404 }),
    path: "image",
    summary: "Not a container registry",
    detail: `registry.example.com/team/app could not be looked up: What answers for registry.example.com at http://HOST is no container registry (GET /v2/team/app/tags/list: 404 with "text/plain"; GET /v2/: 302 with "text/plain"). ${CHECK}.`,
  },
  "the host is no registry, and has a page for everything": {
    config: { image: "HOST/team/app" },
    answer: () => ({ headers: HTML, text: html }),
    path: "image",
    summary: "Not a manifest",
    detail: `HOST was asked for the manifest of team/app; the answer is of type "text/html; charset=utf-8", and is none. Either that host is no container registry, or something before it answers (a proxy, a login page). ${CHECK}.`,
  },
  "nobody listens there": {
    config: { image: "127.0.0.1:1/team/app" },
    path: "image",
    summary: "Unreachable",
    detail: `127.0.0.1:1/team/app could not be looked up: HEAD http://127.0.0.1:1/v2/team/app/manifests/latest: 127.0.0.1:1 refuses connections: nothing listens there (ECONNREFUSED). ${CHECK}, and that this machine reaches it (network, VPN, HTTPS_PROXY). A destroy looks it up as well, but with -refresh=false (terraform destroy -refresh=false).`,
  },
  "something is not there, and nobody says what": {
    config: { image: "HOST/team/app:nope" },
    answer: ({ url }) => (url.includes("/tags/") ? { status: 403 } : undefined),
    path: "image",
    summary: "Image does not exist",
    detail: `An anonymous caller may pull from the registry HOST, but it has no tag nope in "team/app", or no such repository. ${FIX}`,
  },
  "nobody is let in without a credential": {
    config: { image: "HOST/team/app" },
    answer: only("ada"),
    path: "image",
    summary: "Pull refused",
    detail: `The registry HOST does not let an anonymous caller pull "team/app" (401). Give a credential for it. Neither credential_id nor pull_secret is set (of a construct with pinDigest: true, write pinDigest: { credentialId } or { pullSecret } instead). ${ELSE}`,
  },
  "a credential is refused": {
    config: { image: "HOST/team/app", ...SECRET },
    auths: { HOST: "eve" },
    answer: only("ada"),
    path: "pull_secret",
    summary: "Pull refused",
    detail: `The registry HOST does not let user "eve" pull "team/app" (401). The credential is wrong, was revoked, or is not for that repository. It stands in the ${WHICH} under HOST. ${ELSE} ${AFTERWARDS}`,
  },
  "a credential is not enough, and the registry says 403": {
    config: { image: "HOST/team/app", ...SECRET },
    auths: { HOST: "eve" },
    answer: only("ada", 403),
    path: "pull_secret",
    summary: "Pull refused",
    detail: `The registry HOST does not let user "eve" pull "team/app": HEAD http://HOST/v2/team/app/manifests/latest: 403 Forbidden. It stands in the ${WHICH} under HOST. ${ELSE} ${AFTERWARDS}`,
  },
  "the pull secret has no entry for the host": {
    config: { image: "HOST/team/app", ...SECRET },
    auths: { "other.example": "eve" },
    answer: only("ada"),
    path: "pull_secret",
    summary: "Pull refused",
    detail: `The registry HOST does not let an anonymous caller pull "team/app" (401). Give a credential for it. The ${WHICH} has no entry for HOST/team/app (it has other.example), so it was asked anonymously, as a node does. ${ELSE} ${AFTERWARDS}`,
  },
  "the pull secret is not there": {
    config: { image: "HOST/team/app", ...SECRET },
    path: "pull_secret",
    summary: "Pull secret does not exist",
    detail: `The cluster at https://cluster.example has no ${WHICH}. If this stack makes the Secret, refer to it (name = registry_pull_secret.….name), or name its resource in depends_on (depends_on = [registry_pull_secret.…]): the image is then looked up at the apply. If not, correct name and namespace.`,
  },
  "the Secret is none to pull with": {
    config: { image: "HOST/team/app", ...SECRET },
    secret: { type: "Opaque" },
    path: "pull_secret",
    summary: "Not a docker-registry Secret",
    detail: `The ${WHICH} is of type "Opaque". A pull secret is of type kubernetes.io/dockerconfigjson (registry_pull_secret, kubectl create secret docker-registry).`,
  },
  "the pull secret holds no docker config JSON": {
    config: { image: "HOST/team/app", ...SECRET },
    secret: { data: {} },
    path: "pull_secret",
    summary: "Not a docker-registry Secret",
    detail: `The ${WHICH} is of type "kubernetes.io/dockerconfigjson", but holds no docker config JSON. A pull secret is of type kubernetes.io/dockerconfigjson (registry_pull_secret, kubectl create secret docker-registry).`,
  },
  "an index lacks the platform": {
    config: { image: "HOST/team/app:multi", platform: "windows/amd64" },
    path: "platform",
    summary: "Image not there for this platform",
    detail:
      "HOST/team/app is not there for windows/amd64. It is there for linux/amd64, linux/arm64/v8. Choose one of those, or have the image built for windows/amd64.",
  },
  "an index names no platform": {
    config: { image: "HOST/team/app:bare", platform: "linux/amd64" },
    path: "platform",
    summary: "Image not there for this platform",
    detail:
      "HOST/team/app is not there for linux/amd64. It names no platform at all. Leave platform out to take it as it is, or have the image built for linux/amd64.",
  },
  "an image is for another platform": {
    config: { image: "HOST/team/app", platform: "linux/amd64" },
    path: "platform",
    summary: "Image not there for this platform",
    detail:
      "HOST/team/app is not there for linux/amd64. It is there for linux/arm64/v8. Choose one of those, or have the image built for linux/amd64.",
  },
  "an index lists what is not there": {
    config: { image: "HOST/team/app:multi", platform: "linux/amd64" },
    path: "image",
    summary: "Unexpected answer",
    detail: `HOST/team/app:multi could not be looked up: The registry HOST lists ${digestOf("other")} as team/app for linux/amd64, and has no such image.`,
  },
  "it is no whole manifest": {
    config: { image: "HOST/team/app:odd" },
    path: "image",
    summary: "Not an image that can be pulled",
    detail: `What the registry HOST has as team/app (${digestOf(ODD)}) is of type "${OCI}", and no image manifest or index as OCI or Docker (schema 2) define it. Correct image.`,
  },
  "it is a manifest of Docker's schema 1": {
    config: { image: "HOST/team/app:old" },
    path: "image",
    summary: "Not an image that can be pulled",
    detail: `What the registry HOST has as team/app (${digestOf('{"schemaVersion":1}')}) is of type "application/vnd.docker.distribution.manifest.v1+prettyjws", and no image manifest or index as OCI or Docker (schema 2) define it. Nodes of today don't pull Docker's schema 1: push the image anew.`,
  },
  "the registry fails: that is no answer": {
    config: { image: "HOST/team/app" },
    answer: () => ({ status: 400, json: { errors: [{ code: "UNSUPPORTED" }] } }),
    path: "image",
    summary: "Request refused",
    detail: "HOST/team/app could not be looked up: HEAD http://HOST/v2/team/app/manifests/latest: 400 Bad Request.",
  },
  "the environment holds no address": {
    config: { image: "HOST/team/app" },
    environment: { REGISTRY_ACCESS_ENDPOINTS: "nonsense" },
    path: "image",
    summary: "Invalid environment variable",
    detail:
      'REGISTRY_ACCESS_ENDPOINTS holds "nonsense", which is not host=URL, such as "docker.io=https://mirror.example.com": a registry host, and a URL without path and login.',
  },
  "the address is plain HTTP on another machine": {
    config: { image: "r.io/team/app" },
    environment: { REGISTRY_ACCESS_ENDPOINTS: "r.io=http://10.0.0.1:5000" },
    path: "image",
    summary: "Invalid configuration",
    detail:
      'r.io/team/app could not be looked up: http://10.0.0.1:5000 is plain HTTP: credentials would cross the network readable by anyone. Use "https://10.0.0.1:5000". Plain HTTP is allowed to this machine itself (127.0.0.1, localhost).',
  },
};
test.each(Object.entries(faults))(
  "fails when %s",
  async (_, { answer: own, summary, path, detail, environment = {}, ...rest }) => {
    answer = own ?? answer;
    expect(await read({ ...rest, environment: here(environment) })).toEqual([{ path: [path], summary, detail }]);
  },
);

test("asks for a manifest once, and for no layer", async () => {
  await read({ config: { image: "HOST/team/app:multi" } });
  await read({ config: { image: "HOST/team/app" } });
  expect(server.received.map(({ method, url }) => `${method} ${url.replace("/v2/team/app/", "")}`)).toEqual([
    "HEAD manifests/multi",
    `GET manifests/${digestOf(index)}`,
    "HEAD manifests/latest",
    `GET manifests/${digestOf(manifest)}`,
    `GET blobs/${digestOf(config)}`,
  ]);
});

test("trusts a registry's own CA where it is given, and says so where it is not", async () => {
  const authority = await createAuthority("registry-ca");
  const { certificate: cert, key } = await issueCertificate(authority, { commonName: "registry", hosts: ["127.0.0.1"] });
  const secure = await startTestServer(serve, { cert, key });
  const environment = { REGISTRY_ACCESS_ENDPOINTS: `registry.example.com=${secure.url}` };
  const image = "registry.example.com/team/app";
  try {
    expect(await read({ config: { image, ca_certificate: authority.certificate }, environment })).toMatchObject({
      digest: digestOf(manifest),
    });
    expect(await read({ config: { image }, environment })).toMatchObject([
      { path: ["image"], summary: "Certificate not trusted", detail: expect.stringContaining("as PEM in ca_certificate") },
    ]);
  } finally {
    await secure.close();
  }
});
