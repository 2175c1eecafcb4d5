/** `registry_image` in plain HCL: a real engine, real registries, and Secrets of a real cluster, read under the published roles. */
import { readCredentials } from "../../sandbox";
import { privateImages, publicImages } from "../../sandbox/images/catalogue";
import { createImage, digestOf, type Image } from "../../sandbox/images/image";
import { pushImage } from "../../sandbox/images/push";
import { startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, dedicatedIssuer, openBluemix } from "./support/dedicated";
import { block, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const NAMESPACE = "team-a";
const SECRET = "registry-pull";
const DEDICATED_HOST = "registry.acme.example.com";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;
/** The private registry's own host. */
let host: string;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("image"), { pullSecrets: [SECRET, "wrong", "elsewhere"], serviceAccounts: [] });
  bluemix = openBluemix(cluster);
  host = cluster.state.registries.private.host;
  await cluster.createNamespace(NAMESPACE);
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  const REGISTRY_PARTNER = readCredentials(cluster.state.credentialsFile).partner.password.reveal();
  const environment = { ...dedicatedEnvironment(cluster.state), REGISTRY_PARTNER };
  stack = await createStack("image", environment, undefined, cluster.envOf);
});
afterEach(() => removeStack(stack));

const provider = () =>
  block('provider "registry"', { owner: quoted("tests/image"), kubernetes: "{}", issuers: dedicatedIssuer(cluster.state) });
const image = (name: string, reference: string, rest: { readonly [attribute: string]: string } = {}) =>
  block(`data "registry_image" "${name}"`, { image: quoted(reference), ...rest });
const PULL_SECRET = { pull_secret: object({ namespace: quoted(NAMESPACE), name: quoted(SECRET) }) };
const pullSecret = () => `
resource "registry_pull_secret" "pull" {
  name       = "${SECRET}"
  namespaces = ["${NAMESPACE}"]
  registries = [{ hosts = ["${host}"], username = "acme", password_env = "REGISTRY_PARTNER" }]
}
`;

function imageOf(entries: ReturnType<typeof privateImages>, repository: string): Image {
  const found = entries.find((entry) => entry.repository === repository);
  if (found === undefined) throw new Error(`there is no ${repository}`);
  return found.image;
}

/** What the data source should say of an image of the sandbox. */
function described(inFull: string, { manifest, config, layers }: Image) {
  return {
    digest: manifest.digest,
    pinned_image: `${inFull}@${manifest.digest}`,
    media_type: manifest.mediaType,
    size_bytes: [config, ...layers].reduce((sum, { bytes }) => sum + bytes.length, 0),
    platforms: { "linux/amd64": { digest: manifest.digest } },
  };
}

