import { parseCredentialId } from "../credential-id";
import { isOurs, withoutKeys } from "../plan-json/address";
import { changedAttributes, type Plan, type PlanChange, type PlanValues } from "../plan-json/read-plan";
import { checkRegistryHost } from "../registry-host";

/** What becomes of a credential, from what matters most. `forget`: it lives on, and is no longer managed. */
const CREDENTIAL_ACTIONS = ["revoke", "forget", "rotate", "adopt", "change", "issue"] as const;
/** One of them. */
export type CredentialAction = (typeof CREDENTIAL_ACTIONS)[number];

/** A credential that a plan issues, replaces, revokes or changes. */
export interface CredentialChange {
  readonly address: string;
  readonly action: CredentialAction;
  /** Why, as a part of a sentence. */
  readonly reason: string;
  /** The last characters of its id. @default - there is none yet */
  readonly oldId?: string;
  /** When it ends; of one that is new. @default - there is none */
  readonly oldExpiry?: CredentialExpiry;
  readonly newExpiry?: CredentialExpiry;
  readonly hosts: readonly string[];
  /** Of a rotation: whether the new one is there, and in use, before the old one is revoked. @default - it is none */
  readonly overlaps?: boolean;
  /** The old one opens nothing any more. @default - it works, or there is none */
  readonly isDead?: true;
  /** It may do more than pull. @default false */
  readonly mayPush?: true;
}

/** A time (RFC 3339), never by itself, or only the apply will tell. */
export type CredentialExpiry = { readonly at: string } | "never" | "after apply" | "unknown";

/** The types whose resources are credentials of a registry, and how each says that one never ends. */
const NEVER: { readonly [type: string]: (values: PlanValues) => boolean } = {
  registry_token: ({ permanent }) => permanent === true,
  registry_ibmcloud_api_key: ({ lifetime_seconds: lifetime }) => lifetime === null || lifetime === undefined,
  registry_openshift_token: ({ lifetime_seconds: lifetime }) => lifetime === null || lifetime === undefined,
};
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
/** Of an id so many characters are shown, as clouds' consoles do it. */
const SHOWN = 6;

/** Why a credential that does not work any more is replaced. */
const FAULTS: { readonly [status: string]: string } = {
  revoked: "it was revoked",
  expired: "it has expired",
  disabled: "it was disabled",
  unauthorized: "it is no longer authorized",
  rights_changed: "what it may do was changed",
  deleted: "it is gone",
};

/** Whether a resource is a credential. */
export function isCredential({ type, provider }: Pick<PlanChange, "type" | "provider">): boolean {
  return Object.hasOwn(NEVER, type) && isOurs({ provider });
}

/** What a plan does to credentials, what takes something away first. @param attributesOf - the attributes of a type that may be named */
export function credentialsOf(
  plan: Plan,
  now: Date,
  attributesOf: (type: string) => readonly string[],
): readonly CredentialChange[] {
  const rank = ({ action }: CredentialChange): number => CREDENTIAL_ACTIONS.indexOf(action);
  const changes = plan.changes.filter(isCredential).flatMap((change): readonly CredentialChange[] => {
    const { address, type, before, after } = change;
    const action = actionOf(change);
    if (action === undefined) return [];
    const [oldId, oldExpiry, newExpiry] = [lastOf(before?.credential_id), expiryBefore(type, before), expiryAfter(change)];
    return [
      {
        address: withoutKeys(address),
        action,
        reason: reasonOf(plan, change, action, now, attributesOf(type)),
        hosts: hostsIn(after?.hosts ?? before?.hosts),
        ...(oldId === undefined ? {} : { oldId }),
        ...(oldExpiry === undefined ? {} : { oldExpiry }),
        ...(newExpiry === undefined ? {} : { newExpiry }),
        ...(action === "rotate" ? { overlaps: change.actions[0] === "create" } : {}),
        ...(isDead(before) ? { isDead: true as const } : {}),
        ...(after?.read_only === false && action !== "change" ? { mayPush: true as const } : {}),
      },
    ];
  });
  return changes.sort((a, b) => rank(a) - rank(b));
}

