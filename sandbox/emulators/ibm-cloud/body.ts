import type { Reply } from "../http";
import { identityError } from "./errors";

/** The fields of a JSON object; undefined where the body is none. */
export function readObject(body: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { [name: string]: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}

/** A text field; undefined where it is missing, empty or no text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** IAM refuses a request that lacks a property. */
export function missing(property: string): Reply {
  return identityError(400, "required_property_missing", "BXNIM0109E", `Property missing or empty: ${property}`);
}

/** IAM refuses a value. */
export function invalid(property: string, why: string): Reply {
  return identityError(400, "invalid_property", "BXNIM0106E", `Validation of property '${property}' failed: ${why}`);
}
