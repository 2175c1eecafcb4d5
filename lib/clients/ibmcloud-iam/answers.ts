/** What IAM answers, read: of what others wrote nothing is taken for granted. */
import { isRecord } from "../../domain/json";
import type { ServiceError } from "../http";
import type { IamApiKey, IamPolicy, IamServiceId } from "./types";

/** An API key; undefined where the answer is none. */
export function readApiKey(answer: unknown): IamApiKey | undefined {
  if (!isRecord(answer) || !isText(answer.id) || !isText(answer.iam_id)) return undefined;
  return {
    id: answer.id,
    iamId: answer.iam_id,
    accountId: textOf(answer.account_id),
    name: textOf(answer.name),
    description: textOf(answer.description),
    disabled: answer.disabled === true,
    locked: answer.locked === true,
    expiresAt: timeOf(answer.expires_at),
    createdAt: timeOf(answer.created_at),
  };
}

/** A service ID; undefined where the answer is none. */
export function readServiceId(answer: unknown): IamServiceId | undefined {
  if (!isRecord(answer) || !isText(answer.id) || !isText(answer.iam_id)) return undefined;
  return {
    id: answer.id,
    iamId: answer.iam_id,
    name: textOf(answer.name),
    description: textOf(answer.description),
    locked: answer.locked === true,
  };
}

/** A policy; undefined where the answer is none. */
export function readPolicy(answer: unknown): IamPolicy | undefined {
  if (!isRecord(answer) || !isText(answer.id)) return undefined;
  return {
    id: answer.id,
    active: answer.state === undefined || answer.state === "active",
    description: textOf(answer.description),
    roles: recordsOf(answer.roles).flatMap(({ role_id: role }) => (isText(role) ? [role] : [])),
    resources: recordsOf(answer.resources).map(({ attributes }) =>
      Object.fromEntries(
        recordsOf(attributes).flatMap(({ name, value }) => (isText(name) && typeof value === "string" ? [[name, value]] : [])),
      ),
    ),
  };
}

/**
 * The time in `yyyy-MM-ddTHH:mm+0000`, IAM's own form, or in any that ECMAScript reads; null where there is none, or it can't be read.
 * Facts: platform-services-go-sdk, iamidentityv1, `expires_at`.
 */
function timeOf(text: unknown): Date | null {
  if (!isText(text)) return null;
  const time = new Date(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(time.getTime()) ? null : time;
}

/** A time as IAM takes it: whole minutes, rounded up, in UTC. */
export function formatIamTime(time: Date): string {
  const minute = new Date(Math.ceil(time.getTime() / 60_000) * 60_000);
  return `${minute.toISOString().slice(0, 16)}+0000`;
}

/** IAM's own error: the token endpoint says it in another form than the others. */
export function readIamError(body: unknown): ServiceError | undefined {
  if (!isRecord(body)) return undefined;
  const [first] = recordsOf(body.errors);
  if (first !== undefined) return errorOf(isText(first.message_code) ? first.message_code : first.code, first.message);
  return errorOf(body.errorCode, body.errorMessage);
}

function errorOf(code: unknown, message: unknown): ServiceError | undefined {
  if (!isText(code) && !isText(message)) return undefined;
  return { ...(isText(code) ? { code } : {}), ...(isText(message) ? { message } : {}) };
}

function recordsOf(value: unknown): readonly { readonly [name: string]: unknown }[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
