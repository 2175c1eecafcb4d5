import type { Reply } from "../http";

/** The `code` of the exchange's envelope. */
export type ApiCode =
  | "ok"
  | "invalid-credentials"
  | "access-denied"
  | "already-exists"
  | "invalid-input"
  | "not-found"
  | "internal_error";

/** The exchange's envelope. */
export function answer(status: number, code: ApiCode, msg: string): Reply {
  return { status, json: { code, msg } };
}

/** What a write answers. */
export const written = (msg: string): Reply => answer(201, "ok", msg);

/** Deletes have no body. */
export const DELETED: Reply = { status: 204 };

export const invalidInput = (msg: string): Reply => answer(400, "invalid-input", msg);

export const notFound = (msg: string): Reply => answer(404, "not-found", msg);

/** PostgreSQL's refusal of a row whose service or pattern is not there, which the exchange passes on as its own failure. */
export function orphaned(what: string, table: string): Reply {
  const violated = `ERROR: insert or update on table "${table}" violates foreign key constraint "${table}_fk"`;
  return answer(500, "internal_error", `${what}: ${violated}`);
}

/** The exchange's way to write a time: `2019-05-14T16:20:40.221Z[UTC]`. */
export const nowUtc = (): string => `${new Date().toISOString()}[UTC]`;