describe("registry_image: basic", () => {
  it("with a pull secret of the same stack: one apply makes it, and later plans look at once", async () => {
    const named = image("app", `${host}/partner/app`, PULL_SECRET);
    stack.write(`${provider()}${pullSecret()}${named}`);
    expect(errorsOf(await stack.plan())).toMatchObject([
      { summary: "Pull secret does not exist", detail: expect.stringContaining("name its resource in depends_on") },
    ]);

    const ordered = image("app", `${host}/partner/app`, { ...PULL_SECRET, depends_on: "[registry_pull_secret.pull]" });
    const reference = object({ namespace: quoted(NAMESPACE), name: "registry_pull_secret.pull.name" });
    const referring = image("app", `${host}/partner/app`, { pull_secret: reference });
    stack.write(`${provider()}${pullSecret()}${referring}`);
    expectWell(await stack.apply());
    const expected = described(`${host}/partner/app`, imageOf(privateImages(), "partner/app"));
    expect(await stack.attributes("data.registry_image.app")).toMatchObject(expected);
    expect(expectWell(await stack.plan()).changes).toEqual({});

    stack.write(`${provider()}${pullSecret()}${named}`);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    for (const waiting of [ordered, referring]) {
      await cluster.delete("secrets", NAMESPACE, SECRET);
      stack.write(`${provider()}${pullSecret()}${waiting}`);
      expectWell(await stack.apply());
      expect(await stack.attributes("data.registry_image.app")).toMatchObject(expected);
    }
    expectWell(await stack.destroy());
  });

  it("with an issued credential, which is looked for where the token is good: a revoked one repairs itself", async () => {
    const token = block('resource "registry_token" "pull"', { issuer: quoted("dedicated"), name: quoted("image") });
    const app = image("app", `${DEDICATED_HOST}/acme/app`, { credential_id: "registry_token.pull.credential_id" });
    stack.write(`${provider()}${token}${app}`);
    expectWell(await stack.apply());
    const expected = described(`${DEDICATED_HOST}/acme/app`, imageOf(privateImages(), "acme/app"));
    expect(await stack.attributes("data.registry_image.app")).toMatchObject(expected);

    await bluemix.revoke((await bluemix.onlyLiving("tests/image")).id);
    expect(errorsOf(await stack.plan("-refresh=false"))).toHaveLength(1);
    expectWell(await stack.apply());
    expect(await stack.attributes("data.registry_image.app")).toMatchObject(expected);
    expectWell(await stack.destroy());
  });

  it("fails when a destroy can't look it up; with -refresh=false the destroy goes without", async () => {
    const used = block('resource "terraform_data" "pinned"', { input: "data.registry_image.app.digest" });
    const app = image("app", `${host}/partner/app`, { ...PULL_SECRET, depends_on: "[registry_pull_secret.pull]" });
    stack.write(`${provider()}${pullSecret()}${app}${used}`);
    expectWell(await stack.apply());
    stack.env.REGISTRY_ACCESS_ENDPOINTS = `${host}=http://127.0.0.1:9`;
    expect(errorsOf(await stack.destroy())).toMatchObject([
      { summary: "Unreachable", detail: expect.stringContaining("terraform destroy -refresh=false") },
    ]);
    expectWell(await stack.destroy("-refresh=false"));
    expect(await cluster.secret(NAMESPACE, SECRET)).toBeUndefined();
  });

  it("anonymously, also of several platforms; a tag that moves is a change at plan", async () => {
    const target = { url: cluster.state.registries.public.url };
    const [one, other] = ["one", "other"].map((content) =>
      createImage({ format: "oci", files: [{ path: "etc/sandbox-image", content }] }),
    ) as [Image, Image];
    const entryOf = ({ manifest }: Image, platform: object) => ({
      mediaType: manifest.mediaType,
      digest: manifest.digest,
      size: manifest.bytes.length,
      platform,
    });
    const manifests = [
      entryOf(one, { os: "linux", architecture: "amd64" }),
      entryOf(other, { os: "linux", architecture: "arm64", variant: "v8" }),
    ];
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
    const index = { manifest: { mediaType: OCI_INDEX, digest: digestOf(bytes), bytes }, config: one.config, layers: [] };
    await pushImage(target, { repository: "acme/multi", tag: "one", image: one });
    await pushImage(target, { repository: "acme/multi", tag: "other", image: other });
    await pushImage(target, { repository: "acme/multi", tag: "1", image: index });

    const output = 'output "nginx" { value = data.registry_image.nginx.digest }\n';
    const all =
      image("multi", "acme/multi:1") +
      image("arm", "docker.io/acme/multi:1", { platform: quoted("linux/arm64") }) +
      image("digest", `acme/multi@${one.manifest.digest}`) +
      image("nginx", "nginx");
    stack.write(`${provider()}${all}${output}`);
    expectWell(await stack.apply());
    const platforms = {
      "linux/amd64": { digest: one.manifest.digest },
      "linux/arm64/v8": { digest: other.manifest.digest },
    };
    expect(await stack.attributes("data.registry_image.multi")).toMatchObject({
      digest: index.manifest.digest,
      pinned_image: `docker.io/acme/multi@${index.manifest.digest}`,
      media_type: OCI_INDEX,
      size_bytes: null,
      platforms,
    });
    expect(await stack.attributes("data.registry_image.arm")).toMatchObject({
      ...described("docker.io/acme/multi", other),
      platforms,
    });
    expect(await stack.attributes("data.registry_image.digest")).toMatchObject(described("docker.io/acme/multi", one));
    const nginx = imageOf(publicImages(), "library/nginx");
    expect(await stack.attributes("data.registry_image.nginx")).toMatchObject(described("docker.io/library/nginx", nginx));

    expect(expectWell(await stack.plan()).text).toContain("No changes.");
    await pushImage(target, { repository: "library/nginx", tag: "latest", image: one });
    expect(expectWell(await stack.plan()).text).toContain(`"${nginx.manifest.digest}" -> "${one.manifest.digest}"`);
  });
});

