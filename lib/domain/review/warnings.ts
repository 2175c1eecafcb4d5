import { readCertificates } from "../certificates/certificate";
import { isRecord } from "../json";
import { isOurs, withoutKeys } from "../plan-json/address";
import type { Plan, PlanChange } from "../plan-json/read-plan";
import type { AccessChange } from "./access";
import type { CredentialChange } from "./credentials";

/** Something that a reviewer should know before the apply. */
export interface ReviewWarning {
  readonly kind:
    | "permanent"
    | "may_push"
    | "no_overlap"
    | "system_namespace"
    | "adopted"
    | "plain_http"
    | "not_verified"
    | "certificate_ends";
  readonly text: string;
}

const SYSTEM = /^(kube-(system|public|node-lease)|openshift(-.*)?)$/;
const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/i;
const DAY_MS = 86_400_000;

/**
 * What of a plan deserves a second look.
 * @param soonSeconds - a certificate that ends within this time is told
 */
export function warningsOf(
  plan: Plan,
  { credentials, access }: { readonly credentials: readonly CredentialChange[]; readonly access: readonly AccessChange[] },
  now: Date,
  soonSeconds: number,
): readonly ReviewWarning[] {
  return [
    ...credentials.flatMap((credential) => ofCredential(credential)),
    ...ofAccess(access),
    ...ofProviders(plan.providerConfig),
    ...plan.changes.filter(isOurs).flatMap((change) => ofCertificates(change, now, soonSeconds)),
  ];
}

function ofCredential({ address, action, newExpiry, mayPush, overlaps, isDead }: CredentialChange): readonly ReviewWarning[] {
  const isNew = action === "issue" || action === "rotate" || action === "adopt";
  return [
    ...(isNew && newExpiry === "never"
      ? [{ kind: "permanent", text: `${address} never expires: whoever gets hold of it can pull until it is revoked` } as const]
      : []),
    ...(mayPush
      ? [{ kind: "may_push", text: `${address} may also push: a pull secret needs no more than to pull` } as const]
      : []),
    ...(overlaps === false && !isDead
      ? [
          {
            kind: "no_overlap",
            text: `${address} is revoked before the new one is there: until the Secrets are written nothing can pull with it. create_before_destroy makes it the other way round`,
          } as const,
        ]
      : []),
  ];
}

function ofAccess(access: readonly AccessChange[]): readonly ReviewWarning[] {
  const inSystem = access.filter(({ action, namespace }) => (action === "add" || action === "adopt") && SYSTEM.test(namespace));
  const adopted = access.filter(({ action }) => action === "adopt");
  const names = (changes: readonly AccessChange[]) => [...new Set(changes.map(({ namespace }) => namespace))].sort().join(", ");
  return [
    ...(inSystem.length > 0
      ? [
          {
            kind: "system_namespace",
            text: `what runs in ${names(inSystem)}, where the cluster keeps its own, gets to pull`,
          } as const,
        ]
      : []),
    ...(adopted.length > 0
      ? [
          {
            kind: "adopted",
            text: `what somebody else wrote is taken over in ${names(adopted)}: its content is replaced, and a destroy takes it away`,
          } as const,
        ]
      : []),
  ];
}

/** Of a provider's block only what is a constant can be judged. */
function ofProviders(config: Plan["providerConfig"]): readonly ReviewWarning[] {
  const ours = Object.values(config).filter((block) => isRecord(block) && block.name === "registry");
  const constants = ours.flatMap((block) => constantsIn(block, ""));
  const isPlain = constants.some(({ value }) => typeof value === "string" && /^http:\/\//i.test(value) && !LOOPBACK.test(value));
  const isUnverified = constants.some(({ name, value }) => name === "insecure" && value === true);
  return [
    ...(isPlain
      ? [
          {
            kind: "plain_http",
            text: "the provider's configuration names a service over plain HTTP: what is sent to it can be read on the way",
          } as const,
        ]
      : []),
    ...(isUnverified
      ? [
          {
            kind: "not_verified",
            text: "the provider's configuration has a certificate not verified (insecure): whoever answers gets the credentials",
          } as const,
        ]
      : []),
  ];
}

/** Configurations are written by people: none is nested deeper. */
const DEEPEST = 40;

function constantsIn(value: unknown, name: string, depth = 0): readonly { readonly name: string; readonly value: unknown }[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((inner) => constantsIn(inner, name, depth + 1));
  if (isRecord(value))
    return Object.entries(value).flatMap(([key, inner]) => constantsIn(inner, key === "constant_value" ? name : key, depth + 1));
  return [{ name, value }];
}

/** Only what is shown of a certificate is when it ends. */
function ofCertificates({ address, after }: PlanChange, now: Date, soonSeconds: number): readonly ReviewWarning[] {
  const pem = Object.entries(after ?? {}).flatMap(([name, value]) =>
    /certificate/.test(name) && typeof value === "string" ? [value] : [],
  );
  const ends = pem.flatMap((text) => readCertificates(text).map(({ notAfter }) => notAfter.getTime())).sort((a, b) => a - b)[0];
  if (ends === undefined || ends - now.getTime() > soonSeconds * 1000) return [];
  const days = Math.floor((ends - now.getTime()) / DAY_MS);
  const when = days < 0 ? "has ended" : `ends in ${days === 1 ? "1 day" : `${days} days`}`;
  return [
    {
      kind: "certificate_ends",
      text: `a certificate of ${withoutKeys(address)} ${when} (${new Date(ends).toISOString().slice(0, 10)})`,
    },
  ];
}
