import type { Path } from "../../domain/problem";
import { DiagnosticError } from "../framework/diagnostic";

/**
 * Reads a number of the wire: an integer, a float, or decimal text where neither is exact.
 *
 * @throws DiagnosticError where JavaScript can't hold it precisely: what Terraform got back would differ from what it sent
 */
export function parseNumber(wire: unknown, path: Path): number {
  if (typeof wire === "number" && Number.isFinite(wire)) return unsigned(wire);
  const text = typeof wire === "bigint" || typeof wire === "string" ? String(wire) : "";
  const value = text.length <= LONGEST ? Number(text) : Number.NaN;
  if (!Number.isFinite(value) || canonical(exact(value)) !== canonical(text)) {
    const shown = typeof wire === "number" ? String(wire) : text.length <= 40 ? text : `${text.slice(0, 40)}…`;
    throw DiagnosticError.at(
      path,
      "Number out of range",
      `The number ${shown === "" ? "" : `${shown} `}can't be held precisely. Allowed are integers up to 2^53 and decimals of up to 15 digits.`,
    );
  }
  return unsigned(value);
}

/** Terraform has one zero. */
function unsigned(value: number): number {
  return value === 0 ? 0 : value;
}

/** More digits than any number has that JavaScript holds precisely. */
const LONGEST = 1_200;

/** All digits of an integer; of a fraction the fewest that tell it from its neighbours. */
function exact(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** Writes a number as the wire wants it: an integer, or decimal text, since a float is only an approximation of `0.1`. */
export function formatNumber(value: number): number | string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number that Terraform knows`);
  if (Number.isSafeInteger(value)) return unsigned(value);
  return exact(value);
}

/** One text for equal decimals: sign, digits without zeros around them, power of ten. What is no decimal equals no number. */
function canonical(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null || !/\d/.test(text)) return "";
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  const power = significant === "" ? 0 : Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === "-" && significant !== "" ? "-" : ""}${significant}e${power}`;
}
