import { isRecord } from "../../domain/json";
import { ClientError } from "../client-error";
import type { KubernetesObject } from "./client";

/** Objects in one page, where the caller names no other number. */
const PAGE = 500;
/** How often a list starts again before it is read in one piece, which can't expire. */
const RESTARTS = 2;
/** More than any cluster has, so that a server that always has a next page ends in an error. */
const MAX_PAGES = 10_000;

/** What a page whose objects are too large together is divided by. */
const SMALLER = 8;

type Query = { readonly fieldSelector?: string; readonly labelSelector?: string; readonly limit?: number | undefined };
type PageQuery = Query & { readonly continue?: string | undefined };
type FetchPage = (query: PageQuery) => Promise<unknown>;

/**
 * Reads all pages of a list. A continue token that expires half-way (410 after about five minutes) starts it again; a page whose objects
 * are too large together is asked for in smaller ones. `label` is the request, for messages. Throws ClientError("malformed") for what is no list, and for one that comes to no end.
 */
export async function listAll<T extends KubernetesObject>(fetchPage: FetchPage, query: Query, label: string): Promise<T[]> {
  for (let restarts = 0; ; restarts++) {
    try {
      const limit = restarts > RESTARTS ? undefined : (query.limit ?? PAGE);
      return await readPages<T>(fetchPage, { ...query, limit }, label);
    } catch (error) {
      if (!ClientError.is(error, "gone") || restarts > RESTARTS) throw error;
    }
  }
}

async function readPages<T>(fetchPage: FetchPage, query: PageQuery, label: string): Promise<T[]> {
  const items: T[] = [];
  const tokens = new Set<string>();
  let next: string | undefined;
  let limit = query.limit;
  do {
    const { page, fitting } = await fetchFitting(fetchPage, { ...query, limit, continue: next });
    limit = fitting;
    if (!isRecord(page) || !Array.isArray(page.items)) {
      throw new ClientError(
        "malformed",
        `${label}: the answer is no list (it has no items). Is it the address of an API server?`,
      );
    }
    items.push(...(page.items as T[]));
    const token = isRecord(page.metadata) ? page.metadata.continue : undefined;
    next = typeof token === "string" && token !== "" ? token : undefined;
    if (next !== undefined && (tokens.has(next) || tokens.size === MAX_PAGES)) {
      const what = tokens.has(next) ? "names a page again that was read already" : `has more than ${MAX_PAGES} pages`;
      throw new ClientError("malformed", `${label}: the list ${what}, and would never end. Is it the address of an API server?`);
    }
    if (next !== undefined) tokens.add(next);
  } while (next !== undefined);
  return items;
}

/** One page, of as many objects as are not too large together. The pages after it are as small. */
async function fetchFitting(fetchPage: FetchPage, query: PageQuery) {
  for (let limit = query.limit; ; ) {
    try {
      return { page: await fetchPage({ ...query, limit }), fitting: limit };
    } catch (error) {
      if (limit === undefined || limit === 1 || !ClientError.is(error) || error.options.tooLarge !== true) throw error;
      limit = Math.max(1, Math.floor(limit / SMALLER));
    }
  }
}
