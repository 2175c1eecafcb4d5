import { checkNamespaceName, checkObjectName } from "../domain/kubernetes-name";
import type { Path, Problem } from "../domain/problem";
import type { PartlyKnown, TypeSchema } from "./attribute";
import { issuedCredential } from "./issued-credential";
import { placement } from "./placement";

/** The least that an API server takes, and the most that fits into its 32 bits, in seconds. */
const LIFETIME = { least: 600, most: 2 ** 32 } as const;

function checkLifetime(value: string | number, path: Path): Problem | undefined {
  if (Number.isInteger(value) && Number(value) >= LIFETIME.least && Number(value) <= LIFETIME.most) return undefined;
  return {
    path,
    summary: "Invalid lifetime",
    detail: `${JSON.stringify(value)} is not a token's lifetime: a whole number of seconds, ${LIFETIME.least} or more. Leave lifetime_seconds out for a token that never expires.`,
  };
}

/** Renewing is for what expires, and for less than all of its time. */
function renewalFits({ renew_before_seconds: renewal, lifetime_seconds: lifetime }: PartlyKnown): readonly Problem[] {
  if (typeof renewal !== "number" || lifetime === undefined) return [];
  const path = ["renew_before_seconds"];
  if (lifetime === null) {
    const detail = `renew_before_seconds is ${renewal}, but the token never expires. Set lifetime_seconds for one that does, or leave renew_before_seconds out.`;
    return [{ path, summary: "A long-lived token is never due for renewal", detail }];
  }
  if (typeof lifetime !== "number" || renewal < lifetime) return [];
  const detail = `renew_before_seconds is ${renewal}, and lifetime_seconds ${lifetime}: every apply would issue another token. Choose fewer seconds.`;
  return [{ path, summary: "A new token would be due at once", detail }];
}

/** `registry_openshift_token`. */
export const openshiftToken = {
  name: "registry_openshift_token",
  kind: "resource",
  description: `A token of a ServiceAccount, as a credential of OpenShift's image registry: it may pull from, and push to, a project as far as the ServiceAccount's roles there allow (\`system:image-puller\`, \`edit\`). OpenShift lets every ServiceAccount pull from its own project by a RoleBinding that it keeps itself (\`system:image-pullers\`): roles are for pushing, and for pulling from other projects. Its value never reaches Terraform: a pull secret names it by \`credential_id\`, and the provider reads it from its Secret when it writes.

Each token has a Secret of its own in the project, which revoking deletes; the cluster takes the token no more then. Without \`lifetime_seconds\` it is **long-lived**: a Secret of type \`kubernetes.io/service-account-token\`, which the cluster fills. With it, it is **bound**: the provider makes an Opaque Secret, has the API server sign a token that is good as long as that Secret is there (TokenRequest), and keeps the token in it; the API server may give it another lifetime than was asked for, and \`expires_at\` says which.

A bound token becomes \`unauthorized\` when its ServiceAccount or its Secret is made anew, and is then replaced. Rotation is replacement: set \`create_before_destroy\`, and every pull secret is updated in place before the old token is revoked. A token expires between two applies unless \`renew_before_seconds\` is longer than the time between them.`,
  attributes: {
    ...issuedCredential({
      noun: "token",
      username: "the ServiceAccount's name, which the registry ignores",
      within: "of one project",
    }),
    project: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      description: "The project (namespace) of the ServiceAccount, and of the token's Secret.",
      check: checkNamespaceName,
    },
    service_account: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      description: "The ServiceAccount's name. It has to be there.",
      check: checkObjectName,
    },
    lifetime_seconds: {
      type: "number",
      presence: "optional",
      requiresReplace: true,
      description: `How long a bound token is asked for, in seconds, ${LIFETIME.least} or more.`,
      whenUnset: "a long-lived token, which never expires",
      check: checkLifetime,
    },
    cluster: placement.cluster,
  },
  rules: [renewalFits],
  importId: {
    format: "<issuer>/<project>/<secret>",
    example: "openshift/edge-images/puller-registry-token-00112233aabbccdd",
    description:
      "The same as `credential_id`: the name in the provider's `issuers`, the project, and the Secret that holds the token (`oc get secrets`): one of ours, or any of type `kubernetes.io/service-account-token`. ServiceAccount, description, name and `lifetime_seconds` are read from it, so the plan is empty where the configuration says the same; `renew_before_seconds` and `timeouts`, which stand nowhere else, are taken up in place.\n\nA token of another owner is refused. A token Secret that was **made by hand** carries no mark, and gets none; importing it says that it is this resource's from now on, and destroy deletes it.",
    check: checkTokenImportId,
  },
} as const satisfies TypeSchema;

function checkTokenImportId(value: string | number, path: Path): Problem | undefined {
  const [issuer, project, secret, ...rest] = String(value).split("/");
  if (issuer === undefined || issuer === "" || project === undefined || secret === undefined || rest.length > 0) {
    return { path, summary: "Invalid import id", detail: `${JSON.stringify(value)} has another form.` };
  }
  return checkNamespaceName(project, path) ?? checkObjectName(secret, path);
}
