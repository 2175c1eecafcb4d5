import { isRecord } from "../../domain/json";
import { type Exchange, jsonOf } from "./exchange";
import type { HorizonLogin } from "./types";

/** Asks the exchange for the user `org/name`; the name `iamapikey` means the one whose API key has logged in (exchange-api, GET of a user). */
export async function readLogin(exchange: Exchange, user: string, signal: AbortSignal): Promise<HorizonLogin> {
  const [org = "", name = ""] = user.split("/");
  const response = await exchange.request({ method: "GET", org, path: ["users", name], expect: [200, 404], signal });
  const body = response.status === 404 ? undefined : jsonOf(response);
  const [found] = isRecord(body) && isRecord(body.users) ? Object.entries(body.users) : [];
  if (found === undefined) return { id: user, isAdmin: false };
  const [id, told] = found;
  return { id, isAdmin: isRecord(told) && (told.admin === true || told.hubAdmin === true) };
}
