import { Agent, request } from "undici";

/** Whom we trust and who we are, as PEM texts. */
export interface TlsClient {
  readonly ca: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** An answer of one of the sandbox's own servers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** One request of {@link send}. */
export interface Outgoing {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly tls?: TlsClient;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 10_000;

/** One request, one connection: the sandbox asks its servers little, and leaves nothing open behind it. */
export async function send(url: string, outgoing: Outgoing = {}): Promise<Answer> {
  const { tls } = outgoing;
  const connect =
    tls === undefined ? {} : { ca: tls.ca, ...(tls.certificate && { cert: tls.certificate }), ...(tls.key && { key: tls.key }) };
  const agent = new Agent({ connect, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  try {
    const answer = await request(url, {
      dispatcher: agent,
      method: outgoing.method ?? "GET",
      headers: outgoing.headers ?? {},
      body: outgoing.body ?? null,
      signal: outgoing.signal,
    });
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  } finally {
    await agent.destroy();
  }
}
