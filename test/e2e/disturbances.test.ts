/** An etcd that stands still in the middle of an apply, clocks that differ by an hour. More of it: fleet.test.ts (an API server that is restarted). */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { SecretObject } from "../../lib/clients/kubernetes/client";
import { createUserKubeconfig, readSandbox } from "../../sandbox";
import { issueCertificate } from "../../sandbox/certificates";
import { accessHcl, CREATE_FIRST, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { startCluster, until } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createOutcomes } from "./support/mid-apply";
import { type Applied, createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

/** Enough for an outage to lie in the middle of them. */
const NAMESPACES = Array.from({ length: 120 }, (_, index) => `disturbed-${index}`);
const HOUR = 3_600;
const { signal } = new AbortController();

let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;
let count = 0;
let owner: string;
const outcomes = createOutcomes();

beforeAll(async () => {
  const names = { pullSecrets: ["pull"], serviceAccounts: ["default"] };
  cluster = await underRoles(await startCluster("disturbances"), names);
  bluemix = openBluemix(cluster);
  await Promise.all(NAMESPACES.map((namespace) => cluster.createNamespace(namespace)));
});
afterAll(async () => {
  outcomes.print("disturbances");
  await cluster?.stop();
});
beforeEach(async () => {
  count += 1;
  owner = `tests/disturbances-${count}`;
  stack = await createStack("disturbances", dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
});
afterEach(async () => {
  await bluemix.setClockOffset(0);
  expectWell(await stack.destroy());
  expect(await bluemix.living(owner)).toEqual([]);
  removeStack(stack);
});

function write(
  options: { readonly token?: string; readonly pullSecret?: string; readonly namespaces?: readonly string[] } = {},
): void {
  const { token = "", namespaces = NAMESPACES, pullSecret } = options;
  stack.write(accessHcl(cluster, { owner, namespaces, token: `${token}\n${CREATE_FIRST}`, ...(pullSecret && { pullSecret }) }));
}

/** Our Secrets. */
async function secrets(): Promise<readonly SecretObject[]> {
  const found = await cluster.client.list<SecretObject>(
    { apiVersion: "v1", resource: "secrets" },
    { fieldSelector: `metadata.name=${SECRET_NAME}` },
    signal,
  );
  return found.filter(({ metadata }) => metadata.annotations?.["registry-access/owner"] === owner);
}

/** The same command again gets there, and no token is left over after the next rotation. */
async function converges(): Promise<void> {
  expectWell(await stack.apply());
  expect(expectWell(await stack.plan()).changes).toEqual({});
  expect(await secrets()).toHaveLength(NAMESPACES.length);
  await bluemix.onlyLiving(owner);
}

describe("disturbances: etcd stands still", () => {
  const etcd = () => readSandbox(cluster.state.name)?.processes.find(({ name }) => name === "etcd")?.pid ?? 0;

  it("for seconds: the apply takes longer, and nothing else", async () => {
    write();
    const disturb = async () => {
      process.kill(etcd(), "SIGSTOP");
      setTimeout(() => process.kill(etcd(), "SIGCONT"), 4_000);
    };
    expectWell(await outcomes.applyAnd(stack, { hasBegun: async () => (await secrets()).length > 0, disturb }));
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("for longer than the update may take: the message says so, and the next apply finishes it", async () => {
    write();
    expectWell(await stack.apply());
    write({ pullSecret: 'labels = { second = "yes" }\ntimeouts = { update = "5s" }' });
    expectWell(await stack.plan());
    process.kill(etcd(), "SIGSTOP");
    const { code, messages } = await stack.apply("plan.bin").finally(() => process.kill(etcd(), "SIGCONT"));
    expect({ code, messages }).toMatchObject({ code: 1, messages: [{ summary: "Not done in time", address: PULL_SECRET }] });
    write({ pullSecret: 'labels = { second = "yes" }' });
    await until(async () =>
      secrets().then(
        () => true,
        () => false,
      ),
    );
    await converges();
  });
});

describe("disturbances: the issuer's clock is an hour from ours", () => {
  const [namespace = ""] = NAMESPACES;

  it.each([
    ["ahead", HOUR],
    ["behind", -HOUR],
  ])("%s: a token that expires is issued, kept and rotated by its own time", async (_, offset) => {
    await bluemix.setClockOffset(offset);
    const token = "permanent = false\nrenew_before_seconds = 7200";
    write({ token, namespaces: [namespace] });
    expectWell(await stack.apply());
    const first = await bluemix.onlyLiving(owner);
    const { expires_at: expiresAt } = (await stack.attributes<{ readonly expires_at: string }>(TOKEN)) ?? { expires_at: "" };
    expect(Date.parse(expiresAt) / 1000).toBe(first.expiresAt);
    expect(expectWell(await stack.plan()).changes).toEqual({});

    // Logins that have ended by the issuer's clock are renewed.
    await bluemix.expireLogins();
    write({ token: `${token}\ndescription = "second"`, namespaces: [namespace] });
    expectWell(await stack.apply());
    expect((await bluemix.onlyLiving(owner)).id).not.toBe(first.id);
    expect(await bluemix.pull(namespace, SECRET_NAME)).toMatchObject({ fault: undefined });
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("ahead: a token that has ended there, and not here, is replaced", async () => {
    write({ token: "permanent = false\nrenew_before_seconds = 60", namespaces: [namespace] });
    await bluemix.setClockOffset(-23 * HOUR);
    expectWell(await stack.apply());
    const first = await bluemix.onlyLiving(owner);
    // An hour is left by our clock, and none by the issuer's: it no longer lists the token.
    await bluemix.setClockOffset(HOUR + 1);
    expect(expectWell(await stack.plan()).changes).toEqual({ [TOKEN]: ["create", "delete"], [PULL_SECRET]: ["update"] });
    expectWell(await stack.apply("plan.bin"));
    expect(expectWell(await stack.plan()).changes).toEqual({});
    await bluemix.onlyLiving(owner);
    // When the clock goes back, it must not live again.
    await bluemix.revoke(first.id);
  });
});

describe("disturbances: the cluster's clock is an hour from ours", () => {
  const soon = () => new Date(Date.now() + HOUR * 1000);
  const authority = () => ({
    certificate: readFileSync(cluster.state.caFile, "utf8"),
    key: readFileSync(cluster.state.caFile.replace(/\.crt$/, ".key"), "utf8"),
  });
  interface Kubeconfig {
    readonly clusters: [{ cluster: { server: string } }];
    readonly users: [{ user: { [name: string]: unknown } }];
  }

  /** The administrator's kubeconfig with something changed in it. */
  async function kubeconfig(change: (config: Kubeconfig) => void): Promise<string> {
    const file = await createUserKubeconfig(cluster.state, { name: "skewed", groups: ["system:masters"] });
    const config = JSON.parse(readFileSync(file, "utf8")) as Kubeconfig;
    change(config);
    const own = join(stack.folder, "kubeconfig");
    writeFileSync(own, JSON.stringify(config), { mode: 0o600 });
    return `{ config_path = ${JSON.stringify(own)} }`;
  }
  const writeWith = (kubernetes: string) =>
    stack.write(accessHcl(cluster, { owner, namespaces: NAMESPACES.slice(0, 1), token: CREATE_FIRST, kubernetes }));
  const errors = ({ messages }: Applied) => messages.filter(({ severity }) => severity === "error");

  it("its certificate is not valid yet: the message names the clocks, and nothing is written", async () => {
    const pair = await issueCertificate(authority(), { commonName: "early", hosts: ["127.0.0.1"], validFrom: soon() });
    const server = createServer({ cert: pair.certificate, key: pair.key });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    writeWith(await kubeconfig(({ clusters: [{ cluster: at }] }) => Object.assign(at, { server: `https://127.0.0.1:${port}` })));
    const failures = errors(await stack.apply());
    server.close();
    expect(failures).toMatchObject([
      { summary: "Certificate not trusted", detail: expect.stringContaining("Compare this machine's clock with the server's.") },
      ...failures.slice(1),
    ]);
    expect(await secrets()).toEqual([]);
    writeWith(cluster.kubernetes);
  });

  it("our client certificate is not valid there yet: the login is refused, and nothing is written", async () => {
    const pair = await issueCertificate(authority(), {
      commonName: "early",
      organizations: ["system:masters"],
      validFrom: soon(),
    });
    const [cert, key] = [pair.certificate, pair.key].map((pem) => Buffer.from(pem).toString("base64"));
    writeWith(
      await kubeconfig(({ users: [{ user }] }) =>
        Object.assign(user, { "client-certificate-data": cert, "client-key-data": key }),
      ),
    );
    const failures = errors(await stack.apply());
    expect(failures).toMatchObject([{ summary: "Login refused" }, ...failures.slice(1)]);
    expect(await secrets()).toEqual([]);
    writeWith(cluster.kubernetes);
  });

  it("an exec plugin's credential has ended by our clock, and not by the cluster's: it is used", async () => {
    writeWith(
      await kubeconfig(({ users: [{ user }] }) => {
        const plugin = join(stack.folder, "plugin");
        const status = {
          clientCertificateData: Buffer.from(String(user["client-certificate-data"]), "base64").toString(),
          clientKeyData: Buffer.from(String(user["client-key-data"]), "base64").toString(),
          expirationTimestamp: new Date(Date.now() - HOUR * 1000).toISOString(),
        };
        const apiVersion = "client.authentication.k8s.io/v1";
        const credential = JSON.stringify({ apiVersion, kind: "ExecCredential", status });
        writeFileSync(plugin, `#!/bin/sh\ncat <<'END'\n${credential}\nEND\n`, { mode: 0o700 });
        for (const name of Object.keys(user)) delete user[name];
        user.exec = { apiVersion, command: plugin, interactiveMode: "Never" };
      }),
    );
    expectWell(await stack.apply());
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});
