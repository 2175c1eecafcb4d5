import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { AccessRoles, type AccessRolesProps, Cluster, Namespaces } from "../../lib";
import {
  accessRules,
  clusterIdRules,
  copiedSecretsRules,
  type PolicyRule,
  waitingPodsRules,
} from "../../lib/domain/access-rules";
import { newStack, synthesize } from "./stack";

const props: AccessRolesProps = {
  cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
  pullSecrets: ["registry-pull"],
  plan: [{ kind: "Group", name: "planners" }],
  apply: [{ kind: "ServiceAccount", name: "deployer", namespace: "ci" }],
};
const names = { pullSecrets: ["registry-pull"], serviceAccounts: ["default"] };
const planners = { api_group: "rbac.authorization.k8s.io", kind: "Group", name: "planners" };
const deployer = { api_group: "", kind: "ServiceAccount", name: "deployer", namespace: "ci" };

/** The rules that the published YAML has, as hashicorp/kubernetes takes them. */
const rules = (of: readonly PolicyRule[]) =>
  of.map(({ apiGroups, resources, resourceNames, verbs }) => ({
    api_groups: apiGroups,
    resources,
    ...(resourceNames === undefined ? {} : { resource_names: resourceNames }),
    verbs,
  }));
const reference = (kind: string, type: string, id: string) => ({
  api_group: "rbac.authorization.k8s.io",
  kind,
  name: `\${kubernetes_${type}.roles_${id}.metadata[0].name}`,
});
const clusterRole = (phase: string) => reference("ClusterRole", "cluster_role_v1", phase);

function roles(more: Partial<AccessRolesProps> = {}, stack = newStack()) {
  new AccessRoles(stack, "roles", { ...props, ...more });
  return synthesize(stack).resource as unknown as { readonly [type: string]: { readonly [id: string]: object } };
}
const without = (text: unknown) => JSON.parse(JSON.stringify(text).replace(/roles_([\w-]+?)_[0-9A-F]{8}/g, "roles_$1"));

describe("AccessRoles", () => {
  test("copied Secrets by name, each in its own namespace, for both", () => {
    const copiedSecrets = [
      { namespace: "default", name: "all-icr-io" },
      { namespace: "default", name: "default-us-icr-io" },
      { namespace: "shared", name: "partner" },
    ];
    const { kubernetes_role_v1: made, kubernetes_role_binding_v1: bound } = without(roles({ copiedSecrets }));
    expect(made).toMatchObject({
      "roles_copies-default": {
        metadata: { name: "registry-access-copies", namespace: "default" },
        rule: rules(copiedSecretsRules(["all-icr-io", "default-us-icr-io"])),
      },
      "roles_copies-shared": { metadata: { namespace: "shared" }, rule: rules(copiedSecretsRules(["partner"])) },
    });
    expect(bound).toMatchObject({ "roles_copies-default-binding": { subject: [planners, deployer] } });
  });

  test("rights on Pods only where they are asked for", () => {
    const { kubernetes_cluster_role_v1: made } = without(roles({ recreateWaitingPods: true }));
    expect(made).toMatchObject({
      roles_plan: { rule: rules([...accessRules("plan", names), ...waitingPodsRules("plan")]) },
      roles_apply: { rule: rules([...accessRules("apply", names), ...waitingPodsRules("apply")]) },
    });
  });

  test("everywhere: two ClusterRoles of the published rules, and who has them", () => {
    const { kubernetes_cluster_role_v1: made, kubernetes_cluster_role_binding_v1: bindings, ...rest } = without(roles());
    expect({ made, bindings, rest }).toEqual({
      made: {
        roles_plan: {
          provider: "kubernetes",
          metadata: { name: "registry-access-plan" },
          rule: rules(accessRules("plan", names)),
        },
        roles_apply: {
          provider: "kubernetes",
          metadata: { name: "registry-access-apply" },
          rule: rules(accessRules("apply", names)),
        },
      },
      bindings: {
        "roles_plan-binding": {
          provider: "kubernetes",
          metadata: { name: clusterRole("plan").name },
          role_ref: clusterRole("plan"),
          subject: [planners],
        },
        "roles_apply-binding": {
          provider: "kubernetes",
          metadata: { name: clusterRole("apply").name },
          role_ref: clusterRole("apply"),
          subject: [deployer],
        },
      },
      rest: {},
    });
  });

  test("in some namespaces: a Role in each of them, and both may see which cluster it is", () => {
    const stack = newStack();
    const teamB = new NamespaceV1(stack, "team-b", { metadata: { name: "team-b" } });
    const {
      kubernetes_role_v1: made,
      kubernetes_role_binding_v1: bindings,
      ...rest
    } = without(roles({ namespaces: Namespaces.named("team-a", teamB), name: "ours", serviceAccounts: [] }, stack));
    expect(Object.keys(rest)).toEqual(["kubernetes_namespace_v1"]);
    const reference = `\${${"kubernetes_namespace_v1.team-b.metadata[0].name"}}`;
    const role = (phase: "plan" | "apply", namespace: string) => ({
      provider: "kubernetes",
      metadata: { name: `ours-${phase}`, namespace },
      rule: rules(accessRules(phase, { ...names, serviceAccounts: [], namespace })),
    });
    const metadata = { name: "ours-cluster", namespace: "kube-system" };
    const roleIn = role;
    expect(Object.values(made)).toHaveLength(5);
    expect(Object.values(made)).toEqual(
      expect.arrayContaining([
        roleIn("plan", "team-a"),
        roleIn("plan", reference),
        roleIn("apply", "team-a"),
        roleIn("apply", reference),
        { provider: "kubernetes", metadata, rule: rules(clusterIdRules()) },
      ]),
    );
    interface Binding {
      readonly metadata: { readonly namespace: string };
      readonly subject: unknown;
      readonly role_ref: { readonly kind: string };
    }
    const places = Object.values(bindings as { [id: string]: Binding });
    const bound = (namespace: string, ...subject: readonly object[]) => ({ namespace, subject, kind: "Role" });
    expect(places.map(({ metadata: { namespace }, subject, role_ref: { kind } }) => ({ namespace, subject, kind }))).toEqual([
      bound(reference, deployer),
      bound("team-a", deployer),
      bound("kube-system", planners, deployer),
      bound(reference, planners),
      bound("team-a", planners),
    ]);
  });

  test.each(
    Object.entries({
      "a ServiceAccount without its namespace": { apply: [{ kind: "ServiceAccount", name: "deployer" }] },
      "a user with one": { apply: [{ kind: "User", name: "deployer", namespace: "ci" }] },
      "a kind that RBAC does not know": { apply: [{ kind: "Robot", name: "deployer" }] },
    }),
  )("fails when a subject is %s", (_, wrong) => {
    expect(() => roles(wrong as never)).toThrow(
      "apply: Wrong value. [an object] was given where a list of subjects: { kind: User or Group, name }, or { kind: ServiceAccount, name, namespace } belongs.",
    );
  });
});
