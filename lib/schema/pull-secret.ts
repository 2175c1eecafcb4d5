import { checkPullSecretImportId } from "../domain/import-id";
import { checkNamespaceName, checkObjectName } from "../domain/kubernetes-name";
import type { Path, Problem } from "../domain/problem";
import { checkConfigKey, checkRegistryHost } from "../domain/registry-host";
import type { TypeSchema } from "./attribute";
import { credential } from "./credential-entry";
import { namespacesAreMeant, notEmpty, placement } from "./placement";
import { copiesAreWhole, noCopyOfItself } from "./pull-secret-copies";
import { credentialsAreWhole, hostsAreListedOnce, metadataIsValid, someCredential } from "./pull-secret-rules";
import { timeouts } from "./timeouts";

function checkEmail(value: string | number, path: Path): Problem | undefined {
  if (/^[^\s@]+@[^\s@]+$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid e-mail address",
    detail: `${JSON.stringify(value)} is not an e-mail address. Registries don't read it: any address does, such as "a@b.c", or leave it out.`,
  };
}

/** One registry, or several that share a credential. */
const registryEntry = {
  hosts: {
    type: { list: "string" },
    presence: "optional",
    description:
      "Registry hosts (`host[:port]`) that share this credential, such as the regional and the international registry. Each host stands in one entry only. Required, but with `copy_from`.",
    whenUnset: "with `copy_from`, the hosts of the Secret that is copied",
    check: checkRegistryHost,
  },
  ...credential,
  email: {
    type: "string",
    presence: "optional",
    description: "The e-mail address that the docker config JSON carries.",
    whenUnset: "the field is left out",
    check: checkEmail,
  },
  copy_from: {
    nesting: "single",
    presence: "optional",
    description:
      "Copies hosts with their credentials out of another docker-registry Secret of the same cluster, in place of a credential here: what IBM Cloud's documents do by hand with `all-icr-io` (or `default-us-icr-io`, …) of the namespace `default`. It is read at each plan and at the apply, and takes the verb `get` on it. The source changed (another password, a host more or less) → a change of `fingerprint` in the plan, and every copy is written in place. A key of the source that stands for a path (`registry.example.com/team`) or a URL is copied as it stands, and so is each entry; what the kubelet can't use is left out, with a warning.\n\nA source that is gone or damaged later is a warning: what was copied stays, and a copy that somebody deletes is made of another one. A changed one is in `targets` as `outdated`, also under `-refresh-only`. A plan goes by what its refresh saw: a source that changes after it, also in the same apply, is followed by the next plan, unless `revision` says so.\n\nOnly a Secret of type `kubernetes.io/dockerconfigjson` is read into ours; any other type is an error, `kubernetes.io/dockercfg` (the form of before 2015) too: make one of today's of it. A Secret is never copied into itself: where the source has this pull secret's name, naming its namespace in `namespaces` is an error, and so is a source that this resource has written; a `namespace_selector` leaves that namespace out (it has the Secret already), so `{}` copies it into all the others. One credential per host holds: a host of the source that stands in another entry as well is an error, at plan where the source can be read. Where the same stack makes the source, refer to it (`name = kubernetes_secret_v1.….metadata[0].name`), so that it is made first.",
    whenUnset: "the credential is given here",
    attributes: {
      namespace: {
        type: "string",
        presence: "required",
        description: "The namespace of the source.",
        check: checkNamespaceName,
      },
      name: { type: "string", presence: "required", description: "Its name.", check: checkObjectName },
      hosts: {
        type: { list: "string" },
        presence: "optional",
        description: "The hosts to copy; each has to be in the source.",
        whenUnset: "all hosts of the source",
        check: checkConfigKey,
      },
      revision: {
        type: "string",
        presence: "optional",
        description:
          "Any text that changes when the source does, by reference to what makes it in the same stack: `registry_pull_secret.….fingerprint`. While it is unknown, or once it is another, the copies are planned anew: they are written in the apply that changes the source, after it, and before an old credential is revoked. The construct `PullSecretCopy` sets it by itself. Of a `kubernetes_secret_v1` `metadata[0].uid` tells when it is made, and nothing when it is changed.",
        whenUnset: "the source is compared at plan: one that the same apply changes is followed by the next",
      },
    },
  },
} as const;

