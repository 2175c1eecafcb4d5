import { ok, type Route } from "../http";
import type { EmulatorClock } from "./clock";

/** What a control port offers of time: the clock set ahead or back, and all logins ended before their time. */
export function timeRoutes(clock: Pick<EmulatorClock, "offsetSeconds">, logins: { expireAll(): void }): Route[] {
  return [
    {
      method: "PUT",
      path: "/clock",
      handle({ body }) {
        clock.offsetSeconds = Number((JSON.parse(body) as { offsetSeconds: number }).offsetSeconds);
        return ok({});
      },
    },
    {
      method: "POST",
      path: "/logins/expire",
      handle() {
        logins.expireAll();
        return ok({});
      },
    },
  ];
}
