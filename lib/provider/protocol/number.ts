import type { Path } from "../../domain/problem";
import { DiagnosticError } from "../framework/diagnostic";

/**
 * Reads a number of the wire: an integer, a float, or decimal text where neither is exact.
 *
 * @throws DiagnosticError where JavaScript can't hold it precisely: what Terraform got back would differ from what it sent
 */
export function parseNumber(wire: unknown, path: Path): number {
  if (typeof wire === "number") return wire;
  const value = typeof wire === "bigint" || typeof wire === "string" ? Number(wire) : Number.NaN;
  if (!Number.isFinite(value) || canonical(String(value)) !== canonical(String(wire))) {
    throw DiagnosticError.at(
      path,
      "Number out of range",
      `The number ${typeof wire === "object" ? "" : `${String(wire)} `}can't be held precisely. Allowed are integers up to 2^53 and decimals of up to 15 digits.`,
    );
  }
  return value;
}

/** Writes a number as the wire wants it: an integer, or decimal text, since a float is only an approximation of `0.1`. */
export function formatNumber(value: number): number | string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number that Terraform knows`);
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? 0 : value;
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** One text for equal decimals: sign, digits without zeros around them, power of ten. */
function canonical(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text.trim());
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  const power = significant === "" ? 0 : Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === "-" && significant !== "" ? "-" : ""}${significant}e${power}`;
}
