import { ClientError } from "../client-error";
import type { HttpClient, HttpRequest, HttpResponse } from "../http";
import { sentence } from "../sentence";

/** Most bytes of one page: a hundred comments, each as long as may be. */
const PAGE_BYTES = 128 * 1024 * 1024;
/** No discussion has more; a server that always names another page is not followed for ever. */
const MOST_PAGES = 1_000;

/** Asks a forge, and adds to an error what commonly helps. */
export function createForgeRequests(http: HttpClient, adviceFor: (error: ClientError) => string | undefined) {
  async function request(given: HttpRequest): Promise<HttpResponse> {
    try {
      return await http.request(given);
    } catch (error) {
      if (!ClientError.is(error)) throw error;
      const advice = adviceFor(error);
      throw advice === undefined
        ? error
        : new ClientError(error.code, `${sentence(error.message)} ${advice}`, { ...error.options, cause: error });
    }
  }

  /** Every page of a list; `next` reads the number of the following page from an answer. */
  async function pages(
    path: string,
    query: { readonly [name: string]: string | number },
    next: (response: HttpResponse) => number | undefined,
    signal: AbortSignal,
    take: (item: unknown) => void,
  ): Promise<void> {
    let page: number | undefined = 1;
    while (page !== undefined) {
      const response: HttpResponse = await request({
        method: "GET",
        path,
        query: { ...query, page },
        maxBodyBytes: PAGE_BYTES,
        signal,
      });
      const items = response.json();
      if (!Array.isArray(items)) throw unexpected(http, path, "a list");
      for (const item of items) take(item);
      const following = next(response);
      if (following !== undefined && (following <= page || following > MOST_PAGES))
        throw unexpected(http, path, `pages in order, and at most ${MOST_PAGES} of them: ${following} came after ${page}`);
      page = following;
    }
  }

  return { request, pages };
}

/** The error for an answer that a forge is not known to give. */
export function unexpected(http: HttpClient, path: string, what: string): ClientError {
  return new ClientError(
    "malformed",
    `${http.baseUrl}${path} did not answer with ${what}. Is it the address of the forge's API?`,
  );
}
