import type { SecretObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { accessRules, clusterIdRules, type PolicyRule } from "../../../lib/domain/access-rules";
import { PHASES, type Phase } from "../../../lib/domain/permissions";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { pullSecretResource } from "../../../lib/provider/resources/pull-secret";
import { serviceAccountPatchResource } from "../../../lib/provider/resources/service-account-patch";
import { createUserKubeconfig } from "../../../sandbox";
import type { Cluster } from "../support/cluster";
import { applyObjects, untilAllowed } from "../support/identities";
import { type InProcess, inProcess, type Outcome } from "../support/in-process";

/** The one name of the pull secret, so that nobody may do anything with another. */
const NAME = "each-rule";
const SERVED = ["team-a", "team-b"];
const ELSEWHERE = "team-c";
const RBAC = "rbac.authorization.k8s.io";
const NAMES = { pullSecrets: [NAME], serviceAccounts: ["default"] };

const registry = {
  hosts: ["registry.partner.example"],
  username: "acme",
  password_wo: "hunter22",
  password_wo_version: 1,
  credential_id: null,
  email: null,
  password_env: null,
};
const secretConfig = (namespaces: readonly string[] = SERVED): ObjectValue => ({
  name: NAME,
  namespaces,
  registries: [registry],
});
const patchConfig = (namespaces: readonly string[] = SERVED): ObjectValue => ({
  namespaces,
  service_accounts: ["default"],
  pull_secrets: [NAME],
});

/** What somebody sees and is told who has these rights; `prior` was made by the administrator. */
interface Row {
  readonly prior?: "pull secret" | "patch";
  readonly look: (who: Who, prior: Outcome | null) => Promise<readonly string[]>;
  readonly with: readonly string[];
  readonly without: readonly string[];
}
interface Who {
  readonly secrets: InProcess;
  readonly patches: InProcess;
}

/** What is missing, in a warning's words; of other warnings the summary. */
const told = ({ said }: Outcome): readonly string[] =>
  said.map(({ summary, detail }) =>
    summary === "Permissions missing" ? (/: ([^:]+ in [^.]+)\. An/.exec(detail)?.[1] ?? "") : summary,
  );
const targets = ({ state }: Outcome): readonly string[] => Object.keys(state?.targets ?? {});

const makeSecrets: Row["look"] = async ({ secrets }) => told(await secrets.plan(null, secretConfig()));
const makePatch: Row["look"] = async ({ patches }) => told(await patches.plan(null, patchConfig()));
const relabel: Row["look"] = async ({ secrets }, prior) =>
  told(await secrets.plan(prior, { ...secretConfig(), labels: { team: "x" } }));
const loseNamespace: Row["look"] = async ({ secrets }) => told(await secrets.plan(null, secretConfig(["team-a", "nowhere"])));
const select: Row["look"] = async ({ secrets }) =>
  told(await secrets.plan(null, { ...secretConfig(), namespaces: null, namespace_selector: { names: ["team-a"] } }));
const refreshSecrets: Row["look"] = async ({ secrets }, prior) => (prior === null ? [] : targets(await secrets.refresh(prior)));
const refreshPatch: Row["look"] = async ({ patches }, prior) => (prior === null ? [] : targets(await patches.refresh(prior)));

const secretsIn = `secrets "${NAME}" in team-a, team-b`;
const accountsIn = 'serviceaccounts "default" in team-a, team-b';
const accounts = SERVED.map((namespace) => `${namespace}/default`);

/** What each verb of the plan role is there for; the apply role has all but the last of them, too. */
const READING: { readonly [rule: string]: Row } = {
  "secrets get": { look: makeSecrets, with: [], without: [`get ${secretsIn}`] },
  "secrets list": { prior: "pull secret", look: refreshSecrets, with: [...SERVED, ELSEWHERE], without: SERVED },
  "serviceaccounts get": { look: makePatch, with: [], without: [`get ${accountsIn}`] },
  "serviceaccounts list": {
    prior: "patch",
    look: refreshPatch,
    with: [...accounts, `${ELSEWHERE}/default`],
    without: accounts,
  },
  "namespaces get": { look: loseNamespace, with: ["Namespace does not exist"], without: [] },
  "namespaces list": { look: select, with: ["Selected at apply"], without: ["Not allowed"] },
};
const ROWS: { readonly [P in Phase]: { readonly [rule: string]: Row } } = {
  plan: { ...READING, "stacks plan": { look: makeSecrets, with: [], without: [`create and delete ${secretsIn}`] } },
  apply: {
    ...READING,
    "secrets create": { look: makeSecrets, with: [], without: [`create ${secretsIn}`] },
    "secrets update": { prior: "pull secret", look: relabel, with: [], without: [`update ${secretsIn}`] },
    "secrets delete": { look: makeSecrets, with: [], without: [`delete ${secretsIn}`] },
    "serviceaccounts update": { look: makePatch, with: [], without: [`update ${accountsIn}`] },
  },
};

const verbsOf = (rules: readonly PolicyRule[]) =>
  rules.flatMap(({ resources, verbs }) => resources.flatMap((resource) => verbs.map((verb) => `${resource} ${verb}`)));
const rulesBut = (phase: Phase, gone: string): readonly PolicyRule[] =>
  accessRules(phase, NAMES)
    .map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => `${rule.resources[0]} ${verb}` !== gone) }))
    .filter(({ verbs }) => verbs.length > 0);