/** `registry_pull_secret`. */
export const pullSecret = {
  name: "registry_pull_secret",
  kind: "resource",
  description:
    "One docker-registry Secret (`kubernetes.io/dockerconfigjson`) in each of many namespaces, for one or more registries. No secret value is in the state or the plan, and a copy that somebody edited is still seen: the state holds a salted fingerprint.\n\nOn create it is all or nothing; an update happens in place and keeps each Secret's UID. A Secret of that name which isn't ours is never touched, unless `adopt_existing` asks for it.",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "`<owner>/<name>`." },
    name: {
      type: "string",
      presence: "required",
      description: "The Secret's name, the same in every namespace.",
      requiresReplace: true,
      check: checkObjectName,
    },
    namespaces: placement.namespaces,
    namespace_selector: placement.namespace_selector,
    registries: {
      nesting: "list",
      presence: "required",
      description:
        "What it opens. Each entry has exactly one credential: `credential_id`; or `username` with `password_wo` or `password_env`; or `copy_from`; or none, for a public registry (the Secret then has no entry for it).",
      attributes: registryEntry,
    },
    labels: {
      type: { map: "string" },
      presence: "optional",
      description: "Labels on every Secret, beside our own `app.kubernetes.io/managed-by`.",
    },
    annotations: { type: { map: "string" }, presence: "optional", description: "Annotations on every Secret, beside our own." },
    adopt_existing: {
      type: "bool",
      presence: "optional",
      description:
        "Takes over Secrets of this name that somebody else made: by hand, by another tool, or by another owner of this provider. They are written in place, keep their UID and other people's labels, and are this resource's from then on, so that destroy deletes them; their former content is not kept. The plan warns of each, says whose it is, and lists the registry hosts that it opens and that would be lost. Refused even so: a Secret of another type, an immutable one, and one with `ownerReferences`.",
      whenUnset: "such a Secret is an error, and left as it is",
    },
    on_refused: placement.on_refused,
    targets: placement.targets,
    fingerprint: {
      type: "string",
      presence: "computed",
      description:
        "`scrypt$N$r$p$salt$hash` of the docker config JSON's parsed content; the salt is drawn at apply. It can't be turned back, but a weak password can be guessed from it.",
    },
    owner: placement.owner,
    instance: placement.instance,
    cluster: placement.cluster,
    timeouts: timeouts({ create: "10m", read: "5m", update: "10m", delete: "10m" }),
  },
  rules: [
    namespacesAreMeant,
    notEmpty("registries", "registries", "Give at least one, or leave the resource out."),
    hostsAreListedOnce,
    credentialsAreWhole,
    copiesAreWhole,
    noCopyOfItself,
    someCredential,
    metadataIsValid,
  ],
  importId: {
    format: "<owner>/<name>@<namespace>,<namespace>,…",
    example: "shop/production/registry-pull@team-a,team-b",
    description:
      "Owner and name as they stand in the Secrets' annotation `registry-access/owner` and their name; the owner may hold `/`. Only Secrets that carry this owner are imported; one that somebody else made is taken over with `adopt_existing` instead.\n\nNothing is written, and no password gets into the state. The fingerprint is made of what the Secrets hold, and `registries` is read from them: hosts, user name and e-mail, and `credential_id` where a configured issuer confirms that the value is one of its tokens. The plan compares the configured credentials with the fingerprint, so it is empty or in place, and writes nothing where the content is the same. In place it is where a Secret does not tell what is configured: `password_env`, `copy_from`, an entry without a credential, several entries of one login, their order, labels and annotations that something else wrote first, `adopt_existing`, `timeouts`; a warning says which. A warning names what could not be known, namespaces without the Secret, and those whose Secret differs.",
    check: checkPullSecretImportId,
  },
} as const satisfies TypeSchema;
