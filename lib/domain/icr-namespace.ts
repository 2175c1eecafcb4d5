import { ICR_REGIONS, isIcrRegion } from "./icr-hosts";
import type { Path, Problem } from "./problem";

/** What the registry takes for the name of a registry namespace (IBM Cloud documents: Container Registry, planning namespaces). */
const NAME = /^[a-z0-9][a-z0-9_-]{2,28}[a-z0-9]$/;

/** Says what is wrong with the name of a registry namespace, or nothing. */
export function checkIcrNamespace(value: string | number, path: Path): Problem | undefined {
  if (NAME.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid registry namespace",
    detail: `${JSON.stringify(value)} is not a name of a registry namespace: 4 to 30 lower-case letters, digits, '-' and '_', with a letter or a digit at both ends, such as "acme-apps". It is the first part of an image's path, and unique in its region.`,
  };
}

/** Says what is wrong with a region of the registry, or nothing. */
export function checkIcrRegion(value: string | number, path: Path): Problem | undefined {
  if (isIcrRegion(String(value))) return undefined;
  return {
    path,
    summary: "No such region",
    detail: `${JSON.stringify(value)} is not a region of IBM Cloud Container Registry. Regions are: ${ICR_REGIONS.join(", ")}.`,
  };
}

/** A registry namespace by name, as an import names it: `<issuer>/<name>`, or `<issuer>/<name>@<region>`. */
export interface IcrNamespaceId {
  readonly issuer: string;
  readonly name: string;
  /** Null where the issuer says which registry. */
  readonly region: string | null;
}

/** Reads `<issuer>/<name>` or `<issuer>/<name>@<region>`; undefined where it is neither. */
export function parseIcrNamespaceId(text: string): IcrNamespaceId | undefined {
  const { issuer, name, region } = /^(?<issuer>[^/@]+)\/(?<name>[^/@]+)(?:@(?<region>[^/@]+))?$/.exec(text)?.groups ?? {};
  return issuer === undefined || name === undefined ? undefined : { issuer, name, region: region ?? null };
}

/** The text form of it. */
export function formatIcrNamespaceId({ issuer, name, region }: IcrNamespaceId): string {
  return `${issuer}/${name}${region === null ? "" : `@${region}`}`;
}

/** Says what is wrong with such an id, or nothing. */
export function checkIcrNamespaceId(value: string | number, path: Path): Problem | undefined {
  const parsed = parseIcrNamespaceId(String(value));
  if (parsed === undefined)
    return { path, summary: "Invalid import id", detail: `${JSON.stringify(value)} names no registry namespace.` };
  return checkIcrNamespace(parsed.name, path) ?? (parsed.region === null ? undefined : checkIcrRegion(parsed.region, path));
}
