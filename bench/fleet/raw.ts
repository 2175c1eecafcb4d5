/** Bare requests, without anything that a client needs besides: what the machine and the API server can do at most. */
import { Pool } from "undici";
import type { SandboxState } from "../../sandbox";
import { readAdministrator } from "../../sandbox/administrator";

const PAGE = 500;

/** One request. */
export interface RawRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** Connections to the API server, kept alive. */
export interface RawClient {
  /** The body of the answer, parsed. Throws for anything but 2xx. */
  send(request: RawRequest): Promise<unknown>;
  /** All of them, with as many under way as there are connections. Calls of `done` tell how many are answered. */
  sendAll(requests: readonly RawRequest[], done?: (count: number) => void): Promise<void>;
  /** All objects of a collection, page by page. */
  list<T>(path: string, fieldSelector?: string): Promise<T[]>;
  close(): Promise<void>;
}

/** Opens them, as the sandbox's administrator. */
export async function openRaw(state: SandboxState, connections: number, signal: AbortSignal): Promise<RawClient> {
  const { ca, certificate, key } = await readAdministrator(state);
  const pool = new Pool(state.apiServer, { connections, connect: { ca, cert: certificate, key } });

  async function answer({ method, path, body }: RawRequest): Promise<string> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const payload = body && JSON.stringify(body);
    const response = await pool.request({
      method,
      path,
      signal,
      ...(payload && { body: payload, headers: { "content-type": type } }),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`);
    return text;
  }
  const client: RawClient = {
    send: async (request) => JSON.parse(await answer(request)) as unknown,
    async sendAll(requests, done) {
      let [next, answered] = [0, 0];
      const work = async (): Promise<void> => {
        for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
          await answer(request);
          done?.(++answered);
        }
      };
      await Promise.all(Array.from({ length: connections }, work));
    },
    async list<T>(path: string, fieldSelector?: string) {
      const items: T[] = [];
      let token = "";
      do {
        const query = new URLSearchParams({ limit: String(PAGE), ...(fieldSelector && { fieldSelector }) });
        if (token !== "") query.set("continue", token);
        const page = (await client.send({ method: "GET", path: `${path}?${query}` })) as ListPage<T>;
        items.push(...page.items);
        token = page.metadata.continue ?? "";
      } while (token !== "");
      return items;
    },
    close: () => pool.destroy(),
  };
  return client;
}

interface ListPage<T> {
  readonly items: readonly T[];
  readonly metadata: { readonly continue?: string };
}
