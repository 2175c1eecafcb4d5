import { checkRegistryHost, isDockerHub } from "./registry-host";

/**
 * The environment variable that says where registry hosts are really asked, `host=URL,host=URL`: mirrors, and registries that a name is
 * lent to. The pipeline sets it and never the code, since a credential goes there.
 */
export const ENDPOINTS_VARIABLE = "REGISTRY_ACCESS_ENDPOINTS";

/** Registry host → URL. */
export interface RegistryEndpoints extends ReadonlyMap<string, string> {}

/** Reads {@link ENDPOINTS_VARIABLE}; for what is none of its form, what is wrong, as a sentence. */
export function readRegistryEndpoints(text: string): RegistryEndpoints | string {
  const endpoints = new Map<string, string>();
  for (const part of text.split(",").map((piece) => piece.trim())) {
    if (part === "") continue;
    const [, host = "", url = ""] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const isUrl = /^https?:\/\/[^/?#@]+\/?$/.test(url) && URL.canParse(url);
    if (!isUrl || checkRegistryHost(host, []) !== undefined)
      return `${ENDPOINTS_VARIABLE} holds ${JSON.stringify(withoutLogin(part))}, which is not host=URL, such as "docker.io=https://mirror.example.com": a registry host, and a URL without path and login.`;
    endpoints.set(keyOf(host), url.replace(/\/$/, ""));
  }
  return endpoints;
}

/** Where a registry host is asked; undefined where that is the host itself. */
export function endpointOf(endpoints: RegistryEndpoints, host: string): string | undefined {
  return endpoints.get(keyOf(host));
}

function keyOf(host: string): string {
  return isDockerHub(host) ? "docker.io" : host;
}

function withoutLogin(part: string): string {
  return part.replace(/\/\/[^/]*@/, "//…@").slice(0, 200);
}
