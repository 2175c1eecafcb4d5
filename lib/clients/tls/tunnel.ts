import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { portOf, unbracketed } from "../http/address";
import type { Environment } from "../http/certificate-bundles";
import { findProxy, type ProxyAddress } from "../http/proxy";
import { ProxyError } from "../http/proxy-error";
import { createProxyTrust } from "../http/trust";

/**
 * A connection to a host: direct, or through the proxy that the environment names for it, by the rules of all clients.
 * @throws ProxyError where the proxy made no connection; the system's error where the host did
 */
export async function openConnection(url: URL, env: Environment, signal: AbortSignal): Promise<Socket> {
  const proxy = findProxy(url, undefined, env);
  return proxy === undefined ? openDirectly(url, signal) : openThrough(proxy, url, env, signal);
}

function openDirectly(url: URL, signal: AbortSignal): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ host: unbracketed(url.hostname), port: portOf(url) });
    const stop = () => socket.destroy(new Error("stopped"));
    signal.addEventListener("abort", stop, { once: true });
    const end = () => signal.removeEventListener("abort", stop);
    socket.once("error", (error) => {
      end();
      fail(error);
    });
    socket.once("connect", () => {
      end();
      socket.removeAllListeners("error");
      done(socket);
    });
  });
}

/** HTTP CONNECT (RFC 9110 §9.3.6). */
async function openThrough(proxy: ProxyAddress, url: URL, env: Environment, signal: AbortSignal): Promise<Socket> {
  const { protocol, hostname, port } = new URL(proxy.uri);
  const isSecure = protocol === "https:";
  const target = `${url.hostname}:${portOf(url)}`;
  const secure = isSecure ? { secureContext: await createProxyTrust(proxy, env) } : {};
  return new Promise((done, fail) => {
    const request = (isSecure ? httpsRequest : httpRequest)({
      ...secure,
      host: unbracketed(hostname),
      port: port === "" ? (isSecure ? 443 : 80) : Number(port),
      method: "CONNECT",
      path: target,
      agent: false,
      signal,
      headers: {
        host: target,
        ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization.reveal() }),
      },
    });
    request.once("error", (error) => fail(new ProxyError(proxy, { error })));
    request.once("response", ({ statusCode = 0 }) => {
      request.destroy();
      fail(new ProxyError(proxy, { status: statusCode }));
    });
    request.once("connect", ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) return done(socket);
      socket.on("error", () => undefined).destroy();
      fail(new ProxyError(proxy, { status: statusCode }));
    });
    request.end();
  });
}
