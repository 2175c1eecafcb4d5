import { checkIssuerName } from "../../domain/credential-id";
import type { Problem } from "../../domain/problem";
import type { PartlyKnown } from "../attribute";
import { isObject } from "../partly-known";
import { bluemix, problemsOfBluemix } from "./bluemix";
import { ibmcloud, problemsOfIbmCloud } from "./ibmcloud";
import { openshift, problemsOfOpenShift } from "./openshift";

/** The provider's `issuers`: each of exactly one kind. */
export const issuers = {
  nesting: "map",
  presence: "optional",
  description: "Systems that hand out registry credentials, by a name of one's own. Each has exactly one kind.",
  attributes: {
    bluemix: {
      nesting: "single",
      presence: "optional",
      description:
        "IBM Cloud (Bluemix), Dedicated or public, registry token API v1. Logs in by exactly one of: user name and password, passcode, API key, access token; environment variables fill in where none is set.",
      attributes: bluemix,
    },
    ibmcloud: {
      nesting: "single",
      presence: "optional",
      description:
        "IBM Cloud: IAM's API keys, for IBM Cloud Container Registry (`icr.io`). Logs in by an API key, from here or from the environment.",
      attributes: ibmcloud,
    },
    openshift: {
      nesting: "single",
      presence: "optional",
      description: "The image registry of an OpenShift cluster, whose credentials are tokens of its ServiceAccounts.",
      attributes: openshift,
    },
  },
} as const;

/** What an issuer may be. */
export type IssuerKind = keyof (typeof issuers)["attributes"];

/** Says what is wrong with the settings of one kind, by the issuer's name. */
const RULES: { readonly [K in IssuerKind]: (name: string, settings: PartlyKnown) => readonly Problem[] } = {
  bluemix: problemsOfBluemix,
  ibmcloud: problemsOfIbmCloud,
  openshift: problemsOfOpenShift,
};

/** All kinds, in the order in which messages list them. */
const ISSUER_KINDS = Object.keys(RULES) as readonly IssuerKind[];

/** Each issuer has a name that can stand in a credential id, and exactly one kind, whose own rules hold. */
export function issuersAreWhole(config: PartlyKnown): readonly Problem[] {
  if (!isObject(config.issuers)) return [];
  return Object.entries(config.issuers).flatMap(([name, issuer]) => {
    const nameProblem = checkIssuerName(name, ["issuers", name]);
    if (nameProblem) return [nameProblem];
    return isObject(issuer) ? problemsOfIssuer(name, issuer) : [];
  });
}

function problemsOfIssuer(name: string, issuer: PartlyKnown): readonly Problem[] {
  const [kind, other] = ISSUER_KINDS.filter((known) => issuer[known] !== null && issuer[known] !== undefined);
  if (other !== undefined) {
    return [
      {
        path: ["issuers", name, other],
        summary: "Two kinds of one issuer",
        detail: `Issuer ${JSON.stringify(name)} has both ${kind} and ${other}. Set one of them; two systems are two issuers.`,
      },
    ];
  }
  if (kind === undefined && ISSUER_KINDS.every((known) => issuer[known] === null)) {
    return [
      {
        path: ["issuers", name],
        summary: "An issuer without a kind",
        detail: `Issuer ${JSON.stringify(name)} has no kind. Set ${ISSUER_KINDS.map((known) => `${known} = { … }`).join(" or ")}.`,
      },
    ];
  }
  const settings = kind === undefined ? undefined : issuer[kind];
  return kind !== undefined && isObject(settings) ? RULES[kind](name, settings) : [];
}
