import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../sandbox";
import { type CliRun, runCli } from "../cli/support/run";
import { type AccessHcl, accessHcl, CREATE_FIRST } from "./support/access-hcl";
import { type ApiRequest, createApiRequest } from "./support/api-request";
import { startCluster, until } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, openStack, removeStack, type Stack } from "./support/terraform";

/** `registry-access review` of real plans, with the rights of who plans; each text whole. */
const MARKER = "marker-of-a-hand-written-password";
const PODS = 40;
const FLEET = Array.from({ length: 1000 }, (_, index) => `fleet-${String(index).padStart(4, "0")}`);

let cluster: LimitedCluster;
let bluemix: Bluemix;
let api: ApiRequest;
let folder: string;
let shop: Stack;
const stacks: Stack[] = [];

beforeAll(async () => {
  cluster = await underRoles(await startCluster("review"), {
    pullSecrets: ["pull"],
    serviceAccounts: ["default"],
  });
  bluemix = openBluemix(cluster);
  api = await createApiRequest(cluster.state);
  folder = mkdtempSync(join(tmpdir(), "registry-access-review-"));
  for (const namespace of ["team-a", "team-b", "team-c"]) await cluster.createNamespace(namespace);
  shop = await stackOf("shop", hcl());
});

afterAll(async () => {
  for (const stack of stacks) removeStack(stack);
  rmSync(folder, { recursive: true, force: true });
  await cluster?.stop();
});

const hcl = (more: Partial<AccessHcl> = {}, owner = "shop") =>
  accessHcl(cluster, {
    owner,
    namespaces: ["team-a", "team-b"],
    token: `permanent = false\n${CREATE_FIRST}`,
    ...more,
  });

/** A stack that lies in a folder of its name, initialized. */
async function stackOf(name: string, configuration: string): Promise<Stack> {
  const stack = await createStack(`review-${name}`, dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
  stacks.push(stack);
  stack.write(configuration);
  expectWell(await stack.plan());
  cpSync(stack.folder, join(folder, name), { recursive: true });
  const { path } = await findEngine();
  return openStack(join(folder, name), path, stack.env, cluster.envOf);
}

async function review(args: readonly string[], kubeconfig?: string): Promise<CliRun> {
  const { path } = await findEngine();
  const env = {
    ...stacks[0]?.environmentOf(["plan"]),
    TERRAFORM_BINARY_NAME: path,
    TF_VAR_registry_password: MARKER,
  };
  return runCli(["review", ...args, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])], env, { folder });
}

/** Times, ids and addresses are of the run. */
function plain(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/…[0-9a-f]{6}/g, "…ID")
    .replaceAll("\u200b", "")
    .replaceAll(cluster.client.server, "https://CLUSTER");
}

/** Reviews the stack, and says how it ended. */
async function reviewed(): Promise<string> {
  const { code, stdout, stderr } = await review(["shop"], cluster.state.kubeconfig);
  expect(stderr).toBe("");
  return `${plain(stdout)}exit code ${code}\n`;
}

