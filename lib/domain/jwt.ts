import { parseRecord } from "./json";

/** The payload of a JWT, unchecked: its signature is for those to check who let somebody in by it. In base64 or base64url, padded or not; empty where it is no JWT. */
export function jwtPayload(jwt: string): { readonly [claim: string]: unknown } {
  const [, payload, , ...rest] = jwt.split(".");
  if (payload === undefined || rest.length > 0) return {};
  // Node's decoder takes both alphabets, and needs no padding.
  return parseRecord(Buffer.from(payload, "base64").toString("utf8")) ?? {};
}
