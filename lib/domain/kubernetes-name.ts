import type { Path, Problem } from "./problem";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

function problem(path: Path, what: string, value: string, rule: string): Problem {
  return {
    path,
    summary: `Invalid ${what}`,
    detail: `${JSON.stringify(value)} is not a valid ${what}: ${rule}`,
  };
}

/** A Kubernetes namespace's name: an RFC 1123 label, at most 63 characters. */
export function checkNamespaceName(value: string | number, path: Path): Problem | undefined {
  const name = String(value);
  if (LABEL.test(name) && name.length <= 63) return undefined;
  return problem(
    path,
    "namespace name",
    name,
    "it takes 1 to 63 lower case letters, digits and '-', and starts and ends with a letter or a digit, such as \"team-a\".",
  );
}

/** A Secret's or ServiceAccount's name: an RFC 1123 subdomain, at most 253 characters. */
export function checkObjectName(value: string | number, path: Path): Problem | undefined {
  const name = String(value);
  if (SUBDOMAIN.test(name) && name.length <= 253) return undefined;
  return problem(
    path,
    "object name",
    name,
    "it takes 1 to 253 lower case letters, digits, '-' and '.', and starts and ends with a letter or a digit, such as \"registry-pull\".",
  );
}

/** A label's or annotation's key: `[prefix/]name`. */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf("/");
  const name = slash < 0 ? key : key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  return (
    name.length <= 63 && QUALIFIED_PART.test(name) && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)))
  );
}

/** A label's value: empty, or up to 63 letters, digits, '-', '_' and '.'. */
export function isLabelValue(value: string): boolean {
  return value === "" || (value.length <= 63 && QUALIFIED_PART.test(value));
}
