import { checkPatchImportId } from "../domain/import-id";
import { checkObjectName } from "../domain/kubernetes-name";
import { checkNameOrGlob } from "../domain/selection/glob";
import type { TypeSchema } from "./attribute";
import { namespacesAreMeant, notEmpty, placement } from "./placement";
import { timeouts } from "./timeouts";

/** `registry_service_account_patch`. */
export const serviceAccountPatch = {
  name: "registry_service_account_patch",
  kind: "resource",
  description:
    "Adds pull secrets to the `imagePullSecrets` of ServiceAccounts in many namespaces, without owning the ServiceAccounts: only what is missing is added, foreign entries and their order stay, and destroy takes away only what it added. New Pods of these ServiceAccounts then pull with the secrets (Pods that name their own `imagePullSecrets` don't get them, and Pods that are there already keep what they have).",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "`<owner>/<instance>`." },
    namespaces: placement.namespaces,
    namespace_selector: placement.namespace_selector,
    service_accounts: {
      type: { set: "string" },
      presence: "optional_computed",
      default: ["default"],
      description:
        "ServiceAccounts to patch in each namespace, by name or by a glob (`*` for any number of characters, `?` for one, such as `ci-*`). A `default` one that isn't there yet is waited for. What a glob means is selected anew at each refresh, as with `namespace_selector`; it takes the verb `list` on ServiceAccounts.",
      check: checkNameOrGlob,
    },
    pull_secrets: {
      type: { list: "string" },
      presence: "required",
      description: "Names of pull secrets to add, in this order, after what is there.",
      check: checkObjectName,
    },
    adopt_existing: {
      type: "bool",
      presence: "optional",
      description:
        "Takes over entries of these names that somebody else put there: they are registered as this resource's, and destroy takes them away. Nothing else changes, so new Pods get them all the while. The plan warns of each entry.",
      whenUnset: "such an entry serves as well, but is not ours: destroy leaves it",
    },
    recreate_waiting_pods: {
      type: "bool",
      presence: "optional",
      description:
        "Has an apply that writes the patch, or that sets this first, delete Pods that wait for it: a Pod gets its ServiceAccount's pull secrets when it is made and never later, so one that was made before the patch would wait for ever. Once, after the patch, and only Pods of the patched ServiceAccounts that are pending with no container that runs or ran, lack the entries, can't pull because of authentication from a registry that the pull secrets are for (as far as they can be read), and belong to a ReplicaSet, StatefulSet, DaemonSet or Job, which makes another; each by its UID. For Pods of which nothing is known yet, such as those made moments before, it waits up to 20 s, and names those that are undecided even then. The plan warns how many, and names Pods that wait and are left: those that name `imagePullSecrets` of their own (admission adds nothing to them, nor to their successors), those that nobody makes anew, those in which another container runs or ran, and those whose status does not say why they wait (kubelets up to 1.31). What took their places is looked at until it has pulled or is refused, for up to 60 s; whatever goes wrong here is a warning. A Job counts a deleted Pod as a failed attempt (`backoffLimit`). Takes `list` and `delete` on Pods, which the published roles have in a file of their own (docs/rbac/waiting-pods.yaml).",
      whenUnset: "Pods that wait are left: delete them, or roll their workload out anew",
    },
    on_refused: placement.on_refused,
    targets: {
      ...placement.targets,
      description: "`<namespace>/<service account>` → how it stands; a plan prints only what changes.",
    },
    owner: placement.owner,
    instance: placement.instance,
    cluster: placement.cluster,
    timeouts: timeouts({ create: "10m", read: "5m", update: "10m", delete: "10m" }),
  },
  rules: [
    namespacesAreMeant,
    notEmpty("service_accounts", "ServiceAccounts", 'Name at least one, or leave it out for "default".'),
    notEmpty("pull_secrets", "pull secrets", "Name at least one, or leave the resource out."),
  ],
  importId: {
    format: "<owner>/<pull secret>@<namespace>/<service account>,<namespace>/<service account>,…",
    example: "shop/production/registry-pull@team-a/default,team-b/default",
    description:
      "Owner and pull secret as they stand in the ServiceAccounts' annotation `registry-access/entries`; the owner may hold `/`. Of a patch that adds several pull secrets any one will do: the others follow from the annotation. Only entries that this owner registered are imported; one that somebody else put there is taken over with `adopt_existing` instead.\n\nNothing is written. The plan is empty, or in place where the configuration names other targets or pull secrets, or these in another order than the ServiceAccount, or sets `adopt_existing` or `timeouts`, which stand nowhere else; a warning then says so. A warning names ServiceAccounts that lack the entry, or whose entry another resource registered.",
    check: checkPatchImportId,
  },
} as const satisfies TypeSchema;
