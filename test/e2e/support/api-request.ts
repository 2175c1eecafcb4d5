import { Agent, request } from "undici";
import { readAdministrator } from "../../../sandbox/administrator";
import type { SandboxState } from "../../../sandbox/state";

/** What the API server answered, as it stands on the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly body: RawObject;
}

/** Any object, read loosely: tests look at single fields. */
export interface RawObject {
  readonly kind?: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly annotations?: { readonly [name: string]: string } };
  readonly spec?: { readonly [field: string]: unknown };
  readonly status?: { readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** Asks a sandbox's API server without the product's own client, so that a fault of that one can't hide. */
export type ApiRequest = (
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: object,
  as?: string,
) => Promise<RawAnswer>;

/** As the administrator, or by a ServiceAccount's token. PATCH is a merge patch. */
export async function createApiRequest(state: SandboxState): Promise<ApiRequest> {
  const { ca, certificate, key } = await readAdministrator(state);
  return async (method, path, body, token) => {
    const login = token === undefined ? { cert: certificate, key } : {};
    const dispatcher = new Agent({ connect: { ca, ...login } });
    try {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), "content-type": type };
      const answer = await request(`${state.apiServer}${path}`, {
        dispatcher,
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.body.text();
      // What the API server says of an API behind it that does not answer is plain text.
      const json = text.startsWith("{") ? text : JSON.stringify({ message: text });
      return { status: answer.statusCode, body: JSON.parse(json) as RawObject };
    } finally {
      await dispatcher.close();
    }
  };
}
