import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namespaceAt } from "../../lib/clients/kubernetes/namespaces";
import { findEngine } from "../../sandbox";
import { type CliRun, runCli } from "../cli/support/run";
import { accessHcl, CREATE_FIRST } from "./support/access-hcl";
import { type ApiRequest, createApiRequest } from "./support/api-request";
import { startCluster, until } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, openStack, removeStack, type Stack } from "./support/terraform";

/** `registry-access drift` on real stacks, with the rights of who plans. */
const MARKER = "marker-of-a-hand-written-password";

let cluster: LimitedCluster;
let bluemix: Bluemix;
let api: ApiRequest;
let folder: string;
const stacks: Stack[] = [];

beforeAll(async () => {
  const started = await startCluster("drift-command");
  cluster = await underRoles(started, {
    pullSecrets: ["pull", "calm"],
    serviceAccounts: ["default"],
  });
  bluemix = openBluemix(cluster);
  api = await createApiRequest(cluster.state);
  folder = mkdtempSync(join(tmpdir(), "registry-access-drift-command-"));
  for (const namespace of ["team-a", "team-b", "team-c", "team-d", "calm"]) await cluster.createNamespace(namespace);
});

afterAll(async () => {
  for (const stack of stacks) removeStack(stack);
  rmSync(folder, { recursive: true, force: true });
  await cluster?.stop();
});

const hcl = { token: `permanent = false\n${CREATE_FIRST}` };
const calmHcl = (more: object = {}) =>
  accessHcl(cluster, {
    owner: "calm",
    namespaces: ["calm"],
    secretName: "calm",
    ...hcl,
    ...more,
  });

