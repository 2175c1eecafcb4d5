/** Clients and servers of the tests of lib/clients/http, closed after each test. */
import { ClientError } from "../../../lib/clients/client-error";
import { createHttpClient, type HttpClientOptions, type HttpRequest } from "../../../lib/clients/http";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";

const servers: { close(): Promise<void> }[] = [];
const clients: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await closeClients();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Closes the test's clients, where a server of another kind has to end after them. */
export async function closeClients(): Promise<void> {
  await Promise.all(clients.splice(0).map((client) => client.close()));
}

/** Has a server of another kind closed after the test. */
export function closeLater(server: { close(): Promise<void> }): void {
  servers.push(server);
}

/** Starts a server. */
export async function serve(
  answer: (request: Received, count: number) => Answer,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  const server = await startTestServer(answer, tls);
  servers.push(server);
  return server;
}

/** A client whose waiting takes no time; `slept` says what it would have waited. */
export function clientOf(baseUrl: string, options: Partial<HttpClientOptions> = {}) {
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  const client = createHttpClient({ baseUrl, sleep, random: () => 0.5, env: {}, ...options });
  clients.push(client);
  const request = (request: Partial<HttpRequest>) =>
    client.request({ method: "GET", path: "/thing", signal: AbortSignal.timeout(10_000), ...request });
  return { request, slept };
}

/** A proxy that a configuration names. */
export function by(url: string): Pick<HttpClientOptions, "proxy"> {
  return { proxy: { url, setting: "proxy_url" } };
}

/** How it fails. Throws where it does not, or in another way than our clients do. */
export async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (ClientError.is(error)) return error;
  throw new Error(`no ClientError: ${String(error)}`);
}

/** Breaks the connection off. */
export const reset: Answer = (response) => response.destroy();
