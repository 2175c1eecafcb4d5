import { checkNamespaceName } from "../domain/kubernetes-name";
import type { Path, Problem } from "../domain/problem";
import type { TypeSchema } from "./attribute";
import { isDescription } from "./issued-credential";
import { placement } from "./placement";
import { timeouts } from "./timeouts";

/** Names that OpenShift gives nobody (openshift-apiserver, projectrequest). */
const RESERVED = /^(openshift|kubernetes|kube)(-|$)/;

function checkProjectName(value: string | number, path: Path): Problem | undefined {
  const problem = checkNamespaceName(value, path);
  if (problem !== undefined || !RESERVED.test(String(value))) return problem;
  return {
    path,
    summary: "Reserved project name",
    detail: `${JSON.stringify(value)} can't be requested: OpenShift keeps names that are, or begin with, "openshift", "kubernetes" or "kube" and a '-' to itself. Choose another one, such as "edge-images".`,
  };
}

function checkText(value: string | number, path: Path): Problem | undefined {
  if (isDescription(String(value))) return undefined;
  return {
    path,
    summary: "Invalid project text",
    detail: `${JSON.stringify(value)} is not a project's text: 1 to 200 characters, without '[', ']' and control characters (our own mark follows the description in brackets).`,
  };
}

/** `registry_openshift_project`. */
export const openshiftProject = {
  name: "registry_openshift_project",
  kind: "resource",
  description: `An OpenShift project, requested as \`oc new-project\` does: the cluster makes it from its own template, and whoever applies becomes its administrator. Images that are pushed to \`<registry host>/<project>/<name>\` are kept in it.

**Destroy deletes the project with all that is in it, its images included**, and waits until it is gone. A project that this resource did not make is never deleted: one that is there already is an error, or is adopted (\`adopt_existing\`), and then left when the resource is destroyed. Whose a project is stands at the end of its description, the only text that a request leaves in it: \`[registry-access owner=… instance=…]\`; what a killed run left is taken up where the mark is this owner's and the cluster says that this very identity requested it (\`openshift.io/requester\`, compared by a SelfSubjectReview), since whoever administers a project may write any description; and the state knows its UID, so that another project that has got its name since is not taken for it.

Where the cluster is no OpenShift cluster, that is an error; kubernetes_namespace_v1 makes a plain namespace. Who may not see all projects is answered 403 for a project that is gone, too: that is an error and never "gone".`,
  attributes: {
    id: { type: "string", presence: "computed", description: "The same as `name`." },
    name: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      description:
        "The project's name, which is its namespace's. Refer to it from what is made in the project, so that the order follows.",
      check: checkProjectName,
    },
    display_name: {
      type: "string",
      presence: "optional",
      description: "What consoles show in place of the name. Of an adopted project it is left as it is.",
      whenUnset: "none",
      check: checkText,
    },
    description: {
      type: "string",
      presence: "optional",
      description: "What it is for, before our mark. Of an adopted project it is left as it is.",
      whenUnset: "the mark stands alone",
      check: checkText,
    },
    adopt_existing: {
      type: "bool",
      presence: "optional",
      description:
        "Takes a project of this name that is there already for this resource's. It is not changed, and never deleted.",
      whenUnset: "such a project is an error",
    },
    adopted: {
      type: "bool",
      presence: "computed",
      description: "Whether the project was there before, and stays when this resource is destroyed.",
    },
    uid: {
      type: "string",
      presence: "computed",
      description: "The project's UID: another project that gets its name one day is not taken for it.",
    },
    owner: placement.owner,
    instance: {
      ...placement.instance,
      description: "This resource's own id, drawn at apply; stands in the project's description.",
    },
    cluster: placement.cluster,
    timeouts: timeouts({ create: "5m", read: "2m", update: "2m", delete: "10m" }),
  },
  importId: {
    format: "<name>",
    example: "edge-images",
    description:
      "The project's name. One with this owner's mark that this identity requested is this resource's, and destroy deletes it; any other is adopted: it is left as it is, and never deleted. A warning says which.",
    check: checkNamespaceName,
  },
} as const satisfies TypeSchema;
