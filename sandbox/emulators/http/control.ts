import { createHash, timingSafeEqual } from "node:crypto";
import type { Fault, Faults } from "./faults";
import { ok, type Route } from "./request";
import type { RequestLog } from "./request-log";

/** The port through which tests look into an emulator and interfere. */
export interface ControlPort {
  /** Wanted in the header `x-control-secret` of every request. */
  readonly secret: string;
  readonly log: RequestLog;
  readonly faults: Faults;
  /** The emulator's own, without the `/control` before their paths. */
  readonly routes: readonly Route[];
}

/** The request log and the faults, which every emulator has, and the emulator's own routes: all below `/control`, all behind the secret. */
export function controlRoutes({ secret, log, faults, routes }: ControlPort): Route[] {
  const done = (change: () => void) => () => {
    change();
    return ok({});
  };
  const common: readonly Route[] = [
    {
      method: "GET",
      path: "/requests",
      handle: ({ url }) => ok(log.list(Number(url.searchParams.get("after") ?? 0))),
    },
    { method: "DELETE", path: "/requests", handle: done(log.clear) },
    {
      method: "POST",
      path: "/faults",
      handle: ({ body }) => done(() => faults.add(JSON.parse(body) as Fault))(),
    },
    { method: "DELETE", path: "/faults", handle: done(faults.clear) },
  ];
  return [...common, ...routes].map((route) => ({
    method: route.method,
    path: `/control${route.path}`,
    handle: (request) =>
      same(String(request.headers["x-control-secret"] ?? ""), secret)
        ? route.handle(request)
        : { status: 401, json: { message: "The header x-control-secret is missing or wrong." } },
  }));
}

function same(received: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(received), digest(expected));
}
