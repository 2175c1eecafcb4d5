/** Ctrl-C while an apply waits: what is under way is cancelled, what was begun is undone, and the next apply gets there. */
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubernetesObject, SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { restartProcess, stopProcess } from "../../sandbox";
import { createAuthority, issueCertificate } from "../../sandbox/certificates";
import { type Bluemix, bluemixOf } from "./mistakes/bluemix";
import { startCluster, until } from "./support/cluster";
import { block, type Expressions, ephemeralVariable, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type Interrupted, startApply } from "./support/interrupt";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

/** Generous, since the machine may be busy; what is waited for takes far longer. */
const SECONDS = 20;
const LONG = 300_000;
const NAMESPACES = ["team-a", "team-b", "team-c"];
const { signal } = new AbortController();
let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("cancel"), { pullSecrets: ["pull"], serviceAccounts: ["default"] });
  bluemix = bluemixOf(cluster.state);
  await Promise.all(NAMESPACES.map((namespace) => cluster.createNamespace(namespace)));
  const password = bluemix.credentials.bluemix.password.reveal();
  const env = { TF_VAR_password: "hunter22", TF_VAR_bluemix_password: password };
  stack = await createStack("cancel", env, undefined, cluster.envOf);
  stack.write(provider());
  expectWell(await stack.plan());
});
afterAll(async () => {
  removeStack(stack);
  await cluster?.stop();
});
afterEach(async () => {
  await bluemix.control.clearFaults();
  expectWell(await stack.destroy());
});

const provider = () =>
  [
    ephemeralVariable("password"),
    ephemeralVariable("bluemix_password"),
    block('provider "registry"', {
      owner: quoted("tests/cancel"),
      kubernetes: cluster.kubernetes,
      issuers: object({ dedicated: bluemix.issuer() }),
    }),
  ].join("");
const token = (attributes: Expressions = {}) =>
  block('resource "registry_token" "token"', { issuer: quoted("dedicated"), name: quoted("pull"), ...attributes });
const pullSecret = (entry: Expressions = {}, attributes: Expressions = {}) => {
  const registry = { hosts: quoted(["registry.acme.example.com"]), username: quoted("acme"), password_wo: "var.password" };
  return block('resource "registry_pull_secret" "pull"', {
    name: quoted("pull"),
    namespaces: quoted(NAMESPACES),
    registries: `[${object({ ...registry, ...entry })}]`,
    ...attributes,
  });
};

/** Applies, waits until something is under way, and presses Ctrl-C. */
async function interruptWhen(holds: () => Promise<boolean>): Promise<Interrupted> {
  const apply = await startApply(stack);
  await until(holds);
  return apply.interrupt();
}

async function hasAsked(method: string, pathPrefix: string): Promise<boolean> {
  return (await bluemix.control.requests()).some((request) => request.method === method && request.path.startsWith(pathPrefix));
}

/** The next apply makes everything, and the one after it has nothing to do. */
async function converges(...addresses: readonly string[]): Promise<void> {
  expect(expectWell(await stack.plan()).changes).toEqual(Object.fromEntries(addresses.map((address) => [address, ["create"]])));
  expectWell(await stack.apply("plan.bin"));
  expect(expectWell(await stack.plan()).changes).toEqual({});
}

const secrets = async () =>
  (await Promise.all(NAMESPACES.map((namespace) => cluster.secret(namespace, "pull")))).filter((found) => found !== undefined);

/** What is said: Terraform adds words of its own, which differ from run to run. */
const own = ({ findings }: Interrupted) => findings.filter(({ address }) => address !== undefined);

