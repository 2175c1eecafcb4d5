/** What every emulator's HTTP side needs: requests, replies, routes and listeners; nothing about any one service. */
import type { IncomingHttpHeaders } from "node:http";

/** A request as a route sees it. */
export interface EmulatorRequest {
  readonly method: string;
  /** The whole address, its origin being the one the client used (Host header and scheme). */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Path parameters by name, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Body as text; empty where there was none. */
  readonly body: string;
  /** Adds a remark to the request log, for example the id of a token that was issued. Never a credential. */
  note(detail: string): void;
}

/** What a route answers: `json`, `text` or `bytes` is sent as the body; without any it is empty. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** Sent as `text/plain` unless the headers say otherwise. */
  readonly text?: string;
  /** Sent as they are; the headers say what they are. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One method and path of a service; `:name` in the path is a parameter of one segment. */
export interface Route {
  readonly method: string;
  readonly path: string;
  handle(request: EmulatorRequest): Reply | Promise<Reply>;
}

/** Answers 200 with a JSON body. */
export const ok = (json: unknown): Reply => ({ status: 200, json });

/** User name and password of a Basic `Authorization` header; undefined where there is none or it can't be read. */
export function basicLogin(headers: IncomingHttpHeaders): { username: string; password: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "");
  const decoded = match?.[1] === undefined ? "" : Buffer.from(match[1], "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon < 0 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** The value after `Bearer`, the word in any case; undefined where there is none. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
}