describe("one stack's life", () => {
  it("first deploy", async () => {
    expect(await reviewed()).toMatchInlineSnapshot(`
      "shop: gives access: 1 credential issued, 2 namespaces gain access

      Credentials

              CREDENTIAL           REGISTRIES                 ENDS                   WHY
      issued  registry_token.pull  registry.acme.example.com  known after the apply  new in the configuration

      Who can pull

             REGISTRIES                 NAMESPACES      SERVICEACCOUNTS  PULL SECRET  WHY
      gains  registry.acme.example.com  team-a, team-b  default          pull         new pull secret

      Whom it reaches

        - no workload and no Pod that is there now
      exit code 2
      "
    `);
    expectWell(await shop.apply());
  });

  it("no change", async () => {
    expect(await reviewed()).toMatchInlineSnapshot(`
      "shop: no change
      exit code 0
      "
    `);
  });

  it("a new namespace, and another provider's resource", async () => {
    shop.write(
      `${hcl({
        namespaces: ["team-a", "team-b", "team-c"],
      })}\nresource "terraform_data" "x" { input = "${MARKER}" }\n`,
    );
    expect(await reviewed()).toMatchInlineSnapshot(`
      "shop: gives access: 1 namespace gains access

      Who can pull

             REGISTRIES                 NAMESPACES  SERVICEACCOUNTS  PULL SECRET  WHY
      gains  registry.acme.example.com  team-c      default          pull         the namespace is new here

      Whom it reaches

        - no workload and no Pod that is there now

      Also

        - terraform_data: 1 created (another provider's; not judged)
      exit code 2
      "
    `);
    expectWell(await shop.apply());
  });

  it("a Secret edited by hand, one taken away", async () => {
    const data = {
      ".dockerconfigjson": Buffer.from(`{"auths":{"a.io":{"auth":"${MARKER}"}}}`).toString("base64"),
    };
    await api("PATCH", "/api/v1/namespaces/team-a/secrets/pull?fieldManager=kubectl-edit", { data });
    await cluster.delete("secrets", "team-b", "pull");
    const text = await reviewed();
    expect(text).toMatchInlineSnapshot(`
      "shop: repairs access: 2 namespaces repaired

      Who can pull

                REGISTRIES                 NAMESPACES  SERVICEACCOUNTS  PULL SECRET  WHY
      repaired  registry.acme.example.com  team-a      default          pull         edited by hand by field manager kubectl-edit at TIME
      repaired  registry.acme.example.com  team-b      default          pull         taken away by somebody

      Whom it reaches

        - no workload and no Pod that is there now
      exit code 2
      "
    `);
    expect(text).not.toContain(MARKER);
    expectWell(await shop.apply());
  });

  it("a rotation, as Markdown", async () => {
    shop.write(
      hcl({
        namespaces: ["team-a", "team-b", "team-c"],
        token: `permanent = false\nrenew_before_seconds = 172800\n${CREATE_FIRST}`,
      }),
    );
    const { code, stdout } = await review(["shop", "--format", "markdown"], cluster.state.kubeconfig);
    expect([code, plain(stdout)]).toMatchInlineSnapshot(`
      [
        2,
        "<!-- registry-access: stack shop -->
      ## ⚠️ shop: rotates credentials: 1 credential replaced, 3 namespaces get another password

      ### Credentials

      |  | Credential | Registries | Ends | Why |
      | --- | --- | --- | --- | --- |
      | ⚠️ replaced | registry\\_token.pull (…ID) | registry.acme.example.com | TIME → known after the apply | configuration changed (renew\\_before\\_seconds) |

      ### Who can pull

      |  | Registries | Namespaces | ServiceAccounts | Pull secret | Why |
      | --- | --- | --- | --- | --- | --- |
      | ⚠️ rotated | registry.acme.example.com | team-a, team-b, team-c | default | pull | credential …ID is replaced: configuration changed (renew\\_before\\_seconds) |

      ### Whom it reaches

      - registry\\_token.pull: the old one is revoked once every Secret of this stack holds the new one; Pods that start meanwhile can pull with either
      - no workload and no Pod that is there now

      ### Also

      - terraform\\_data: 1 destroyed (another provider's; not judged)
      ",
      ]
    `);
    shop.write(hcl({ namespaces: ["team-a", "team-b", "team-c"] }));
    expectWell(await shop.apply());
  });

  it("a token that was revoked", async () => {
    await bluemix.revoke((await bluemix.onlyLiving("shop")).id);
    expect(await reviewed()).toMatchInlineSnapshot(`
      "shop: rotates credentials: 1 credential replaced, 3 namespaces get another password

      Credentials

                CREDENTIAL                     REGISTRIES                 ENDS                                          WHY
      replaced  registry_token.pull (…ID)  registry.acme.example.com  TIME → known after the apply  it was revoked

      Who can pull

               REGISTRIES                 NAMESPACES              SERVICEACCOUNTS  PULL SECRET  WHY
      rotated  registry.acme.example.com  team-a, team-b, team-c  default          pull         credential …ID is replaced: it was revoked

      Whom it reaches

        ! registry_token.pull: the old one opens nothing any more: until the apply, Pods that start can't pull with it
        - no workload and no Pod that is there now
      exit code 2
      "
    `);
    expectWell(await shop.apply());
  });

  it("the removal of a registry that forty Pods pull from", async () => {
    const spec = {
      containers: [{ name: "app", image: "registry.invalid/app" }],
    };
    const labels = { app: "shop" };
    const template = { metadata: { labels }, spec };
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "shop" },
      spec: { replicas: PODS, selector: { matchLabels: labels }, template },
    };
    expect((await api("POST", "/apis/apps/v1/namespaces/team-a/deployments", deployment)).status).toBe(201);
    const pods = async () => ((await api("GET", "/api/v1/namespaces/team-a/pods")).body.items as unknown[]).length;
    await until(async () => (await pods()) === PODS);
    shop.write(hcl().split("resource ")[0] ?? "");
    expect(await reviewed()).toMatchInlineSnapshot(`
      "shop: takes access away: 1 credential revoked, 3 namespaces lose access

      Credentials

               CREDENTIAL                     REGISTRIES                 ENDS                  WHY
      revoked  registry_token.pull (…ID)  registry.acme.example.com  TIME  no longer in the configuration

      Who can pull

             REGISTRIES                 NAMESPACES              SERVICEACCOUNTS  PULL SECRET  WHY
      loses  registry.acme.example.com  team-a, team-b, team-c  default          pull         the pull secret is no longer in the configuration

      Whom it reaches

        ✗ 1 workload loses access, 40 Pods with that pull secret now: team-a: Deployment shop
      exit code 2
      "
    `);
    // Who plans may not list Pods: that is said, and is not "none".
    const { stdout } = await review(["shop"]);
    expect(plain(stdout).split("Whom it reaches")[1]).toMatchInlineSnapshot(`
      "

        ! Pods not looked at: GET https://CLUSTER/api/v1/pods: 403 Forbidden: pods is forbidden: User "limited-plan" cannot list resource "pods" in API group "" at the cluster scope
        ! workloads not looked at: GET https://CLUSTER/apis/apps/v1/deployments: 403 Forbidden: deployments.apps is forbidden: User "limited-plan" cannot list resource "deployments" in API group "apps" at the cluster scope
      "
    `);
  });
});

