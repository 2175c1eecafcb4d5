import type { Dispatcher } from "undici";
import type { ProxyAddress } from "./proxy";

/** No tunnel through the proxy: nothing of the request has left for the service. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly code = "ERR_PROXY";

  constructor(
    readonly proxy: ProxyAddress,
    /** What the proxy answered, or what broke on the way to it. */
    readonly reason: { readonly status: number } | { readonly error: unknown },
  ) {
    super("the proxy made no connection");
  }
}

/** Has the connections to a proxy fail with a ProxyError, so that no failure of the proxy looks like one of the service. */
export function blameProxy<T extends Pick<Dispatcher, "connect">>(proxy: ProxyAddress, client: T): T {
  const connect: (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = client.connect.bind(client);
  const watched = async (options: Dispatcher.ConnectOptions) => {
    const answer = await connect(options).catch((error: unknown) => {
      throw new ProxyError(proxy, { error });
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on("error", () => undefined).destroy();
    throw new ProxyError(proxy, { status: answer.statusCode });
  };
  return Object.assign(client, { connect: watched });
}