/** Each verb of each rule of the two roles, taken away by itself: something is lost, and that is named here. */
export function testEachRule(running: () => Cluster): void {
  const cluster = () => running();
  let users = 0;

  async function userWith(rules: readonly PolicyRule[]): Promise<Who> {
    users += 1;
    const name = `each-rule-${users}`;
    await applyObjects(cluster(), [
      { kind: "ClusterRole", metadata: { name }, rules: rules.map(({ why: _, ...rule }) => rule) },
      {
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
        subjects: [{ apiGroup: RBAC, kind: "User", name }],
      },
    ]);
    const kubeconfig = await createUserKubeconfig(cluster().state, { name });
    const secrets = rules.find(({ resources }) => resources.includes("secrets"));
    await untilAllowed(kubeconfig, secrets?.verbs[0] ?? "", "secrets", NAME, "team-a");
    return { secrets: inProcess(pullSecretResource, kubeconfig), patches: inProcess(serviceAccountPatchResource, kubeconfig) };
  }

  /** Made by the administrator, and once more where nobody asked for it, as a killed run leaves it. */
  async function make(prior: Row["prior"]): Promise<{ readonly outcome: Outcome | null; remove(): Promise<void> }> {
    if (prior === undefined) return { outcome: null, remove: async () => undefined };
    const { kubeconfig } = cluster().state;
    if (prior === "pull secret") {
      const admin = inProcess(pullSecretResource, kubeconfig);
      const outcome = await admin.apply(null, secretConfig());
      const { metadata, ...rest } = (await cluster().secret("team-a", NAME)) as SecretObject;
      const { labels = {}, annotations = {} } = metadata;
      await cluster().create("secrets", { ...rest, metadata: { name: NAME, namespace: ELSEWHERE, labels, annotations } });
      const remove = async () => {
        await cluster().delete("secrets", ELSEWHERE, NAME);
        await admin.apply(outcome, null);
      };
      return { outcome, remove };
    }
    const admin = inProcess(serviceAccountPatchResource, kubeconfig);
    const outcome = await admin.apply(null, patchConfig());
    const made = (await cluster().serviceAccount("team-a")) as ServiceAccountObject;
    const edit = (change: (account: ServiceAccountObject) => ServiceAccountObject) =>
      cluster().edit<ServiceAccountObject>("serviceaccounts", ELSEWHERE, "default", change);
    await edit(({ metadata, ...account }) => ({
      ...account,
      metadata: { ...metadata, annotations: made.metadata.annotations ?? {} },
      imagePullSecrets: made.imagePullSecrets ?? [],
    }));
    const remove = async () => {
      await edit(({ metadata: { annotations: __, ...metadata }, imagePullSecrets: _, ...account }) => ({ ...account, metadata }));
      await admin.apply(outcome, null);
    };
    return { outcome, remove };
  }

  describe.each(PHASES)("least privilege: each rule of the %s role, taken away", (phase) => {
    let whole: Who;
    beforeAll(async () => {
      whole = await userWith(accessRules(phase, NAMES));
    });

    it("none is superfluous: every one is in this table", () => {
      expect(Object.keys(ROWS[phase]).sort()).toEqual(verbsOf(accessRules(phase, NAMES)).sort());
      // A Role of one namespace has no rule that the others have not.
      const inOne = verbsOf(accessRules(phase, { ...NAMES, namespace: "team-a" }));
      expect(inOne.filter((rule) => !(rule in ROWS[phase]))).toEqual([]);
    });

    it.each(Object.entries(ROWS[phase]))("%s", async (rule, row) => {
      const { outcome, remove } = await make(row.prior);
      try {
        const less = await userWith(rulesBut(phase, rule));
        const [before, after] = [await row.look(whole, outcome), await row.look(less, outcome)];
        expect({ with: before, without: after }).toEqual({ with: row.with, without: row.without });
      } finally {
        await remove();
      }
    });
  });

  it("least privilege: without the rule in kube-system the state does not know which cluster it is", async () => {
    const others = accessRules("apply", { ...NAMES, namespace: "team-a" });
    const clusters = [];
    for (const rules of [[...others, ...clusterIdRules()], others]) {
      const { secrets } = await userWith(rules);
      const made = await secrets.apply(null, secretConfig(["team-a"]));
      clusters.push(made.state?.cluster);
      expect((await secrets.apply(made, null)).said).toEqual([]);
    }
    expect(clusters).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), null]);
  });
}
