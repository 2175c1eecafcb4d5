import { isRecord } from "../../domain/json";
import { ClientError } from "../client-error";
import type { Impersonation } from "./connection";

/** What a kubeconfig's user says about it: `as`, `as-uid`, `as-groups`, `as-user-extra`. Throws ClientError("invalid") where it is not whole. */
export function readImpersonation(user: { readonly [name: string]: unknown }, name: string): Impersonation | undefined {
  const { as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra } = user;
  const given = Object.entries({ as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra }).filter(([, value]) =>
    isSet(value),
  );
  const [first] = given;
  if (first === undefined) return undefined;
  const invalid = (what: string) => new ClientError("invalid", `User ${JSON.stringify(name)} of the kubeconfig ${what}`);
  if (typeof as !== "string" || as === "")
    throw invalid(`has ${first[0]} without as. Set as to the user to impersonate, or take ${first[0]} out.`);
  if (isSet(uid) && typeof uid !== "string") throw invalid("has an as-uid that is no text.");
  if (isSet(groups) && !isTexts(groups)) throw invalid("has as-groups that are no list of texts.");
  if (isSet(extra) && !(isRecord(extra) && Object.values(extra).every(isTexts)))
    throw invalid("has an as-user-extra that is no map of lists of texts.");
  return {
    user: as,
    groups: isTexts(groups) ? groups : [],
    ...(typeof uid === "string" && uid !== "" ? { uid } : {}),
    extra: isRecord(extra) ? (extra as Impersonation["extra"]) : {},
  };
}

/** The headers that ask for it (Kubernetes, user impersonation). */
export function impersonationHeaders(of: Impersonation | undefined): { readonly [name: string]: string | readonly string[] } {
  if (of === undefined) return {};
  return {
    "impersonate-user": of.user,
    ...(of.uid === undefined ? {} : { "impersonate-uid": of.uid }),
    ...(of.groups.length === 0 ? {} : { "impersonate-group": of.groups }),
    ...Object.fromEntries(Object.entries(of.extra).map(([key, values]) => [`impersonate-extra-${escapeKey(key)}`, values])),
  };
}

/** Keys may hold what no header's name may, such as a slash. */
function escapeKey(key: string): string {
  return encodeURIComponent(key.toLowerCase()).replace(/[()]/g, (letter) => (letter === "(" ? "%28" : "%29"));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
