import { readFileSync } from "node:fs";
import { Agent, request } from "undici";

/** How a part of OpenShift reaches the API server: by its own client certificate. */
export interface ApiAccess {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** PEM: signs the server's certificate. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Any object of the API. */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly spec?: { readonly [field: string]: unknown };
  readonly status?: { readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** As much of an object's metadata as is read here. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly generation?: number;
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[];
  readonly [field: string]: unknown;
}

/** Labels or annotations. */
export interface Texts {
  readonly [name: string]: string;
}

/** What the API server said. */
export interface ApiAnswer {
  readonly status: number;
  /** An object, a list, or a Status. */
  readonly body: ApiObject;
}

/** The API server, as the parts of OpenShift use it. */
export interface KubernetesApi {
  send(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown, type?: string): Promise<ApiAnswer>;
  /** Undefined where there is none. @throws on any other failure */
  get(path: string): Promise<ApiObject | undefined>;
  list(path: string): Promise<readonly ApiObject[]>;
  /** Makes an object as it says, or changes the one that is there. @throws where that is refused */
  apply(path: string, object: object): Promise<void>;
  /** A JSON merge patch. @throws where that is refused */
  patch(path: string, change: object): Promise<void>;
  /** Gone before is fine too. @throws where that is refused */
  delete(path: string): Promise<void>;
  /** Calls back now and after every change of a collection, until the signal. What it watches may be gone for a while. */
  onChange(path: string, changed: () => void, signal: AbortSignal): void;
  close(): Promise<void>;
}

const MANAGER = "openshift-sandbox";
const AGAIN_MS = 500;
const HEADERS_MS = 10_000;

/** Contacts nothing yet. */
export function createKubernetesApi({ server, caFile, certificateFile, keyFile }: ApiAccess): KubernetesApi {
  const [ca, cert, key] = [caFile, certificateFile, keyFile].map((file) => readFileSync(file, "utf8"));
  // A watch may be silent for long; an answer that does not begin is asked for again.
  const agent = new Agent({ connect: { ca, cert, key } as object, bodyTimeout: 0, headersTimeout: HEADERS_MS });

  const send: KubernetesApi["send"] = async (method, path, body, type = "application/json") => {
    const answer = await request(`${server}${path}`, {
      dispatcher: agent,
      method,
      headers: { accept: "application/json", ...(body !== undefined && { "content-type": type }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as ApiObject };
  };
  const well = ({ status, body }: ApiAnswer, what: string): ApiObject => {
    if (status >= 300) throw new Error(`${what}: ${status} ${String(body.message)}`);
    return body;
  };

  /** Follows one watch to its end. */
  async function follow(path: string, changed: () => void, signal: AbortSignal): Promise<void> {
    const query = `${path.includes("?") ? "&" : "?"}watch=true&allowWatchBookmarks=false`;
    const answer = await request(`${server}${path}${query}`, { dispatcher: agent, signal });
    if (answer.statusCode !== 200) throw new Error(`watch ${path}: ${answer.statusCode}`);
    // A change is only a reason to look: what a line says does not matter.
    for await (const _chunk of answer.body) changed();
  }

  return {
    send,
    async get(path) {
      const answer = await send("GET", path);
      return answer.status === 404 ? undefined : well(answer, `GET ${path}`);
    },
    async list(path) {
      return well(await send("GET", path), `GET ${path}`).items as readonly ApiObject[];
    },
    async apply(path, object) {
      const query = `?fieldManager=${MANAGER}&force=true`;
      well(await send("PATCH", `${path}${query}`, object, "application/apply-patch+yaml"), `apply ${path}`);
    },
    async patch(path, change) {
      well(await send("PATCH", `${path}?fieldManager=${MANAGER}`, change, "application/merge-patch+json"), `patch ${path}`);
    },
    async delete(path) {
      const answer = await send("DELETE", path);
      if (answer.status !== 404) well(answer, `delete ${path}`);
    },
    onChange(path, changed, signal) {
      const run = async (): Promise<void> => {
        while (!signal.aborted) {
          await follow(path, changed, signal).catch(() => undefined);
          if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        }
      };
      void run();
    },
    close: () => agent.destroy(),
  };
}
