import { ok, type Reply } from "../http";
import { invalid } from "./body";

/** One page of a list, with links to the others, as IAM's identity API answers: 20 items where nothing is said, at most 100. */
export function page<Item>(url: URL, name: string, items: readonly Item[], format: (item: Item) => unknown): Reply {
  const limit = Number(url.searchParams.get("pagesize") ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return invalid("pagesize", "Valid range is 1 to 100.");
  const token = url.searchParams.get("pagetoken");
  const offset = token === null ? 0 : readToken(token);
  if (offset === undefined) return invalid("pagetoken", "It is none of this list's.");
  const at = (start: number): string => link(url, limit, start);
  return ok({
    offset,
    limit,
    first: at(0),
    ...(offset > 0 && { previous: at(Math.max(0, offset - limit)) }),
    ...(offset + limit < items.length && { next: at(offset + limit) }),
    [name]: items.slice(offset, offset + limit).map(format),
  });
}

function link(url: URL, limit: number, offset: number): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete("pagetoken");
  query.set("pagesize", String(limit));
  if (offset > 0) query.set("pagetoken", Buffer.from(`page ${offset}`).toString("base64url"));
  return `${url.origin}${url.pathname}?${query}`;
}

function readToken(token: string): number | undefined {
  const [, offset] = /^page (\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  return offset === undefined ? undefined : Number(offset);
}