describe("cancel: an issuer that does not answer", () => {
  beforeEach(() => bluemix.control.clearRequests());

  it("while the list is read", async () => {
    await bluemix.control.addFault({ method: "GET", pathPrefix: "/api/v1/tokens", delayMs: LONG });
    stack.write(provider() + token());
    const interrupted = await interruptWhen(() => hasAsked("GET", "/api/v1/tokens"));
    expect(own(interrupted)).toEqual([
      {
        severity: "error",
        summary: "Cancelled",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${bluemix.url}/api/v1/tokens: cancelled. Run it again to finish.`,
        address: "registry_token.token",
        line: 'issuer = "dedicated"',
      },
    ]);
    expect(interrupted.code).toBe(1);
    expect(interrupted.seconds).toBeLessThan(SECONDS);
    expect(await hasAsked("POST", "/api/v1/tokens")).toBe(false);
    await converges("registry_token.token");
  });

  it("while it logs in", async () => {
    await bluemix.control.addFault({ method: "POST", pathPrefix: "/oauth/token", delayMs: LONG });
    stack.write(provider() + token());
    const { code, seconds } = await interruptWhen(() => hasAsked("POST", "/oauth/token"));
    expect(code).toBe(1);
    expect(seconds).toBeLessThan(SECONDS);
    await converges("registry_token.token");
  });

  it("while it asks whether a token was issued: that token is revoked", async () => {
    const before = await bluemix.tokens();
    // The first list, then an answer that is lost, then the list that is looked at because of that.
    await bluemix.control.addFault({ method: "GET", pathPrefix: "/api/v1/tokens" });
    await bluemix.control.addFault({ method: "POST", pathPrefix: "/api/v1/tokens", drop: "after" });
    await bluemix.control.addFault({ method: "GET", pathPrefix: "/api/v1/tokens", delayMs: 2_000 });
    stack.write(provider() + token());
    const interrupted = await interruptWhen(
      async () => (await bluemix.control.requests()).filter(({ path }) => path === "/api/v1/tokens").length === 3,
    );
    expect(interrupted.code).toBe(1);
    expect(interrupted.seconds).toBeLessThan(SECONDS);
    const details = (await bluemix.control.requests()).map(({ detail }) => detail ?? "");
    expect(details.filter((detail) => /^(issued|deleted)/.test(detail))).toEqual([
      expect.stringMatching(/^issued/),
      expect.stringMatching(/^deleted/),
    ]);
    expect(await bluemix.tokens()).toEqual(before);
    await converges("registry_token.token");
    expect(await bluemix.tokens()).toHaveLength(before.length + 1);
  });

  it("while a Secret's credential is fetched: no Secret is there", async () => {
    const id = await bluemix.issueToken("for cancel");
    await bluemix.control.addFault({ method: "GET", pathPrefix: `/api/v1/tokens/${id}`, delayMs: LONG });
    stack.write(
      provider() + pullSecret({ username: undefined, password_wo: undefined, credential_id: quoted(`dedicated/${id}`) }),
    );
    const { code, seconds } = await interruptWhen(() => hasAsked("GET", `/api/v1/tokens/${id}`));
    expect(code).toBe(1);
    expect(seconds).toBeLessThan(SECONDS);
    expect(await secrets()).toEqual([]);
    await converges("registry_pull_secret.pull");
  });
});

describe("cancel: an API server that does not answer", () => {
  const HOOKS = { apiVersion: "admissionregistration.k8s.io/v1", resource: "validatingwebhookconfigurations" };
  let server: Server;

  let webhook: object;

  beforeAll(async () => {
    const authority = await createAuthority("webhook");
    const { certificate, key } = await issueCertificate(authority, { commonName: "webhook", hosts: ["127.0.0.1"] });
    server = createServer({ cert: certificate, key }, () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    webhook = {
      name: "silent.tests.example",
      clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(authority.certificate).toString("base64") },
      rules: [{ operations: ["CREATE", "UPDATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["secrets"] }],
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": NAMESPACES.at(-1) } },
      failurePolicy: "Fail",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      timeoutSeconds: 30,
    };
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
  });

  /** From now on an admission webhook that never answers is asked about Secrets in the last namespace. */
  async function silence(): Promise<void> {
    const object: KubernetesObject & { readonly webhooks: readonly object[] } = {
      metadata: { name: "silent" },
      webhooks: [webhook],
    };
    await cluster.client.create(HOOKS, object, {}, signal);
    await until(async () => (await probe()) === "silent");
  }
  /** Nobody is asked any more. */
  async function unsilence(): Promise<void> {
    await cluster.client.delete({ ...HOOKS, name: "silent" }, {}, signal);
    server.closeAllConnections();
    await until(async () => (await probe()) === "answered");
  }
  /** The API server notices a webhook, and that it is gone, after a moment. */
  async function probe(): Promise<"silent" | "answered" | "refused"> {
    const at = { apiVersion: "v1", resource: "secrets", namespace: NAMESPACES.at(-1) ?? "" };
    const secret: SecretObject = { metadata: { name: "probe", namespace: at.namespace } };
    const patience = AbortSignal.timeout(1_000);
    return cluster.client.create(at, secret, { dryRun: true }, patience).then(
      () => "answered",
      () => (patience.aborted ? "silent" : "refused"),
    );
  }

  it("while the last Secret is written: the others are taken back", async () => {
    await silence();
    stack.write(provider() + pullSecret());
    const interrupted = await interruptWhen(async () => (await secrets()).length === NAMESPACES.length - 1);
    const { code, seconds } = interrupted;
    expect(await secrets()).toEqual([]);
    expect({ code, summaries: own(interrupted).map(({ summary }) => summary) }).toEqual({ code: 1, summaries: ["Cancelled"] });
    expect(seconds).toBeLessThan(SECONDS);
    await unsilence();
    await converges("registry_pull_secret.pull");
  });

  it("while the last Secret is updated: the others stay updated, and the next plan shows the last", async () => {
    stack.write(provider() + pullSecret());
    expectWell(await stack.apply());
    await silence();
    stack.write(provider() + pullSecret({}, { labels: object({ season: quoted("winter") }) }));
    const updated = async () =>
      (await secrets()).flatMap(({ metadata }) => (metadata.labels?.season === "winter" ? [metadata.namespace] : []));
    const interrupted = await interruptWhen(async () => (await updated()).length === NAMESPACES.length - 1);
    const { code, seconds } = interrupted;
    expect(own(interrupted)).toEqual([
      {
        severity: "error",
        summary: "Cancelled",
        detail: 'The update was cancelled. Not reached: the pull secret "pull" in team-c. Apply again to finish it.',
        address: "registry_pull_secret.pull",
        line: 'resource "registry_pull_secret" "pull" {',
      },
    ]);
    expect(code).toBe(1);
    expect(seconds).toBeLessThan(SECONDS);
    await unsilence();
    expect(await updated()).toEqual(NAMESPACES.slice(0, -1));
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual({ "registry_pull_secret.pull": ["update"] });
    const shown = text.split("\n").filter((line) => /team-|status/.test(line));
    expect(shown.map((line) => line.trim())).toEqual(['~ "team-c" = {', '~ status = "edited" -> "in_sync"']);
    expectWell(await stack.apply("plan.bin"));
    expect(await updated()).toEqual(NAMESPACES);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("cancel: a ServiceAccount that does not come", () => {
  const patch = block('resource "registry_service_account_patch" "patch"', {
    namespaces: quoted(["team-a", "late"]),
    pull_secrets: quoted(["pull"]),
  });

  it("while it is waited for: no other is patched", async () => {
    await stopProcess(cluster.state, "kube-controller-manager");
    await cluster.createNamespace("late");
    stack.write(provider() + patch);
    const account = () => cluster.serviceAccount("team-a");
    const before: ServiceAccountObject | undefined = await account();
    const apply = await startApply(stack);
    await until(async () => apply.output().includes("registry_service_account_patch.patch: Creating"));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const interrupted = await apply.interrupt();
    const { code, seconds } = interrupted;
    expect(own(interrupted)).toEqual([
      {
        severity: "error",
        summary: "Cancelled",
        detail: "apply of registry_service_account_patch was cancelled before it was done. Run it again to finish.",
        address: "registry_service_account_patch.patch",
        line: 'resource "registry_service_account_patch" "patch" {',
      },
    ]);
    expect(code).toBe(1);
    expect(seconds).toBeLessThan(SECONDS);
    expect(await account()).toEqual(before);
    await restartProcess(cluster.state, "kube-controller-manager");
    await converges("registry_service_account_patch.patch");
    expect((await cluster.serviceAccount("late"))?.imagePullSecrets).toEqual([{ name: "pull" }]);
  });
});
