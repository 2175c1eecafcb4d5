/** Namespaces and ServiceAccounts that are selected: they enter and leave, also between a plan and its apply. */
import type { KubernetesObject } from "../../lib/clients/kubernetes/client";
import { DEMANDED_SECRETS, testEachDemand } from "./selection/each-demand";
import { startCluster } from "./support/cluster";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const PULL_SECRET = "registry_pull_secret.pull";
const PATCH = "registry_service_account_patch.pull";

let cluster: LimitedCluster;
let stack: Stack;
/** Each test has a label of its own, and so namespaces of its own. */
let team: string;
let count = 0;
beforeAll(async () => {
  const names = { pullSecrets: ["t1", "t2", "t3", "t4", "t5", "t6", ...DEMANDED_SECRETS], serviceAccounts: ["default", "ci-*"] };
  cluster = await underRoles(await startCluster("selection"), names);
});
afterAll(() => cluster?.stop());
beforeEach(async () => {
  count += 1;
  team = `t${count}`;
  stack = await createStack("selection", {}, undefined, cluster.envOf);
});
afterEach(() => removeStack(stack));

interface Choice {
  readonly namespaces?: readonly string[];
  /** HCL. @default - by the label of this test */
  readonly selector?: string | null;
  readonly accounts?: readonly string[];
  readonly onRefused?: "skip";
  /** Raised where the password is another one. */
  readonly version?: number;
  /** The namespace of a Secret of the same name that is copied. @default - a password of its own */
  readonly from?: string;
}

function hcl({ namespaces, selector = byTeam(), accounts = ["default"], onRefused, version = 1, from }: Choice = {}): string {
  const login = `
    hosts               = ["registry.partner.example"]
    username            = "acme"
    password_wo         = "hunter2-${version}"
    password_wo_version = ${version}`;
  const targets = `
  ${namespaces === undefined ? "" : `namespaces = ${JSON.stringify(namespaces)}`}
  ${selector === null ? "" : `namespace_selector = ${selector}`}
  ${onRefused === undefined ? "" : `on_refused = "${onRefused}"`}`;
  return `
provider "registry" {
  owner      = "tests/${team}"
  kubernetes = ${cluster.kubernetes}
}
resource "registry_pull_secret" "pull" {
  name       = "${team}"
  registries = [{${from === undefined ? login : `copy_from = { namespace = "${from}", name = "${team}" }`}
  }]${from === undefined ? "" : "\n  adopt_existing = true"}${targets}
}
resource "registry_service_account_patch" "pull" {
  pull_secrets     = [registry_pull_secret.pull.name]
  service_accounts = ${JSON.stringify(accounts)}${targets}
}
`;
}

const byTeam = () => `{ match_labels = { team = "${team}" } }`;
const at = (letter: string) => `${team}-${letter}`;

async function make(letter: string, labels: Readonly<Record<string, string>> = { team }): Promise<string> {
  const name = at(letter);
  const of = { apiVersion: "v1", resource: "namespaces" };
  await cluster.client.create(of, { metadata: { name, labels } }, {}, new AbortController().signal);
  return name;
}

