import {
  accessRules,
  CLUSTER_NAMESPACE,
  clusterIdRules,
  copiedSecretsRules,
  type PolicyRule,
  waitingPodsRules,
} from "../../lib/domain/access-rules";
import {
  INGRESS_CERTIFICATE,
  ingressCertificateRules,
  openshiftProjectRules,
  openshiftRules,
} from "../../lib/domain/openshift-rules";
import { PHASES, type Phase, ROLE_NAMES } from "../../lib/domain/permissions";

const generated = (source: string) => `# Generated from lib/domain/${source} by \`npm run docs\`: edit there.`;
const NAMES = { pullSecrets: ["registry-pull"], serviceAccounts: ["default"], pullChecks: true };
const NAMESPACE = "team-a";

/** Who is bound where nobody has put in his own. */
const USERS: { readonly [P in Phase]: string } = { plan: "registry-plan", apply: "registry-apply" };
const SUBJECT_NOTE = "A User, a Group or a ServiceAccount (kind, name and namespace, without apiGroup).";

/** The files of docs/rbac by name: the two roles and who has them, for all namespaces, and for one; and what may be added. */
export function renderRbac(): Map<string, string> {
  const names = `registry-pull stands for your pull secrets' names, default for the ServiceAccounts that you patch; rules for registry_pull_check may be left out where there is none`;
  return new Map([
    [
      "cluster-wide.yaml",
      file(
        `The two roles for all namespaces. ${names}.`,
        PHASES.flatMap((phase) => [
          role("ClusterRole", ROLE_NAMES[phase], undefined, accessRules(phase, NAMES)),
          binding("ClusterRole", ROLE_NAMES[phase], undefined, [phase]),
        ]),
      ),
    ],
    [
      "one-namespace.yaml",
      file(`The same for one namespace, ${NAMESPACE}; nothing in it is cluster-wide. ${names}.`, [
        ...PHASES.flatMap((phase) => [
          role("Role", ROLE_NAMES[phase], NAMESPACE, accessRules(phase, { ...NAMES, namespace: NAMESPACE })),
          binding("Role", ROLE_NAMES[phase], NAMESPACE, [phase]),
        ]),
        role("Role", CLUSTER_ROLE, CLUSTER_NAMESPACE, clusterIdRules()),
        binding("Role", CLUSTER_ROLE, CLUSTER_NAMESPACE, PHASES),
      ]),
    ],
    [
      "waiting-pods.yaml",
      file(
        "What recreate_waiting_pods needs beside the two roles; leave it out where that is not set. In one namespace: a Role and a RoleBinding with the same rules.",
        PHASES.flatMap((phase) => [
          role("ClusterRole", `${ROLE_NAMES[phase]}-waiting-pods`, undefined, waitingPodsRules(phase)),
          binding("ClusterRole", `${ROLE_NAMES[phase]}-waiting-pods`, undefined, [phase]),
        ]),
      ),
    ],
    [
      "openshift.yaml",
      file(
        `What OpenShift's image registry needs beside the two roles (registry_openshift_route, registry_openshift_project, registry_openshift_token); a cluster administrator has all of it. ${PROJECT} stands for the project: whoever requests one is its administrator, so its Roles are for other identities.`,
        [
          ...PHASES.flatMap((phase) => [
            role("ClusterRole", `${ROLE_NAMES[phase]}-openshift`, undefined, openshiftRules(phase)),
            binding("ClusterRole", `${ROLE_NAMES[phase]}-openshift`, undefined, [phase]),
          ]),
          role("Role", CA_ROLE, INGRESS_CERTIFICATE.namespace, ingressCertificateRules()),
          binding("Role", CA_ROLE, INGRESS_CERTIFICATE.namespace, PHASES),
          ...PHASES.flatMap((phase) => [
            role("Role", `${ROLE_NAMES[phase]}-openshift`, PROJECT, openshiftProjectRules(phase)),
            binding("Role", `${ROLE_NAMES[phase]}-openshift`, PROJECT, [phase]),
          ]),
        ],
        "openshift-rules.ts",
      ),
    ],
    [
      "copied-secrets.yaml",
      file(
        "What copy_from needs beside the two roles, in the namespace of the Secret that is copied; all-icr-io in default stands for yours.",
        [
          role("Role", COPIES_ROLE, "default", copiedSecretsRules(["all-icr-io"])),
          binding("Role", COPIES_ROLE, "default", PHASES),
        ],
      ),
    ],
  ]);
}

/** Lets both see the CA of the cluster's routes. */
const CA_ROLE = "registry-access-openshift-ca";
const PROJECT = "edge-images";

/** Lets both read what is copied. */
const COPIES_ROLE = "registry-access-copies";
/** Lets both tell one cluster from another. */
const CLUSTER_ROLE = "registry-access-cluster";

function file(about: string, documents: readonly string[], source = "permissions.ts"): string {
  return `${generated(source)}\n# ${about}\n${documents.map((document) => `---\n${document}`).join("")}`;
}

function metadata(kind: string, name: string, namespace: string | undefined): string {
  const place = namespace === undefined ? "" : `, namespace: ${namespace}`;
  return `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${place} }\n`;
}

function role(kind: string, name: string, namespace: string | undefined, rules: readonly PolicyRule[]): string {
  return `${metadata(kind, name, namespace)}rules:\n${rules.map(formatRule).join("")}`;
}

function formatRule({ why, apiGroups, resources, resourceNames, verbs }: PolicyRule): string {
  const list = (items: readonly string[]) => `[${items.map((item) => (item === "" ? '""' : item)).join(", ")}]`;
  const notes = resourceNames === undefined && verbs.includes("create") ? [...why, "RBAC can't limit create to names."] : why;
  const names = resourceNames === undefined ? [] : [`resourceNames: ${list(resourceNames)}`];
  const lines = [`apiGroups: ${list(apiGroups)}`, `resources: ${list(resources)}`, ...names, `verbs: ${list(verbs)}`];
  return [...notes.map((note) => `  # ${note}\n`), ...lines.map((line, index) => `  ${index === 0 ? "-" : " "} ${line}\n`)].join(
    "",
  );
}

function binding(kind: "Role" | "ClusterRole", name: string, namespace: string | undefined, phases: readonly Phase[]): string {
  const subjects = phases.map((phase) => `  - { kind: User, name: ${USERS[phase]}, apiGroup: rbac.authorization.k8s.io }\n`);
  return (
    `${metadata(`${kind}Binding`, name, namespace)}` +
    `roleRef: { kind: ${kind}, name: ${name}, apiGroup: rbac.authorization.k8s.io }\n` +
    `subjects:\n  # ${SUBJECT_NOTE}\n${subjects.join("")}`
  );
}
