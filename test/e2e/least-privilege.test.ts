/** Least privilege: each phase under its published role, and what is said where a permission or a namespace is missing. */
import type { KubernetesObject } from "../../lib/clients/kubernetes/client";
import { accessRules, type PolicyRule } from "../../lib/domain/access-rules";
import { type GrantedResource, PERMISSIONS, type Phase, type Verb } from "../../lib/domain/permissions";
import type { ConfiguredProvider } from "../../lib/provider/configured/provider";
import type { ResourceType } from "../../lib/provider/framework/definition";
import type { ObjectValue } from "../../lib/provider/framework/value";
import { pullSecretResource } from "../../lib/provider/resources/pull-secret";
import { serviceAccountPatchResource } from "../../lib/provider/resources/service-account-patch";
import { createUserKubeconfig } from "../../sandbox";
import { testAccessRoles } from "./least-privilege/access-roles";
import { testEachRule } from "./least-privilege/each-rule";
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, TOKEN } from "./support/access-hcl";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { block, ephemeralVariable, later, object, quoted } from "./support/hcl";
import { applyYaml, environmentOf, type Published, publishRoles, untilAllowed } from "./support/identities";
import { type InProcess, inProcess, type Outcome } from "./support/in-process";
import { createStack, expectWell, type Message, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const NAMESPACES = ["team-a", "team-b"];
const { signal } = new AbortController();
let cluster: Cluster;
let bluemix: Bluemix;

beforeAll(async () => {
  cluster = await startCluster("privilege");
  bluemix = openBluemix(cluster);
  for (const namespace of [...NAMESPACES, "team-c"]) await cluster.createNamespace(namespace);
});
afterAll(() => cluster?.stop());

testEachRule(() => cluster);
testAccessRoles(() => cluster);

describe("least privilege: a life under the published roles", () => {
  let stack: Stack;
  afterEach(() => removeStack(stack));

  /** Plans as who plans and applies that plan as who applies; nothing is warned of, by either. */
  async function step(changes: object, ...args: readonly string[]): Promise<void> {
    const planned = expectWell(await stack.plan(...args));
    expect({ changes: planned.changes, messages: planned.messages }).toEqual({ changes, messages: [] });
    expect(expectWell(await stack.apply("plan.bin")).messages).toEqual([]);
  }

  const variants: { readonly [file in Published]: readonly string[] } = {
    "cluster-wide.yaml": NAMESPACES,
    "one-namespace.yaml": ["team-c"],
  };
  it.each(Object.entries(variants))("%s: create, rotation, drift, update and destroy", async (file, namespaces) => {
    const only = namespaces[0] ?? "";
    const rename = (text: string) =>
      file === "one-namespace.yaml" ? text.replaceAll("team-a", only).replace(/registry-(plan|apply)\b/g, "one-$1") : text;
    const identities = await publishRoles(cluster, file as Published, rename);
    stack = await createStack("privilege", dedicatedEnvironment(cluster.state), undefined, (args) =>
      environmentOf(identities, args),
    );
    const owner = `tests/privilege-${only}`;
    const write = (pullSecret = "") =>
      stack.write(
        accessHcl(cluster, { owner, namespaces, secretName: "registry-pull", kubernetes: "{}", token: CREATE_FIRST, pullSecret }),
      );

    write();
    await step({ [TOKEN]: ["create"], [PULL_SECRET]: ["create"], [PATCH]: ["create"] });
    await step({ [TOKEN]: ["create", "delete"], [PULL_SECRET]: ["update"] }, `-replace=${TOKEN}`);
    await bluemix.onlyLiving(owner);
    await cluster.delete("secrets", only, "registry-pull");
    await cluster.edit(
      "serviceaccounts",
      only,
      "default",
      ({ imagePullSecrets: _, ...account }: { imagePullSecrets?: unknown; metadata: { name: string } }) => account,
    );
    await step({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    write('labels = { team = "x" }');
    await step({ [PULL_SECRET]: ["update"] });
    expect(expectWell(await stack.plan()).changes).toEqual({});
    await step({ [TOKEN]: ["delete"], [PULL_SECRET]: ["delete"], [PATCH]: ["delete"] }, "-destroy");
    expect(await Promise.all(namespaces.map((namespace) => cluster.secret(namespace, "registry-pull")))).toEqual(
      namespaces.map(() => undefined),
    );
  });
});

interface Kind {
  readonly resource: ResourceType<ConfiguredProvider>;
  /** What it is, under a name of its own. */
  config(name: string, namespaces: readonly string[], more?: ObjectValue): ObjectValue;
  /** A change that has every target written. */
  change(name: string): ObjectValue;
  /** What the errors say was not done, by operation. */
  readonly consequences: { readonly [operation in Operation]: string };
}
type Operation = "create" | "update" | "destroy";

const PASSWORD = { hosts: ["registry.partner.example:5000"], username: "acme", password_wo: "hunter22", password_wo_version: 1 };
const pullSecret: Kind = {
  resource: pullSecretResource,
  config: (name, namespaces, more = {}) => ({ name, namespaces, registries: [entry()], ...more }),
  change: () => ({ labels: { team: "x" } }),
  consequences: {
    create: "Nothing was written: a pull secret is made in all its namespaces, or in none.",
    update: "Nothing was written.",
    destroy: "Nothing was deleted.",
  },
};
const patch: Kind = {
  resource: serviceAccountPatchResource,
  config: (name, namespaces, more = {}) => ({ namespaces, service_accounts: ["default"], pull_secrets: [name], ...more }),
  change: (name) => ({ pull_secrets: [name, `${name}-more`] }),
  consequences: { create: "Nothing was patched.", update: "Nothing was patched.", destroy: "Nothing was taken away." },
};

/** An entry of `registries`, with all its attributes. */
function entry(): ObjectValue {
  return { credential_id: null, email: null, password_env: null, ...PASSWORD };
}

const rulesWithout = (phase: Phase, name: string, resource: GrantedResource, ...verbs: readonly Verb[]) =>
  accessRules(phase, { pullSecrets: [name], serviceAccounts: ["default"] })
    .map((rule) =>
      rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((verb) => !verbs.includes(verb as Verb)) } : rule,
    )
    .filter(({ verbs: left }) => left.length > 0);

/** Makes a user with these rules, everywhere or in some namespaces alone; its kubeconfig. */
async function user(name: string, rules: readonly PolicyRule[], namespaces?: readonly string[]): Promise<string> {
  const apiGroup = "rbac.authorization.k8s.io";
  const own = rules.map(({ why: _, ...rule }) => rule);
  const objectsIn = (place: object, kind: string) => [
    { kind, metadata: { name, ...place }, rules: own },
    {
      kind: `${kind}Binding`,
      metadata: { name, ...place },
      roleRef: { apiGroup, kind, name },
      subjects: [{ apiGroup, kind: "User", name }],
    },
  ];
  const objects =
    namespaces === undefined ? objectsIn({}, "ClusterRole") : namespaces.flatMap((namespace) => objectsIn({ namespace }, "Role"));
  await applyYaml(cluster, objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  const kubeconfig = await createUserKubeconfig(cluster.state, { name });
  const known = own.find(({ resources }) => resources.includes("secrets"));
  for (const namespace of namespaces ?? ["team-a"])
    await untilAllowed(kubeconfig, known?.verbs[0] ?? "get", "secrets", known?.resourceNames?.[0] ?? "", namespace);
  return kubeconfig;
}

const missing = (user: string, needs: string) =>
  `User "${user}" may not do this in the cluster at ${cluster.client.server}: ${needs}.`;
const GRANT =
  "The role registry-access-apply has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them.";
const warning = (user: string, needs: string) => ({
  severity: "warning",
  summary: "Permissions missing",
  detail: `${missing(user, needs)} An apply by this identity would stop at this resource, before it writes anything of it. ${GRANT} Where somebody else applies: give the identity that plans the role registry-access-plan, and its plans don't ask for this.`,
  path: ["namespaces"],
});
const refusal = (user: string, needs: string, consequence: string) => ({
  severity: "error",
  summary: "Not allowed",
  detail: `${missing(user, needs)} ${consequence} ${GRANT}`,
  path: ["namespaces"],
});

/** Everything that a write could have changed. */
async function everything(): Promise<unknown> {
  const all = (resource: string) => cluster.client.list({ apiVersion: "v1", resource }, {}, signal);
  return Promise.all(["secrets", "serviceaccounts"].map(all));
}

const admin = ({ resource }: Kind): InProcess => inProcess(resource, cluster.state.kubeconfig);

/** The state before an operation, made by the administrator. */
const before = async (kind: Kind, operation: Operation, config: ObjectValue): Promise<Outcome | null> =>
  operation === "create" ? null : admin(kind).apply(null, config);

describe("least privilege: without one permission", () => {
  const rows: readonly (readonly [GrantedResource, Verb, Kind, Operation])[] = [
    ["secrets", "get", pullSecret, "create"],
    ["secrets", "create", pullSecret, "create"],
    ["secrets", "delete", pullSecret, "create"],
    ["secrets", "update", pullSecret, "update"],
    ["secrets", "delete", pullSecret, "destroy"],
    ["serviceaccounts", "get", patch, "create"],
    ["serviceaccounts", "update", patch, "create"],
    ["serviceaccounts", "update", patch, "update"],
    ["serviceaccounts", "update", patch, "destroy"],
  ];
  it.each(rows)(
    "fails without the permission on %s to %s: exactly that is named at plan and at apply",
    async (resource, verb, kind, operation) => {
      const name = `row-${rows.findIndex((row) => row[0] === resource && row[1] === verb && row[3] === operation)}`;
      const { consequences, change } = kind;
      const limited = inProcess(kind.resource, await user(name, rulesWithout("apply", name, resource, verb)));
      const config = kind.config(name, NAMESPACES);
      const prior = await before(kind, operation, config);
      const next = operation === "destroy" ? null : { ...config, ...(operation === "update" ? change(name) : {}) };
      const needs = `${verb} ${resource} "${resource === "secrets" ? name : "default"}" in team-a, team-b`;

      expect((await limited.plan(prior, next)).said).toEqual([warning(name, needs)]);
      const found = await everything();
      const { said, state } = await limited.apply(prior, next);
      expect({ said, state }).toEqual({ said: [refusal(name, needs, consequences[operation])], state: prior?.state ?? null });
      expect(await everything()).toEqual(found);
      if (prior !== null) expect((await admin(kind).apply(prior, null)).said).toEqual([]);
    },
  );

  const leaving: { readonly [what: string]: readonly [Kind, Verb, GrantedResource] } = {
    "a pull secret": [pullSecret, "delete", "secrets"],
    "a patch": [patch, "update", "serviceaccounts"],
  };
  it.each(Object.entries(leaving))(
    "fails when %s leaves a namespace, and may not be taken away there",
    async (_, [kind, verb, resource]) => {
      const name = `leaving-${resource}`;
      const limited = inProcess(kind.resource, await user(name, rulesWithout("apply", name, resource, verb)));
      const made = await admin(kind).apply(null, kind.config(name, NAMESPACES));
      const next = kind.config(name, ["team-a"]);
      const needs = `${verb} ${resource} "${resource === "secrets" ? name : "default"}" in team-b`;
      const found = await everything();
      expect((await limited.plan(made, next)).said).toEqual([warning(name, needs)]);
      expect((await limited.apply(made, next)).said).toEqual([refusal(name, needs, kind.consequences.update)]);
      expect(await everything()).toEqual(found);
      await admin(kind).apply(made, null);
    },
  );

  it("fails when a create would take over what is there, and may not: at plan and at apply", async () => {
    const limited = inProcess(pullSecretResource, await user("over", rulesWithout("apply", "over", "secrets", "update")));
    const config = pullSecret.config("over", NAMESPACES);
    // As a run leaves it that was killed before its state was written.
    const lost = await admin(pullSecret).apply(null, pullSecret.config("over", ["team-b"]));
    const needs = 'update secrets "over" in team-b';
    const found = await everything();
    expect((await limited.plan(null, config)).said).toEqual([warning("over", needs)]);
    expect((await limited.apply(null, config)).said).toEqual([refusal("over", needs, pullSecret.consequences.create)]);
    expect(await everything()).toEqual(found);

    const here = pullSecret.config("over", ["team-a"]);
    const taking = await limited.plan(await limited.apply(null, here), config);
    expect(taking.said).toEqual([warning("over", needs)]);
    await admin(pullSecret).apply(lost, null);
    await cluster.delete("secrets", "team-a", "over");
  });

  it("fails when a create would adopt what is there, and may not: at plan and at apply", async () => {
    const limited = inProcess(pullSecretResource, await user("theirs", rulesWithout("apply", "theirs", "secrets", "update")));
    const data = { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") };
    const secret = { metadata: { name: "theirs", namespace: "team-b" }, type: "kubernetes.io/dockerconfigjson", data };
    await cluster.create("secrets", secret as KubernetesObject);
    const config = pullSecret.config("theirs", NAMESPACES, { adopt_existing: true });
    const needs = 'update secrets "theirs" in team-b';
    const found = await everything();
    expect((await limited.plan(null, config)).said).toContainEqual(warning("theirs", needs));
    expect((await limited.apply(null, config)).said).toEqual([refusal("theirs", needs, pullSecret.consequences.create)]);
    expect(await everything()).toEqual(found);
    await cluster.delete("secrets", "team-b", "theirs");
  });

  const optional: readonly (readonly [GrantedResource, Verb, Kind])[] = [
    ["secrets", "list", pullSecret],
    ["serviceaccounts", "list", patch],
    ["namespaces", "get", pullSecret],
    ["namespaces", "get", patch],
    ["namespaces", "list", pullSecret],
    ["namespaces", "list", patch],
  ];
  it.each(optional)("that can be done without (%s: %s): nothing is said, and all is done", async (resource, verb, kind) => {
    const name = `optional-${optional.findIndex((row) => row[0] === resource && row[1] === verb && row[2] === kind)}`;
    const limited = inProcess(kind.resource, await user(name, rulesWithout("apply", name, resource, verb)));
    const config = kind.config(name, NAMESPACES);
    const made = await limited.apply(null, config);
    const read = await limited.refresh(made);
    const changed = await limited.apply(read, { ...config, ...kind.change(name) });
    const gone = await limited.apply(changed, null);
    expect([made.said, read.said, changed.said, gone.said, gone.state]).toEqual([[], [], [], [], null]);
  });

  it("every permission is taken away once, and what is optional is called so", () => {
    const taken = (of: readonly (readonly [GrantedResource, Verb, ...unknown[]])[]) =>
      [...new Set(of.map(([resource, verb]) => `${resource} ${verb}`))].sort();
    const listed = (isOptional: boolean) =>
      PERMISSIONS.filter(({ without }) => (without !== undefined) === isOptional)
        .map(({ resource, verb }) => `${resource} ${verb}`)
        .sort();
    expect({ needed: taken(rows), optional: taken(optional) }).toEqual({ needed: listed(false), optional: listed(true) });
  });

  it("fails at refresh when the plan role can't read, and names every namespace", async () => {
    const kubeconfig = await user("blind", [
      ...rulesWithout("plan", "blind", "secrets", "get", "list"),
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["another"], verbs: ["get"], why: [] },
    ]);
    const made = await admin(pullSecret).apply(null, pullSecret.config("blind", NAMESPACES));
    expect((await inProcess(pullSecretResource, kubeconfig).refresh(made)).said).toMatchObject([
      {
        severity: "error",
        summary: "Not allowed",
        detail: expect.stringContaining('The secrets named "blind" could not be read in team-a, team-b: GET '),
      },
    ]);
    await admin(pullSecret).apply(made, null);
  });
});

describe("least privilege: who plans", () => {
  const config = () => pullSecret.config("planned", NAMESPACES);
  const needs = 'create and delete secrets "planned" in team-a, team-b';
  const planRules = () => accessRules("plan", { pullSecrets: ["planned"], serviceAccounts: ["default"] });
  const unmarked = () => planRules().filter(({ apiGroups }) => apiGroups.includes(""));
  const create: PolicyRule = { apiGroups: [""], resources: ["secrets"], verbs: ["create"], why: [] };

  const cases: {
    readonly [who: string]: { readonly rules: () => readonly PolicyRule[]; readonly says: (user: string) => readonly object[] };
  } = {
    planner: { rules: planRules, says: () => [] },
    "reader-without-the-role": { rules: unmarked, says: (name) => [warning(name, needs)] },
    "planner-who-may-write-some": {
      rules: () => [...planRules(), create],
      says: (name) => [warning(name, 'delete secrets "planned" in team-a, team-b')],
    },
  };
  it.each(Object.entries(cases))("%s", async (name, { rules, says }) => {
    const { plan } = inProcess(pullSecretResource, await user(name, rules()));
    expect((await plan(null, config())).said).toEqual(says(name));
  });

  it("a plan that changes nothing asks for nothing", async () => {
    const kubeconfig = await user("reader-of-nothing-new", unmarked());
    const made = await admin(pullSecret).apply(null, config());
    expect((await inProcess(pullSecretResource, kubeconfig).plan(made, config())).said).toEqual([]);
    await admin(pullSecret).apply(made, null);
  });
});

describe("least privilege: in some namespaces alone", () => {
  const others = Array.from({ length: 7 }, (_, index) => `other-${index}`);
  beforeAll(async () => {
    for (const namespace of others) await cluster.createNamespace(namespace);
  });

  it("fails when the others are not allowed: they are named, the first few, and nothing is written", async () => {
    const names = { pullSecrets: ["some"], serviceAccounts: ["default"] };
    const limited = inProcess(pullSecretResource, await user("some", accessRules("apply", names), ["team-a"]));
    const config = pullSecret.config("some", ["team-a", ...others]);
    const needs = 'get, create and delete secrets "some" in other-0, other-1, other-2, other-3, other-4 and 2 more';
    expect((await limited.plan(null, config)).said).toEqual([warning("some", needs)]);
    const { said } = await limited.apply(null, config);
    expect(said).toEqual([refusal("some", needs, pullSecret.consequences.create)]);
    expect(await cluster.secret("team-a", "some")).toBeUndefined();
  });

  it("fails when an update is not allowed everywhere, before the first write", async () => {
    const kubeconfig = await user("part", rulesWithout("apply", "part", "secrets", "update"));
    await user("part-in-a", accessRules("apply", { pullSecrets: ["part"], serviceAccounts: [] }), ["team-a"]);
    await applyYaml(
      cluster,
      JSON.stringify({
        kind: "RoleBinding",
        metadata: { name: "part", namespace: "team-a" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "part-in-a" },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "part" }],
      }),
    );
    await untilAllowed(kubeconfig, "update", "secrets", "part", "team-a");
    const config = pullSecret.config("part", NAMESPACES);
    const made = await admin(pullSecret).apply(null, config);
    const found = await cluster.secret("team-a", "part");
    const { said, state } = await inProcess(pullSecretResource, kubeconfig).apply(made, { ...config, labels: { team: "x" } });
    expect({ said, state }).toEqual({
      said: [refusal("part", 'update secrets "part" in team-b', pullSecret.consequences.update)],
      state: made.state,
    });
    expect(await cluster.secret("team-a", "part")).toEqual(found);
    await admin(pullSecret).apply(made, null);
  });
});

describe("least privilege: a namespace that is not there", () => {
  const kinds: { readonly [name: string]: Kind } = { "a pull secret": pullSecret, "a patch": patch };
  const detail = (consequence: string) =>
    `Namespace "nowhere" does not exist in the cluster at ${cluster.client.server}. ${consequence}`;
  const said = (severity: string, text: string) => [
    { severity, summary: "Namespace does not exist", detail: detail(text), path: ["namespaces"] },
  ];
  const warned =
    "The apply stops at this resource, before it writes anything of it, unless something makes it first. All is well where this stack makes it, and namespaces has its reference (kubernetes_namespace_v1, NamespaceV1), so that the order follows; if not, make it, or correct the name.";
  const advice =
    "Make it in the same stack (kubernetes_namespace_v1, NamespaceV1) and give its reference in namespaces, so that the order follows; or correct the name.";

  it.each(Object.entries(kinds))("%s: a warning at plan, an error at apply, on create and on update", async (_, kind) => {
    const config = kind.config("lost", NAMESPACES);
    const { plan } = admin(kind);
    const found = await everything();
    const lost = { ...config, namespaces: [...NAMESPACES, "nowhere"] };
    expect((await plan(null, lost)).said).toEqual(said("warning", warned));
    expect((await admin(kind).apply(null, lost)).said).toEqual(said("error", `${kind.consequences.create} ${advice}`));
    expect(await everything()).toEqual(found);

    const made = await admin(kind).apply(null, config);
    const written = await everything();
    const changed = { ...lost, ...kind.change("lost") };
    expect((await plan(made, changed)).said).toEqual(said("warning", warned));
    expect((await admin(kind).apply(made, changed)).said).toEqual(said("error", `${kind.consequences.update} ${advice}`));
    expect(await everything()).toEqual(written);
    await admin(kind).apply(made, null);
  });
});

describe("least privilege: a namespace that is being deleted", () => {
  beforeAll(async () => {
    await cluster.createNamespace("going");
    const held = { name: "hold", namespace: "going", finalizers: ["tests.invalid/hold"] };
    await cluster.create("configmaps", { metadata: held });
    await cluster.client.delete({ apiVersion: "v1", resource: "namespaces", name: "going" }, {}, signal);
  });
  afterAll(() => cluster?.edit("configmaps", "going", "hold", ({ metadata: { name } }) => ({ metadata: { name } })));

  const said = (severity: string, consequence: string) => [
    {
      severity,
      summary: "Namespace is being deleted",
      detail: `Namespace "going" is being deleted in the cluster at ${cluster.client.server}, and takes nothing new. ${consequence} Take it out of namespaces, or wait until it is gone and make it anew (kubectl get namespace shows what it still waits for).`,
      path: ["namespaces"],
    },
  ];
  const warned = "As long as that is so, the apply stops at this resource, before it writes anything of it.";

  it.each(Object.entries({ "a pull secret": pullSecret, "a patch": patch }))(
    "%s: a warning at plan, an error at apply, on create and on update",
    async (_, kind) => {
      const config = kind.config("going", NAMESPACES);
      const going = { ...config, namespaces: [...NAMESPACES, "going"] };
      const found = await everything();
      expect((await admin(kind).plan(null, going)).said).toEqual(said("warning", warned));
      expect((await admin(kind).apply(null, going)).said).toEqual(said("error", kind.consequences.create));
      expect(await everything()).toEqual(found);

      const made = await admin(kind).apply(null, config);
      const written = await everything();
      const changed = { ...going, ...kind.change("going") };
      expect((await admin(kind).plan(made, changed)).said).toEqual(said("warning", warned));
      expect((await admin(kind).apply(made, changed)).said).toEqual(said("error", kind.consequences.update));
      expect(await everything()).toEqual(written);
      await admin(kind).apply(made, null);
    },
  );
});

describe("least privilege: a whole stack, and its last resource is not allowed", () => {
  let stack: Stack;
  afterEach(() => removeStack(stack));
  const kubernetes = (path: string) => `{ config_path = ${JSON.stringify(path)} }`;

  it("fails at the patch when it comes to it; what came before stays, and the next apply goes on", async () => {
    const limited = await user("halfway", rulesWithout("apply", "pull", "serviceaccounts", "update"));
    const owner = "tests/halfway";
    stack = await createStack("halfway", dedicatedEnvironment(cluster.state));
    const write = (path: string) =>
      stack.write(accessHcl(cluster, { owner, namespaces: NAMESPACES, kubernetes: kubernetes(path) }));
    const needs = 'update serviceaccounts "default" in team-a, team-b';
    const seen = (messages: readonly Message[]) => messages.map(({ severity, summary, address }) => [severity, summary, address]);

    write(limited);
    stack.env.REGISTRY_ACCESS_ON_MISSING_ACCESS = "error";
    const refused = await stack.apply();
    expect({ code: refused.code, seen: seen(refused.messages) }).toEqual({
      code: 1,
      seen: [["error", "Permissions missing", PATCH]],
    });
    expect(refused.messages[0]?.detail).toContain(missing("halfway", needs));
    expect([await bluemix.living(owner), await cluster.secret("team-a", "pull")]).toEqual([[], undefined]);

    stack.env.REGISTRY_ACCESS_ON_MISSING_ACCESS = undefined;
    const stopped = await stack.apply();
    // Terraform plans each resource once more when its turn has come, in another process: the warning is said twice.
    expect({ code: stopped.code, seen: seen(stopped.messages) }).toEqual({
      code: 1,
      seen: [
        ["warning", "Permissions missing", PATCH],
        ["warning", "Permissions missing", PATCH],
        ["error", "Not allowed", PATCH],
      ],
    });
    const issued = await bluemix.living(owner);
    const entries = async () => (await cluster.serviceAccount("team-a"))?.imagePullSecrets;
    expect([issued.length, (await cluster.secret("team-a", "pull")) !== undefined, await entries()]).toEqual([
      1,
      true,
      undefined,
    ]);

    write(cluster.state.kubeconfig);
    const planned = expectWell(await stack.plan());
    expect({ changes: planned.changes, messages: planned.messages }).toEqual({ changes: { [PATCH]: ["create"] }, messages: [] });
    expectWell(await stack.apply("plan.bin"));
    expect([await bluemix.living(owner), await entries()]).toEqual([issued, [{ name: "pull" }]]);
    expectWell(await stack.destroy());
    expect(await bluemix.living(owner)).toEqual([]);
  });

  it("one namespace by reference: the others are looked at", async () => {
    const limited = await user("partly", rulesWithout("apply", "partly", "secrets", "create"));
    stack = await createStack("partly", { TF_VAR_password: "hunter22" });
    const provider = block('provider "registry"', { owner: quoted("tests/partly"), kubernetes: kubernetes(limited) });
    const registry = object({ hosts: quoted(["r.example"]), username: quoted("acme"), password_wo: "var.password" });
    const namespaces = '["nowhere", "team-a", terraform_data.made.output]';
    const secret = block('resource "registry_pull_secret" "pull"', {
      name: quoted("partly"),
      namespaces,
      registries: `[${registry}]`,
    });
    const account = block('resource "registry_service_account_patch" "pull"', { namespaces, pull_secrets: quoted(["partly"]) });
    stack.write(later("made", quoted("team-b")) + provider + ephemeralVariable("password") + secret + account);
    const { messages } = expectWell(await stack.plan());
    const seen = messages.map(({ summary, address }) => `${address}: ${summary}`).sort();
    expect(seen).toEqual([
      `${PULL_SECRET}: Namespace does not exist`,
      `${PULL_SECRET}: Permissions missing`,
      `${PATCH}: Namespace does not exist`,
    ]);
    const denied = messages.find(({ summary }) => summary === "Permissions missing");
    expect(denied?.detail).toContain(missing("partly", 'create secrets "partly" in team-a'));
  });
});
