import type { HttpClientOptions } from "../http";

/**
 * The options for a host that a registry names, its token server or storage: what identifies the registry and the caller in TLS is
 * left out, and so is a certificate that need not be checked, but at the registry's own address.
 */
export function optionsAt<T extends Omit<HttpClientOptions, "baseUrl">>(origin: string, registry: string, options: T) {
  const { serverName, cert, key, insecure, ...rest } = options;
  return { ...(origin === new URL(registry).origin ? options : rest), baseUrl: origin };
}

/** Path and query of a `Location` as they stand there: it may be signed, and a URL changes quotes and dots (WHATWG URL). */
export function readTarget(location: string, url: URL): { readonly path: string; readonly rawQuery: string } {
  const { path, rawQuery } =
    /^(?:https?:\/\/[^/?#]+)?(?<path>\/(?!\/)[^?#]*)(?<rawQuery>\?[^#]*)?(?:#.*)?$/i.exec(location)?.groups ?? {};
  // What could not be sent so is sent as a URL has it.
  if (path === undefined || !/^[\x21-\x5b\x5d-\x7e]+$/.test(location)) return { path: url.pathname, rawQuery: url.search };
  return { path, rawQuery: rawQuery ?? "" };
}
