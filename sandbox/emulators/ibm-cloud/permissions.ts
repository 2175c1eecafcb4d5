import type { Identity } from "./identity";
import type { PolicyAttribute, PolicyRecord, Store } from "./store";

/** What somebody may do with a service; `manage` includes what the service itself calls so. */
export type Action = "pull" | "push" | "manage";

const SERVICE_ROLES: { readonly [role: string]: readonly Action[] } = {
  Reader: ["pull"],
  Writer: ["pull", "push"],
  Manager: ["pull", "push", "manage"],
};
/** Platform roles: they manage a service's instances, and read nothing in them. */
const PLATFORM_ROLES: { readonly [role: string]: readonly Action[] } = {
  Administrator: ["manage"],
  Editor: ["manage"],
  Operator: ["manage"],
};

/** The resource that somebody wants to do something with, by its attributes; `accountId` is the identity's own. */
export type Wanted = { readonly serviceName: string; readonly [attribute: string]: string };

/** What an identity may do with a resource: by its policies, and by its role in the account where it is a user. */
export function actionsOf(store: Store, identity: Identity, wanted: Wanted): ReadonlySet<Action> {
  if (identity.role === "manager") return new Set(SERVICE_ROLES.Manager);
  const byRole = identity.role === "reader" && wanted.serviceName === "container-registry" ? (SERVICE_ROLES.Reader ?? []) : [];
  const attributes = { ...wanted, accountId: identity.account, serviceType: "service" };
  const granted = store.data.policies
    .filter((policy) => isOf(policy, identity) && reaches(policy, attributes))
    .flatMap(({ body }) => body.roles.flatMap(({ role_id: id }) => actionsOfRole(id)));
  return new Set([...byRole, ...granted]);
}

/** Whether an identity has the platform role Administrator on a whole service. */
export function administers(store: Store, identity: Identity, serviceName: string): boolean {
  const wanted = { serviceName, accountId: identity.account, serviceType: "service" };
  return store.data.policies.some(
    (policy) =>
      isOf(policy, identity) &&
      reaches(policy, wanted) &&
      policy.body.roles.some(({ role_id: id }) => id.endsWith(":role:Administrator")),
  );
}

function isOf({ state, account, body }: PolicyRecord, identity: Identity): boolean {
  const named = ({ attributes }: { readonly attributes: readonly PolicyAttribute[] }): boolean =>
    attributes.some(({ name, value }) => name === "iam_id" && value === identity.iamId);
  return state === "active" && body.type === "access" && account === identity.account && body.subjects.some(named);
}

/** A policy reaches what fits all of its attributes: one that names no service reaches every service. */
function reaches({ body }: PolicyRecord, wanted: { readonly [attribute: string]: string }): boolean {
  return body.resources.some(({ attributes }) =>
    attributes.every(({ name, value, operator = "stringEquals" }) => {
      const found = wanted[name];
      if (found === undefined) return false;
      return operator === "stringMatch" ? toPattern(value).test(found) : value === found;
    }),
  );
}

function toPattern(wildcards: string): RegExp {
  const escaped = wildcards.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

function actionsOfRole(id: string): readonly Action[] {
  const [, kind, name = ""] = /:(serviceRole|role):([^:]+)$/.exec(id) ?? [];
  return (kind === "serviceRole" ? SERVICE_ROLES[name] : PLATFORM_ROLES[name]) ?? [];
}