/** Sets labels and annotations of a namespace; null takes one away. */
async function label(
  name: string,
  labels: Readonly<Record<string, string | null>>,
  annotations: Readonly<Record<string, string>> = {},
) {
  const { signal } = new AbortController();
  const location = { apiVersion: "v1", resource: "namespaces", name };
  const current = (await cluster.client.get<KubernetesObject>(location, signal)) as KubernetesObject;
  const { metadata } = current;
  const merged = Object.entries({ ...metadata.labels, ...labels }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const next = { ...metadata, labels: Object.fromEntries(merged), annotations: { ...metadata.annotations, ...annotations } };
  await cluster.client.replace(location, { ...current, metadata: next }, signal);
}

const statuses = async (address: string): Promise<{ readonly [key: string]: string }> => {
  const { targets = {} } = (await stack.attributes<{ targets: { [key: string]: { status: string } } }>(address)) ?? {};
  return Object.fromEntries(Object.entries(targets).map(([key, { status }]) => [key, status]));
};
const served = async (letter: string) => ({
  secret: (await cluster.secret(at(letter), team)) !== undefined,
  entry: ((await cluster.serviceAccount(at(letter)))?.imagePullSecrets ?? []).some(({ name }) => name === team),
});
const WHOLE = { secret: true, entry: true };
const NOTHING = { secret: false, entry: false };
const warningsOf = ({ messages }: { readonly messages: readonly { readonly summary: string; readonly detail: string }[] }) =>
  messages.map(({ summary, detail }) => `${summary}: ${detail}`).sort();

it("serves what matches, tells what enters and leaves as drift, and cleans up by plan alone", async () => {
  await Promise.all([make("a"), make("b"), make("other", { team: "none" })]);
  await make("out");
  await label(at("out"), {}, { "registry-access/opt-out": "true" });
  stack.write(hcl());
  const first = expectWell(await stack.plan());
  expect(first.changes).toEqual({ [PULL_SECRET]: ["create"], [PATCH]: ["create"] });
  expect(warningsOf(first)).toEqual([
    `Selected at apply: Selected now: 2 (${at("a")}, ${at("b")}). The apply selects when it begins, so what changes in the cluster until then counts; later plans show each target.`,
    `Selected at apply: Selected now: 2 (${at("a")}/default, ${at("b")}/default). The apply selects when it begins, so what changes in the cluster until then counts; later plans show each target.`,
  ]);
  // Between plan and apply one comes and one goes.
  await make("c");
  await cluster.deleteNamespace(at("b"));
  expectWell(await stack.apply("plan.bin"));
  expect(await statuses(PULL_SECRET)).toEqual({ [at("a")]: "in_sync", [at("c")]: "in_sync" });
  expect([await served("a"), await served("c"), await served("out"), await served("other")]).toEqual([
    WHOLE,
    WHOLE,
    NOTHING,
    NOTHING,
  ]);
  const second = expectWell(await stack.plan());
  expect({ changes: second.changes, messages: second.messages }).toEqual({ changes: {}, messages: [] });

  // One enters, one leaves, one opts out: drift, also where nothing but the refresh is asked for.
  await make("d");
  await label(at("a"), { team: null });
  expectWell(await stack.apply("-refresh-only"));
  expect(await statuses(PULL_SECRET)).toEqual({ [at("a")]: "unmatched", [at("c")]: "in_sync", [at("d")]: "missing" });
  expect(await statuses(PATCH)).toEqual({
    [`${at("a")}/default`]: "unmatched",
    [`${at("c")}/default`]: "in_sync",
    [`${at("d")}/default`]: "missing",
  });
  expect(await served("a")).toEqual(WHOLE);
  const third = expectWell(await stack.plan());
  expect({ changes: third.changes, messages: third.messages }).toEqual({
    changes: { [PULL_SECRET]: ["update"], [PATCH]: ["update"] },
    messages: [],
  });
  expect(third.text).toMatch(new RegExp(`- "${at("a")}" = \\{[^}]*"unmatched"`));
  // What was planned is what is applied, though another one matches by now.
  await make("e");
  expectWell(await stack.apply("plan.bin"));
  expect(await statuses(PULL_SECRET)).toEqual({ [at("c")]: "in_sync", [at("d")]: "in_sync" });
  expect([await served("a"), await served("d"), await served("e")]).toEqual([NOTHING, WHOLE, NOTHING]);

  // Planned to be served, and gone by the time of the apply: a warning, and no target from then on.
  const fourth = expectWell(await stack.plan());
  expect(Object.keys(fourth.changes)).toEqual([PULL_SECRET, PATCH]);
  await Promise.all([cluster.deleteNamespace(at("e")), cluster.deleteNamespace(at("d"))]);
  const late = expectWell(await stack.apply("plan.bin"));
  // Terraform prints the warnings in the order the resources end in.
  expect(late.messages.map(({ severity, summary }) => `${severity}: ${summary}`).sort()).toEqual([
    "warning: Namespace vanished",
    "warning: Namespace vanished",
    "warning: ServiceAccount vanished",
    "warning: ServiceAccount vanished",
  ]);
  expect(expectWell(await stack.plan()).changes).toEqual({});
  expectWell(await stack.apply("-refresh-only"));
  expect(await statuses(PULL_SECRET)).toEqual({ [at("c")]: "in_sync" });

  expectWell(await stack.destroy());
  expect(await served("c")).toEqual(NOTHING);
});

it("keeps what is named beside what is selected, and says what another selector changes", async () => {
  await Promise.all([make("a"), make("b"), make("named", { team: "none" })]);
  stack.write(hcl({ namespaces: [at("named"), at("a")] }));
  expectWell(await stack.apply());
  expect(Object.keys(await statuses(PULL_SECRET))).toEqual([at("a"), at("b"), at("named")]);

  // `a` is selected besides: it stays.
  stack.write(hcl());
  const unnamed = expectWell(await stack.plan());
  expect(unnamed.messages).toEqual([]);
  expect(unnamed.text).toMatch(new RegExp(`- "${at("named")}"`));
  expect(unnamed.text).not.toMatch(new RegExp(`"${at("a")}" = \\{`));
  expectWell(await stack.apply("plan.bin"));
  expect([await served("a"), await served("named")]).toEqual([WHOLE, NOTHING]);

  stack.write(hcl({ selector: `{ names = ["${at("b")}", "${at("named")}"] }` }));
  const other = expectWell(await stack.plan());
  expect(warningsOf(other)).toContain(
    `Selected at apply: Selected now: 2 (${at("b")}, ${at("named")}). New: 1 (${at("named")}). Cleaned up, since they are not meant any more: 1 (${at("a")}). The apply selects when it begins, so what changes in the cluster until then counts; later plans show each target.`,
  );
  expectWell(await stack.apply("plan.bin"));
  expect([await served("a"), await served("b"), await served("named")]).toEqual([NOTHING, WHOLE, WHOLE]);

  // Without a selector, only what is named is left.
  stack.write(hcl({ namespaces: [at("b")], selector: null }));
  expect(expectWell(await stack.plan()).messages).toEqual([]);
  expectWell(await stack.apply("plan.bin"));
  expect([await served("b"), await served("named")]).toEqual([WHOLE, NOTHING]);
});

it("keeps what was named and is selected when it is named no longer, also where no refresh has looked (issue 7)", async () => {
  const [a] = await Promise.all([make("a"), make("b")]);
  stack.write(hcl({ namespaces: [a] }));
  expectWell(await stack.apply());
  stack.write(hcl());
  const planned = expectWell(await stack.plan("-refresh=false"));
  expectWell(await stack.apply("plan.bin"));
  expect(planned.text).not.toContain('"in_sync" -> null');
  expect([await served("a"), await served("b")]).toEqual([WHOLE, WHOLE]);
  expectWell(await stack.destroy());
});

it("patches the ServiceAccounts that a glob means, also those to come", async () => {
  const a = await make("a");
  await cluster.create("serviceaccounts", { metadata: { name: "ci-build", namespace: a } });
  stack.write(hcl({ namespaces: [a], selector: null, accounts: ["default", "ci-*"] }));
  expectWell(await stack.apply());
  expect(await statuses(PATCH)).toEqual({ [`${a}/ci-build`]: "in_sync", [`${a}/default`]: "in_sync" });
  expect(expectWell(await stack.plan()).changes).toEqual({});

  await cluster.create("serviceaccounts", { metadata: { name: "ci-test", namespace: a } });
  await cluster.delete("serviceaccounts", a, "ci-build");
  const next = expectWell(await stack.plan());
  expect(next.changes).toEqual({ [PATCH]: ["update"] });
  expectWell(await stack.apply("plan.bin"));
  expect(await statuses(PATCH)).toEqual({ [`${a}/ci-test`]: "in_sync", [`${a}/default`]: "in_sync" });
  expect((await cluster.serviceAccount(a, "ci-test"))?.imagePullSecrets).toEqual([{ name: team }]);
});

it("serves the others where the cluster refuses one, and tries again", async () => {
  const [a, b] = await Promise.all([make("a"), make("b")]);
  const quota = { metadata: { name: "none", namespace: b }, spec: { hard: { "count/secrets": "0" } } };
  await cluster.create("resourcequotas", quota);
  stack.write(hcl());
  const refused = await stack.apply();
  expect(errorsOf(refused).map(({ summary }) => summary)).toEqual(["Refused by the cluster"]);
  expect(await served("a")).toEqual(NOTHING);

  stack.write(hcl({ onRefused: "skip" }));
  const skipped = expectWell(await stack.apply());
  expect(await statuses(PULL_SECRET)).toEqual({ [a]: "in_sync", [b]: "blocked" });
  expect(warningsOf(skipped).filter((text) => text.includes("quota"))).toEqual([
    expect.stringMatching(
      /exceeded quota: none.* on_refused is "skip": the others were served, and every plan tries this again\.$/s,
    ),
  ]);
  const again = expectWell(await stack.plan());
  expect(again.changes).toEqual({ [PULL_SECRET]: ["update"] });
  expect(again.text).toMatch(/status = "blocked" -> \(known after apply\)/);
  await cluster.delete("resourcequotas", b, "none");
  expectWell(await stack.apply("plan.bin"));
  expect(await statuses(PULL_SECRET)).toEqual({ [a]: "in_sync", [b]: "in_sync" });
  expect(expectWell(await stack.plan()).changes).toEqual({});
});

it("leaves out the namespace of what is copied, also where it may adopt, and refuses to copy what it has written itself", async () => {
  const [a] = await Promise.all([make("a"), make("source")]);
  const auths = { "us.icr.io": { auth: Buffer.from("iamapikey:hunter22").toString("base64") } };
  const data = { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") };
  const metadata = { name: team, namespace: at("source") };
  await cluster.create("secrets", { type: "kubernetes.io/dockerconfigjson", metadata, data } as KubernetesObject);
  const before = await cluster.secret(at("source"), team);
  stack.write(hcl({ from: at("source") }));
  const first = expectWell(await stack.plan());
  expect(warningsOf(first)[0]).toContain(
    `Selected now: 1 (${a}). Left out is "${at("source")}": what is copied lies there under this name.`,
  );
  expectWell(await stack.apply("plan.bin"));
  expect(await statuses(PULL_SECRET)).toEqual({ [a]: "in_sync" });
  // Its ServiceAccount pulls with the source itself.
  expect(await statuses(PATCH)).toEqual({ [`${a}/default`]: "in_sync", [`${at("source")}/default`]: "in_sync" });
  expect(await cluster.dockerConfig(a, team)).toEqual({ auths });
  const next = expectWell(await stack.plan());
  expect({ changes: next.changes, messages: next.messages }).toEqual({ changes: {}, messages: [] });
  expectWell(await stack.apply("-refresh-only"));
  expect(await statuses(PULL_SECRET)).toEqual({ [a]: "in_sync" });

  // In `a` it is this resource that wrote it.
  stack.write(hcl({ from: a }));
  expect(errorsOf(await stack.plan())).toMatchObject([
    {
      summary: "A copy of itself",
      detail: expect.stringContaining(
        `copy_from names the Secret "${team}" in namespace "${a}", which this resource has written itself`,
      ),
      address: PULL_SECRET,
    },
  ]);
  stack.write(hcl({ from: at("source") }));
  expectWell(await stack.destroy());
  expect(await cluster.secret(a, team)).toBeUndefined();
  expect(await cluster.secret(at("source"), team)).toEqual(before);
});

testEachDemand(() => cluster);
