import { isRecord } from "../json";
import { formatPath, type Path } from "../problem";

/** What the exchange sets by itself, and never belongs to what was published. */
const OWN: ReadonlySet<string> = new Set(["owner", "lastUpdated", "orgid"]);
/** What it fills in for a service of a pattern (exchange-api, PostPutPatternRequest). */
const NODE_HEALTH: { readonly [name: string]: unknown } = { missing_heartbeat_interval: 600, check_agreement_status: 120 };
/** What the exchange may leave out, or write out, at will. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  (Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0);

/**
 * Where what the exchange holds is not what was published. The exchange adds defaults of its own inside of what was sent (a pattern's
 * `nodeHealth`, the other of a required service's two ways to say its version), and leaves out what is null: neither is a difference. What was not sent at all has to be empty.
 */
export function differences(published: object, found: object): readonly string[] {
  const sent = published as { readonly [name: string]: unknown };
  const held = found as { readonly [name: string]: unknown };
  const added = Object.keys(held).filter(
    (name) => !OWN.has(name) && !Object.hasOwn(sent, name) && !isEmpty(held[name]) && !isDefault(name, held),
  );
  return [...compare(sent, held, []), ...added.map((name) => formatPath([name]))];
}

/** What the exchange fills in inside of what was sent. */
function isFilledIn(
  name: string,
  value: unknown,
  sent: { readonly [name: string]: unknown },
  [list, index, ...more]: Path,
): boolean {
  if (typeof index !== "number" || more.length > 0) return false;
  if (list === "services" && name === "nodeHealth")
    return isRecord(value) && Object.entries(value).every(([setting, given]) => NODE_HEALTH[setting] === given);
  if (list !== "requiredServices") return false;
  if (name === "version") return value === sent.versionRange;
  return name === "versionRange" && value === sent.version;
}

/** What the exchange fills in where it was not given. */
function isDefault(name: string, held: { readonly [name: string]: unknown }): boolean {
  if (name === "description") return held.description === held.label;
  return name === "agreementProtocols" && JSON.stringify(held.agreementProtocols) === '[{"name":"Basic"}]';
}

function compare(sent: unknown, held: unknown, path: Path): readonly string[] {
  if (isEmpty(sent) && isEmpty(held)) return [];
  if (Array.isArray(sent) && Array.isArray(held)) {
    if (sent.length !== held.length) return [formatPath(path)];
    return sent.flatMap((element, index) => compare(element, held[index], [...path, index]));
  }
  if (isRecord(sent) && isRecord(held)) {
    const added = Object.keys(held).filter(
      (name) => path.length > 0 && !Object.hasOwn(sent, name) && !isFilledIn(name, held[name], sent, path),
    );
    return [
      ...Object.entries(sent).flatMap(([name, value]) => compare(value, held[name], [...path, name])),
      ...added.flatMap((name) => compare(undefined, held[name], [...path, name])),
    ];
  }
  return sent === held ? [] : [formatPath(path)];
}
