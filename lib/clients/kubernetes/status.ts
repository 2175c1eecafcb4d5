import { isRecord } from "../../domain/json";
import type { ServiceError } from "../http";

/** What an API server says about an error: an object of kind Status (its reason is the service's code). */
export function readStatus(body: unknown): ServiceError | undefined {
  if (!isRecord(body) || body.kind !== "Status") return undefined;
  return {
    ...(typeof body.reason === "string" ? { code: body.reason } : {}),
    ...(typeof body.message === "string" ? { message: body.message } : {}),
  };
}