/** Applies a stack, which then lies in a folder of this name. */
async function deployed(name: string, configuration: string): Promise<Stack> {
  const stack = await createStack(`drift-command-${name}`, dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
  stacks.push(stack);
  stack.write(configuration);
  expectWell(await stack.apply());
  cpSync(stack.folder, join(folder, name), { recursive: true });
  const { path } = await findEngine();
  return openStack(join(folder, name), path, stack.env, cluster.envOf);
}

async function drift(args: readonly string[], more: { readonly [name: string]: string } = {}): Promise<CliRun> {
  const { path } = await findEngine();
  const env = {
    ...stacks[0]?.environmentOf(["plan"]),
    TERRAFORM_BINARY_NAME: path,
    ...more,
  };
  return runCli(["drift", ...args], env, { folder });
}

/** Times and addresses are of the run. */
function plain(text: string): string {
  return (
    text
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
      // Two edits may fall into one second, or not.
      .replaceAll(" between TIME and TIME", " at TIME")
      .replace(/force-unlock [0-9a-f-]{36}/, "force-unlock ID")
      .replace(/\S+@\S+ holds it for apply since [0-9: -]+ UTC/, "WHO holds it for apply since TIME")
      .replaceAll("\u200b", "")
      .replaceAll(cluster.client.server, "https://CLUSTER")
  );
}

describe("drift: two stacks", () => {
  let calm: Stack;
  let shop: Stack;

  beforeAll(async () => {
    calm = await deployed("calm", calmHcl());
    shop = await deployed(
      "shop",
      accessHcl(cluster, {
        owner: "shop",
        namespaces: ["team-a", "team-b", "team-c", "team-d"],
        ...hcl,
      }),
    );
  });

  it("in sync, also with a configuration that nobody applied yet", async () => {
    calm.write(calmHcl({ pullSecret: 'labels = { team = "calm" }' }));
    const { code, stdout, stderr } = await drift(["calm", "shop", "--expiring-within", "0.5"]);
    expect([code, stdout, stderr]).toEqual([0, "2 stacks: 2 in sync\n\n\u2713 calm, shop: in sync\n", ""]);
    calm.write(calmHcl());
  });

  it("expiring", async () => {
    const { code, stdout } = await drift(["calm", "--expiring-within", "2"]);
    expect(plain(stdout)).toMatchInlineSnapshot(`
      "1 stack: 1 drifted

      ✗ calm: expiring

        ! expiring: registry_token.pull, ends at TIME
      "
    `);
    expect(code).toBe(2);
  });

  it("edited by somebody, missing, foreign and revoked", async () => {
    await edit("secrets", "team-a", "pull", { data: { ".dockerconfigjson": docker(MARKER) } }, "kubectl-edit");
    await edit("secrets", "team-b", "pull", { data: { ".dockerconfigjson": docker(MARKER) } }, "kubectl-edit");
    await cluster.delete("secrets", "team-c", "pull");
    await edit(
      "secrets",
      "team-d",
      "pull",
      {
        metadata: { annotations: { "registry-access/owner": "somebody/else" } },
      },
      "argocd",
    );
    await edit("serviceaccounts", "team-a", "default", { imagePullSecrets: [{ name: "theirs" }] }, "helm");
    await edit("serviceaccounts", "team-b", "default", { imagePullSecrets: null }, "helm");
    await bluemix.revoke((await bluemix.onlyLiving("shop")).id);
    const { code, stdout } = await drift(["calm", "shop", "--expiring-within", "0.5"]);
    expect(plain(stdout)).toMatchInlineSnapshot(`
      "2 stacks: 1 drifted, 1 in sync

      ✗ shop: revoked

        ✗ revoked: registry_token.pull
        ✗ missing: registry_service_account_patch.pull in team-a/default, team-b/default, by whom is not known: the API server keeps no account of who writes this ServiceAccount
        ✗ missing: registry_pull_secret.pull in team-c
        ✗ foreign: registry_pull_secret.pull in team-d, by owner somebody/else now
        ✗ edited: registry_pull_secret.pull in team-a, team-b, by field manager kubectl-edit at TIME

      ✓ calm: in sync
      "
    `);
    expect(code).toBe(2);
    const markdown = await drift(["calm", "shop", "--expiring-within", "0.5", "--format", "markdown"]);
    expect(plain(markdown.stdout)).toMatchInlineSnapshot(`
      "## ❌ 2 stacks: 1 drifted, 1 in sync

      ### ❌ shop: revoked

      - ❌ revoked: registry\\_token.pull
      - ❌ missing: registry\\_service\\_account\\_patch.pull in team-a/default, team-b/default, by whom is not known: the API server keeps no account of who writes this ServiceAccount
      - ❌ missing: registry\\_pull\\_secret.pull in team-c
      - ❌ foreign: registry\\_pull\\_secret.pull in team-d, by owner somebody/else now
      - ❌ edited: registry\\_pull\\_secret.pull in team-a, team-b, by field manager kubectl-edit at TIME

      ### ✅ calm: in sync
      "
    `);
    const json = await drift(["calm", "shop", "--expiring-within", "0.5", "--json"]);
    expect(JSON.parse(json.stdout).stacks[1].items[0]).toMatchObject({
      target: "team-a",
      verdict: "edited",
      changed_by: { field_manager: "kubectl-edit" },
    });
    expect(stdout + markdown.stdout + json.stdout).not.toContain(MARKER);
  });

  it("unreachable, a login that is refused, and a locked state hide no other stack", async () => {
    await copyOf(calm, "unreachable", {
      kubernetes: '{ host = "https://127.0.0.1:1", token = "t" }',
    });
    const ca = JSON.stringify(cluster.client.ca ?? "");
    await copyOf(calm, "refused", {
      kubernetes: `{ host = "${cluster.client.server}", token = "stale-token-of-the-test", cluster_ca_certificate = ${ca} }`,
    });
    const locked = await copyOf(calm, "locked", {
      pullSecret: 'labels = { team = "calm" }',
    });
    // It waits for a "yes", and holds the lock meanwhile.
    const holder = locked.start("apply");
    try {
      await until(async () => existsSync(join(locked.folder, ".terraform.tfstate.lock.info")));
      const { code, stdout } = await drift(["calm", "unreachable", "refused", "locked", "shop", "--expiring-within", "0.5"]);
      expect(plain(stdout)).toMatchInlineSnapshot(`
        "5 stacks: 1 drifted, 3 could not be looked at, 1 in sync

        ! unreachable: unreachable

          ! Unreachable (registry_pull_secret.pull): The cluster at https://127.0.0.1:1 could not be asked which one it is: GET https://127.0.0.1:1/api/v1/namespaces/kube-system: 127.0.0.1:1 refuses connections: nothing listens there (ECONNREFUSED). Check the address in the provider's configuration, and that this machine reaches it (network, VPN, HTTPS_PROXY).

        ! refused: login refused or expired

          ! Login refused (registry_pull_secret.pull): The cluster at https://CLUSTER could not be asked which one it is: GET https://CLUSTER/api/v1/namespaces/kube-system: 401 Unauthorized. The API server does not accept the credential of the provider's kubernetes attribute: it is wrong, or has expired.

        ! locked: locked

          ! Error acquiring the state lock: WHO holds it for apply since TIME. Wait for it (--lock-timeout), or where that run died: force-unlock ID.

        ✗ shop: revoked

          ✗ revoked: registry_token.pull
          ✗ missing: registry_service_account_patch.pull in team-a/default, team-b/default, by whom is not known: the API server keeps no account of who writes this ServiceAccount
          ✗ missing: registry_pull_secret.pull in team-c
          ✗ foreign: registry_pull_secret.pull in team-d, by owner somebody/else now
          ✗ edited: registry_pull_secret.pull in team-a, team-b, by field manager kubectl-edit at TIME

        ✓ calm: in sync
        "
      `);
      expect(code).toBe(1);
    } finally {
      if (holder.pid !== undefined) process.kill(holder.pid, "SIGKILL");
      await holder.done;
    }
  });

  it("a plan of somebody's own pipeline", async () => {
    expectWell(await calm.plan("-refresh-only"));
    const { output } = await calm.run("show", "-json", "plan.bin");
    writeFileSync(join(folder, "plan.json"), output);
    const { code, stdout } = await drift(["--from", join(folder, "plan.json"), "--expiring-within", "0.5", "production"]);
    expect([code, stdout]).toEqual([0, "1 stack: 1 in sync\n\n\u2713 production: in sync\n"]);
  });

  it("another cluster than the stack's is not asked who did it", async () => {
    expectWell(await shop.plan("-refresh-only"));
    const { output } = await shop.run("show", "-json", "plan.bin");
    const uid = (await cluster.client.get(namespaceAt("kube-system"), new AbortController().signal))?.metadata.uid ?? "";
    const elsewhere = output.replaceAll(uid, "00000000-0000-0000-0000-000000000000");
    writeFileSync(join(folder, "elsewhere.json"), elsewhere);
    const { code, stdout } = await drift(["--from", join(folder, "elsewhere.json"), "--expiring-within", "0.5"]);
    expect(code).toBe(2);
    expect(plain(stdout)).toContain(
      "edited: registry_pull_secret.pull in team-a, team-b, by whom is not known: https://CLUSTER is another cluster than the stack's",
    );
  });

  async function copyOf(stack: Stack, name: string, more: object): Promise<Stack> {
    cpSync(stack.folder, join(folder, name), { recursive: true });
    const { path } = await findEngine();
    const copy = openStack(join(folder, name), path, stack.env, cluster.envOf);
    copy.write(calmHcl(more));
    return copy;
  }
});

function docker(password: string): string {
  return Buffer.from(JSON.stringify({ auths: { "r.example": { username: "u", password } } })).toString("base64");
}

async function edit(resource: string, namespace: string, name: string, patch: object, manager: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/${resource}/${name}?fieldManager=${manager}`;
  const { status } = await api("PATCH", path, patch);
  expect(status).toBe(200);
}
