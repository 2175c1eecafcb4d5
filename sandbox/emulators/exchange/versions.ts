/** Versions such as `1.2.3`, and ranges of them such as `[1.0.0,INFINITY)`, by the exchange's rules. */

const NUMBERS = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?$/;

type Version = readonly number[];

/** One to three numbers, or `infinity`. */
export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

/** Whether a version lies in a range; a single version is a range without an end. */
export function isInRange(version: string, range: string): boolean {
  const [first = "", second = "infinity", ...more] = range
    .trim()
    .toLowerCase()
    .split(/\s*,\s*/);
  const floor = /^([[(]?)(\d.*)$/.exec(first);
  const ceiling = /^(infinity|.*\d)([\])]?)$/.exec(second);
  const [wanted, low, high] = [version, floor?.[2] ?? "", ceiling?.[1] ?? ""].map(parseVersion);
  if (more.length > 0 || wanted === undefined || low === undefined || high === undefined) return false;
  const above = compare(wanted, low);
  const below = compare(high, wanted);
  return (floor?.[1] === "(" ? above > 0 : above >= 0) && (ceiling?.[2] === "]" ? below >= 0 : below > 0);
}

function parseVersion(text: string): Version | undefined {
  if (text.trim().toLowerCase() === "infinity") return [Number.POSITIVE_INFINITY, 0, 0];
  const match = NUMBERS.exec(text.trim());
  return match === null ? undefined : [1, 2, 3].map((part) => Number(match[part] ?? 0));
}

function compare(left: Version, right: Version): number {
  for (const [index, number] of left.entries()) {
    const other = right[index] ?? 0;
    if (number !== other) return number > other ? 1 : -1;
  }
  return 0;
}