describe("registry_image: what is wrong", () => {
  it("each at plan and in words of its own, with no secret in them", async () => {
    const password = readCredentials(cluster.state.credentialsFile).partner.password.reveal();
    const config = (registry: string, secret: string) =>
      JSON.stringify({ auths: { [registry]: { username: "acme", password: secret } } });
    const secrets = {
      [SECRET]: config(host, password),
      wrong: config(host, "hunter22-wrong"),
      elsewhere: config("other.example", password),
    };
    for (const [name, text] of Object.entries(secrets)) {
      await cluster.create("secrets", {
        metadata: { name, namespace: NAMESPACE },
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": Buffer.from(text).toString("base64") },
      } as never);
    }
    const withSecret = (name: string) => ({ pull_secret: object({ namespace: quoted(NAMESPACE), name: quoted(name) }) });
    const cases = {
      no_tag: { image: image("no_tag", `${host}/partner/app:nope`, PULL_SECRET), says: "Tag does not exist" },
      no_repository: { image: image("no_repository", `${host}/partner/nope`, PULL_SECRET), says: "Repository does not exist" },
      no_digest: {
        image: image("no_digest", `${host}/partner/app@sha256:${"0".repeat(64)}`, PULL_SECRET),
        says: "Digest does not exist",
      },
      not_its_own: { image: image("not_its_own", `${host}/team/ibmliberty`, PULL_SECRET), says: "Pull refused" },
      anonymous: { image: image("anonymous", `${host}/partner/app`), says: "Pull refused" },
      no_entry: { image: image("no_entry", `${host}/partner/app`, withSecret("elsewhere")), says: "Pull refused" },
      wrong_password: { image: image("wrong_password", `${host}/partner/app`, withSecret("wrong")), says: "Login refused" },
      not_allowed: { image: image("not_allowed", `${host}/partner/app`, withSecret("another")), says: "Not allowed" },
      unreachable: { image: image("unreachable", "127.0.0.1:1/app"), says: "Unreachable" },
      no_such_issuer: {
        image: image("no_such_issuer", `${host}/partner/app`, { credential_id: quoted("nobody/1") }),
        says: "No such issuer",
      },
      other_host: {
        image: image("other_host", `${host}/partner/app`, { credential_id: quoted("dedicated/1") }),
        says: "Credential for another registry host",
      },
    };
    stack.write(
      provider() +
        Object.values(cases)
          .map((one) => one.image)
          .join(""),
    );
    const planned = await stack.plan();
    const said = errorsOf(planned).map(({ address, summary }) => [address?.replace("data.registry_image.", ""), summary]);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(Object.entries(cases).map(([name, { says }]) => [name, says])));
    expect(errorsOf(planned).find(({ address }) => address?.endsWith("no_tag"))?.detail).toContain("Its tags are latest.");
    expect([password, "hunter22-wrong"].filter((secret) => planned.output.includes(secret))).toEqual([]);
  });
});
