import { randomUUID } from "node:crypto";
import type { Reply } from "../http";

/**
 * An error of IAM's token endpoint. Of the codes BXNIM0415E is known to be real, and BXNIM0109E; the others are guesses: clients have
 * to go by the status.
 */
export function tokenError(errorCode: string, errorMessage: string, status = 400): Reply {
  const context = { requestId: randomUUID(), requestType: "incoming.Identity_Token", url: "https://iam.cloud.ibm.com" };
  return { status, json: { errorCode, errorMessage, context } };
}

/** An error of IAM's identity API (keys and service IDs); of the message codes only BXNIM0102E is known to be real. */
export function identityError(status: number, code: string, messageCode: string, message: string, details?: string): Reply {
  const trace = randomUUID();
  const errors = [{ code, message_code: messageCode, message, ...(details !== undefined && { details }) }];
  return { status, json: { context: { transaction_id: trace }, status_code: String(status), errors, trace } };
}

/** Who has no right to it learns that, as IAM says it. */
export const notAuthorized = (): Reply =>
  identityError(403, "insufficient_authorization", "BXNIM0100E", "You are not authorized to perform this action.");

/** Nothing has that id. */
export const notFound = (type: string, id: string): Reply =>
  identityError(404, "not_found", "BXNIM0102E", "Unable to find object", `Object type: ${type} with key: ${id} not found.`);

/** An error of IAM's policies API. */
export function policyError(status: number, code: string, message: string, details?: object): Reply {
  return { status, json: { trace: randomUUID(), errors: [{ code, message, ...(details && { details }) }], status_code: status } };
}

/** An error of the registry's API. Of the codes only CRG0009E is known to be real. */
export function registryError(status: number, message: string, code = "CRG9999E"): Reply {
  return { status, json: { code, message, "request-id": randomUUID() } };
}

/** Nothing that is locked is changed or deleted. */
export const locked = (): Reply =>
  identityError(409, "locked", "BXNIM0123E", "The object is locked: it can't be changed nor deleted.");
