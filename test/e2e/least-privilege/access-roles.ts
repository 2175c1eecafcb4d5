import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { AccessRoles, type AccessRolesProps, Cluster as ClusterChoice, Namespaces } from "../../../lib";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { toKubernetesSettings } from "../../../lib/provider/configuration/kubernetes-settings";
import { createUserKubeconfig } from "../../../sandbox";
import type { Cluster } from "../support/cluster";
import { applyObjects, applyYaml, type RbacObject, untilAllowed } from "../support/identities";

const FOLDER = resolve(__dirname, "../../../docs/rbac");
const { signal } = new AbortController();
const PHASES = ["plan", "apply"] as const;

type Text = { readonly [name: string]: unknown };
const KINDS: { readonly [type: string]: string } = {
  kubernetes_cluster_role_v1: "ClusterRole",
  kubernetes_cluster_role_binding_v1: "ClusterRoleBinding",
  kubernetes_role_v1: "Role",
  kubernetes_role_binding_v1: "RoleBinding",
};
/** hashicorp/kubernetes names a list's blocks in the singular, and everything in snake case. */
const FIELDS: { readonly [name: string]: string } = {
  rule: "rules",
  subject: "subjects",
  role_ref: "roleRef",
  api_group: "apiGroup",
  api_groups: "apiGroups",
  resource_names: "resourceNames",
};

/** What the construct synthesizes to, as the objects that the Kubernetes provider would make of it. */
function objectsOf(synthesized: string): readonly RbacObject[] {
  const { resource } = JSON.parse(synthesized) as {
    readonly resource: { readonly [type: string]: { readonly [id: string]: Text } };
  };
  const made = (type: string, id: string) => resource[type]?.[id]?.metadata as { readonly name: string } | undefined;
  const nameOf = (text: string) =>
    text.replace(/\$\{(\w+)\.([\w-]+)\.metadata\[0\]\.name\}/g, (all, type, id) => made(type, id)?.name ?? all);
  const convert = (value: unknown): unknown => {
    if (typeof value === "string") return nameOf(value);
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [FIELDS[name] ?? name, convert(inner)]));
  };
  return Object.entries(resource).flatMap(([type, blocks]) =>
    Object.values(blocks).map(({ provider: _, ...block }) => ({
      kind: KINDS[type] ?? type,
      ...(convert(block) as KubernetesObject),
    })),
  );
}

/** What `kubectl auth can-i --list` prints: the rules that the API server finds for a user in a namespace. */
async function canDo(kubeconfig: string, namespace: string): Promise<readonly string[]> {
  const client = await createKubernetesClient(toKubernetesSettings({ config_path: kubeconfig }, {}));
  const group = "authorization.k8s.io";
  const review = { apiVersion: `${group}/v1`, kind: "SelfSubjectRulesReview", metadata: { name: "" }, spec: { namespace } };
  try {
    const collection = { apiVersion: `${group}/v1`, resource: "selfsubjectrulesreviews" };
    const answer: KubernetesObject & { readonly status?: { readonly resourceRules: readonly Text[] } } = await client.create(
      collection,
      review as KubernetesObject,
      {},
      signal,
    );
    return (answer.status?.resourceRules ?? [])
      .map(({ apiGroups, resources, resourceNames = [], verbs }) =>
        JSON.stringify({ apiGroups, resources, resourceNames, verbs }),
      )
      .sort();
  } finally {
    await client.close();
  }
}

/** The construct, applied, gives the very rights of the published files. */
export function testAccessRoles(cluster: () => Cluster): void {
  const looks = ["team-a", "team-b", "kube-system"];
  const rows: readonly (readonly [scope: string, files: readonly string[], props: Partial<AccessRolesProps>])[] = [
    ["cluster-wide", ["cluster-wide.yaml"], {}],
    ["one-namespace", ["one-namespace.yaml"], { namespaces: Namespaces.named("team-a") }],
    ["waiting-pods", ["cluster-wide.yaml", "waiting-pods.yaml"], { recreateWaitingPods: true }],
  ];
  it.each(rows)("least privilege: AccessRoles gives the rights of %s, and no others", async (scope, files, props) => {
    const users = (from: string) => Object.fromEntries(PHASES.map((phase) => [phase, `${from}-${scope}-${phase}`]));
    const [published, constructed] = [users("published"), users("constructed")];

    const yaml = files
      .map((file) => readFileSync(join(FOLDER, file), "utf8"))
      .join("")
      .replace(/name: registry-(plan|apply)\b/g, (_, phase: string) => `name: ${published[phase]}`)
      .replace(/registry-access-(plan|apply|cluster)\b/g, `published-${scope}-role-$1`);
    await applyYaml(cluster(), yaml);

    const stack = new TerraformStack(Testing.app(), "roles");
    new AccessRoles(stack, "roles", {
      cluster: ClusterChoice.fromKubeconfig({ path: cluster().state.kubeconfig }),
      name: `constructed-${scope}-role`,
      pullSecrets: ["registry-pull"],
      pullChecks: true,
      plan: [{ kind: "User", name: constructed.plan ?? "" }],
      apply: [{ kind: "User", name: constructed.apply ?? "" }],
      ...props,
    });
    await applyObjects(cluster(), objectsOf(Testing.synth(stack)));

    for (const phase of PHASES) {
      const [theirs, ours] = await Promise.all(
        [published[phase] ?? "", constructed[phase] ?? ""].map(async (name) => {
          const kubeconfig = await createUserKubeconfig(cluster().state, { name });
          await untilAllowed(kubeconfig, phase === "plan" ? "get" : "update", "secrets", "registry-pull", "team-a");
          return Promise.all(looks.map((namespace) => canDo(kubeconfig, namespace)));
        }),
      );
      expect({ phase, can: ours }).toEqual({ phase, can: theirs });
      expect(ours?.[0]?.some((rule) => rule.includes("registry-pull"))).toBe(true);
    }
  });
}