describe("several stacks", () => {
  it("are reviewed one after the other, each with a comment of its own; one that can't be planned hides no other", async () => {
    await stackOf("calm", hcl({ namespaces: ["team-c"], secretName: "calm" }, "calm"));
    const broken = await stackOf("broken", hcl({ namespaces: ["team-c"], secretName: "broken" }, "broken"));
    broken.write(
      hcl(
        {
          namespaces: ["team-c"],
          secretName: "broken",
          kubernetes: '{ host = "https://127.0.0.1:1", token = "t" }',
          provider: 'on_missing_permission = "nonsense"',
        },
        "broken",
      ),
    );
    const { code, stdout } = await review(["calm", "broken", "--format", "markdown"]);
    expect(code).toBe(1);
    expect(plain(stdout)).toMatchInlineSnapshot(`
      "<!-- registry-access: stack calm -->
      ## calm: gives access: 1 credential issued, 1 namespace gains access

      ### Credentials

      |  | Credential | Registries | Ends | Why |
      | --- | --- | --- | --- | --- |
      | ✅ issued | registry\\_token.pull | registry.acme.example.com | known after the apply | new in the configuration |

      ### Who can pull

      |  | Registries | Namespaces | ServiceAccounts | Pull secret | Why |
      | --- | --- | --- | --- | --- | --- |
      | ✅ gains | registry.acme.example.com | team-c | default | calm | new pull secret |

      ### Whom it reaches

      - ⚠️ Pods not looked at: GET https://CLUSTER/api/v1/pods: 403 Forbidden: pods is forbidden: User "limited-plan" cannot list resource "pods" in API group "" at the cluster scope
      - ⚠️ workloads not looked at: GET https://CLUSTER/apis/apps/v1/deployments: 403 Forbidden: deployments.apps is forbidden: User "limited-plan" cannot list resource "deployments" in API group "apps" at the cluster scope

      ### Look twice

      - ⚠️ Permissions missing (registry\\_pull\\_secret.pull): User "limited-plan" may not do this in the cluster at https://CLUSTER: get secrets "calm" in team-c. An apply by this identity would stop at this resource, before it writes anything of it. The role registry-access-apply has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them. Where somebody else applies: give the identity that plans the role registry-access-plan, and its plans don't ask for this.

      <!-- registry-access: stack broken -->
      ## ❌ broken: could not be reviewed

      - ⚠️ Unsupported argument: An argument named "on\\_missing\\_permission" is not expected here.
      "
    `);
  });

  it("that fail with a secret in the text of their error print it masked", async () => {
    const failing = await stackOf("failing", hcl({ namespaces: ["team-c"], secretName: "failing" }, "failing"));
    failing.write(`
variable "registry_password" {}
resource "terraform_data" "x" {
  lifecycle {
    precondition {
      condition     = var.registry_password == ""
      error_message = "The password \${var.registry_password} is not \${base64encode(var.registry_password)}."
    }
  }
}
`);
    for (const format of ["terminal", "markdown", "json"]) {
      const { code, stdout, stderr } = await review(["failing", "--format", format]);
      expect([code, stderr]).toEqual([1, ""]);
      expect(stdout).toContain("Resource precondition failed");
      for (const form of [MARKER, Buffer.from(MARKER).toString("base64")]) expect(stdout).not.toContain(form);
    }
  });

  it("a thousand namespaces in one comment", async () => {
    await stackOf("fleet", hcl({ namespaces: FLEET }, "fleet"));
    const { code, stdout } = await review(["fleet", "--format", "markdown"]);
    expect(code).toBe(2);
    expect(plain(stdout)).toMatchInlineSnapshot(`
      "<!-- registry-access: stack fleet -->
      ## fleet: gives access: 1 credential issued, 1,000 namespaces gain access

      ### Credentials

      |  | Credential | Registries | Ends | Why |
      | --- | --- | --- | --- | --- |
      | ✅ issued | registry\\_token.pull | registry.acme.example.com | known after the apply | new in the configuration |

      ### Who can pull

      |  | Registries | Namespaces | ServiceAccounts | Pull secret | Why |
      | --- | --- | --- | --- | --- | --- |
      | ✅ gains | registry.acme.example.com | 1,000: fleet-0000, fleet-0001, fleet-0002, fleet-0003, fleet-0004, fleet-0005, fleet-0006, fleet-0007, fleet-0008, fleet-0009, fleet-0010, fleet-0011 and 988 more | default | pull | new pull secret |

      ### Whom it reaches

      - ⚠️ Pods not looked at: GET https://CLUSTER/api/v1/pods: 403 Forbidden: pods is forbidden: User "limited-plan" cannot list resource "pods" in API group "" at the cluster scope
      - ⚠️ workloads not looked at: GET https://CLUSTER/apis/apps/v1/deployments: 403 Forbidden: deployments.apps is forbidden: User "limited-plan" cannot list resource "deployments" in API group "apps" at the cluster scope

      ### Look twice

      - ⚠️ Namespaces do not exist (registry\\_pull\\_secret.pull, registry\\_service\\_account\\_patch.pull): Namespaces "fleet-0000", "fleet-0001", "fleet-0002", "fleet-0003", "fleet-0004" and 995 more do not exist in the cluster at https://CLUSTER. The apply stops at this resource, before it writes anything of it, unless something makes them first. All is well where this stack makes them, and namespaces has their references (kubernetes\\_namespace\\_v1, NamespaceV1), so that the order follows; if not, make them, or correct the name.
      "
    `);
  });
});