function isDead(before: PlanValues | null): boolean {
  const status = before?.status;
  return typeof status === "string" && status !== "rights_changed" && Object.hasOwn(FAULTS, status);
}

/** The registry hosts in a list, as far as they are ones. */
export function hostsIn(list: unknown): readonly string[] {
  return Array.isArray(list)
    ? list.filter((host): host is string => typeof host === "string" && checkRegistryHost(host, []) === undefined)
    : [];
}

function actionOf({ actions, isImport, before }: PlanChange): CredentialAction | undefined {
  if (actions.includes("create") && actions.includes("delete")) return "rotate";
  if (actions.includes("create")) return "issue";
  if (actions.includes("delete")) return before?.revoke_on_destroy === false ? "forget" : "revoke";
  if (actions.includes("forget")) return "forget";
  if (isImport) return "adopt";
  return actions.includes("update") ? "change" : undefined;
}

function reasonOf(plan: Plan, change: PlanChange, action: CredentialAction, now: Date, known: readonly string[]): string {
  const { before, after, unknown } = change;
  if (action === "issue") {
    const isGone = plan.drift.some(({ address, actions }) => address === change.address && actions.includes("delete"));
    return isGone ? "the one before was revoked, or deleted, outside of Terraform" : "new in the configuration";
  }
  if (action === "revoke") return "no longer in the configuration";
  if (action === "forget") return "no longer in the configuration; it lives on (revoke_on_destroy = false)";
  if (action === "adopt") return "imported";
  const status = typeof before?.status === "string" ? before.status : "";
  if (Object.hasOwn(FAULTS, status)) return FAULTS[status] ?? "";
  const changed = changedAttributes(before, after).filter(
    (name) => known.includes(name) && !unknown.has(name) && !FOLLOWING.has(name),
  );
  if (status === "renewal_due") return ending(before, now);
  if (changed.length > 0) return `configuration changed (${changed.join(", ")})`;
  return action === "rotate" ? "a replacement was asked for" : "something of it is known after the apply alone";
}

/** What follows from the others, when a credential is replaced. */
const FOLLOWING: ReadonlySet<string> = new Set([
  "id",
  "credential_id",
  "expires_at",
  "issued_at",
  "number",
  "nonce",
  "status",
  "hosts",
]);

function ending(before: PlanValues | null, now: Date): string {
  const at = timeIn(before?.expires_at);
  if (at === undefined) return "its renewal is due";
  const days = (Date.parse(at) - now.getTime()) / 86_400_000;
  if (days <= 0) return "it has expired";
  const left =
    days >= 2
      ? `${Math.floor(days)} days`
      : days * 24 >= 2
        ? `${Math.floor(days * 24)} hours`
        : `${Math.max(1, Math.floor(days * 1440))} minutes`;
  return `its renewal is due: it ends in ${left}`;
}

function expiryBefore(type: string, values: PlanValues | null): CredentialExpiry | undefined {
  if (values === null) return undefined;
  const at = timeIn(values.expires_at);
  if (at !== undefined) return { at };
  return NEVER[type]?.(values) === true ? "never" : "unknown";
}

function expiryAfter({ type, after, unknown }: PlanChange): CredentialExpiry | undefined {
  if (after === null) return undefined;
  if (!unknown.has("expires_at")) return expiryBefore(type, after);
  return NEVER[type]?.(after) === true ? "never" : "after apply";
}

function timeIn(value: unknown): string | undefined {
  return typeof value === "string" && TIME.test(value) ? value : undefined;
}

/** `…a1b2c3`, of an id in a form that our issuers give. */
function lastOf(id: unknown): string | undefined {
  const own = typeof id === "string" ? parseCredentialId(id)?.id : undefined;
  return own === undefined || !/^[\w.:@/+=-]+$/.test(own)
    ? undefined
    : `\u2026${own.slice(-Math.min(SHOWN, Math.floor(own.length / 2)))}`;
}
