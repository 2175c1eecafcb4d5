import type { PolicyRule } from "./access-rules";
import type { Phase } from "./permissions";

/** A rule, and the first phase that needs it: who applies needs what a plan needs, too. */
interface PhasedRule extends PolicyRule {
  readonly phase: Phase;
}

/** The namespace and the name of what the cluster publishes of its routes' certificates. */
export const INGRESS_CERTIFICATE = { namespace: "openshift-config-managed", name: "default-ingress-cert" } as const;

const CLUSTER_RULES: readonly PhasedRule[] = [
  {
    phase: "plan",
    apiGroups: ["imageregistry.operator.openshift.io"],
    resources: ["configs"],
    resourceNames: ["cluster"],
    verbs: ["get"],
    why: ["get: Sees whether the image registry is there, and its default route switched on (registry_openshift_route)."],
  },
  {
    phase: "plan",
    apiGroups: ["route.openshift.io"],
    resources: ["routes"],
    resourceNames: ["default-route"],
    verbs: ["get"],
    why: ["get: Reads the route's host (registry_openshift_route, and the issuer's hosts where none are configured)."],
  },
  {
    phase: "plan",
    apiGroups: ["config.openshift.io"],
    resources: ["images"],
    resourceNames: ["cluster"],
    verbs: ["get"],
    why: ["get: Reads the registry's hosts, to which alone a token is sent (the issuer's hosts, where none are configured)."],
  },
  {
    phase: "plan",
    apiGroups: ["project.openshift.io"],
    resources: ["projects"],
    verbs: ["get"],
    why: [
      "get: Compares a project with what was made (registry_openshift_project). Its administrator has it in the project; without this rule one that is gone is answered 403, and is an error.",
    ],
  },
  {
    phase: "apply",
    apiGroups: ["imageregistry.operator.openshift.io"],
    resources: ["configs"],
    resourceNames: ["cluster"],
    verbs: ["patch"],
    why: ["patch: Switches the default route on, and off again. Not needed where it is on already."],
  },
  {
    phase: "apply",
    apiGroups: ["project.openshift.io"],
    resources: ["projectrequests"],
    verbs: ["create"],
    why: [
      "create: Requests a project. OpenShift gives it to everybody (self-provisioners) unless that was taken away; whoever does it becomes the project's administrator, and may all below in it.",
    ],
  },
];

const PROJECT_RULES: readonly PhasedRule[] = [
  {
    phase: "plan",
    apiGroups: [""],
    resources: ["secrets"],
    verbs: ["get", "list"],
    why: [
      "list: Finds the tokens' Secrets, by our label and by their type (registry_openshift_token).",
      "get: Reads the token that a pull secret is to hold.",
    ],
  },
  {
    phase: "plan",
    apiGroups: [""],
    resources: ["serviceaccounts"],
    verbs: ["get", "list"],
    why: [
      "get: Sees that the ServiceAccount of a token is there.",
      "list: Sees whether one was made anew, which makes its bound tokens useless; without it that is not seen.",
    ],
  },
  {
    phase: "apply",
    apiGroups: [""],
    resources: ["secrets"],
    verbs: ["create", "update", "delete"],
    why: ["create, update: Makes a token's Secret, and keeps a bound token in it.", "delete: Revokes a token."],
  },
  {
    phase: "apply",
    apiGroups: [""],
    resources: ["serviceaccounts/token"],
    verbs: ["create"],
    why: ["create: Has the API server sign a bound token; not needed for long-lived ones."],
  },
  {
    phase: "apply",
    apiGroups: ["project.openshift.io"],
    resources: ["projects"],
    verbs: ["patch", "delete"],
    why: ["patch: Changes the project's texts in place.", "delete: Deletes a project that was made here."],
  },
];

/** What OpenShift's resources need of the cluster as a whole. */
export function openshiftRules(phase: Phase): readonly PolicyRule[] {
  return CLUSTER_RULES.filter((rule) => phase === "apply" || rule.phase === "plan");
}

/** What they need in a project, which its administrator has anyway. */
export function openshiftProjectRules(phase: Phase): readonly PolicyRule[] {
  return PROJECT_RULES.filter((rule) => phase === "apply" || rule.phase === "plan");
}

/** What shows both phases the CA of the cluster's routes, in a Role of {@link INGRESS_CERTIFICATE}'s namespace. */
export function ingressCertificateRules(): readonly PolicyRule[] {
  return [
    {
      apiGroups: [""],
      resources: ["configmaps"],
      resourceNames: [INGRESS_CERTIFICATE.name],
      verbs: ["get"],
      why: [
        "get: Reads the certificates to trust for the route (ca_certificate); without it that is null, and a warning says so.",
      ],
    },
  ];
}
