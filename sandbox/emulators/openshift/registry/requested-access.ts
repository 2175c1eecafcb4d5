/** What a request to `/v2/` asks for: verbs on resources of `image.openshift.io`, and the same as actions of the registry behind. */
export interface RequestedAccess {
  readonly checks: readonly AccessCheck[];
  /** The repositories and the actions that the registry behind is asked for. */
  readonly actions: readonly { readonly repository: string; readonly actions: readonly string[] }[];
}

/** What the API server is asked whether somebody may. */
export interface AccessCheck {
  /** Undefined for what is no project's. */
  readonly namespace?: string;
  /** An image stream. */
  readonly name?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
}

const REPOSITORY_PATH = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\/[^/]*/;
const UPLOAD_PATH = /^\/v2\/(.+)\/blobs\/uploads\//;

/** Nothing but a login for `/v2/` itself; undefined for what is no repository of a project: `<project>/<name>` and nothing longer. */
export function requestedAccess(method: string, url: URL): RequestedAccess | undefined {
  const { pathname } = url;
  if (pathname === "/v2/" || pathname === "/v2") return { checks: [], actions: [] };
  if (pathname === "/v2/_catalog") return { checks: [{ resource: "imagestreams", verb: "list" }], actions: [] };
  const repository = (UPLOAD_PATH.exec(pathname) ?? REPOSITORY_PATH.exec(pathname))?.[1] ?? "";
  const from = method === "POST" ? url.searchParams.get("from") : null;
  const parts = accessOf(repository, method);
  const mounted = from === null ? { checks: [], actions: [] } : accessOf(from, "GET");
  if (parts === undefined || mounted === undefined) return undefined;
  return { checks: [...parts.checks, ...mounted.checks], actions: [...parts.actions, ...mounted.actions] };
}

function accessOf(repository: string, method: string): RequestedAccess | undefined {
  const [namespace, name, ...more] = repository.split("/");
  if (namespace === undefined || namespace === "" || name === undefined || more.length > 0) return undefined;
  const layers = (verb: string): AccessCheck => ({ namespace, name, resource: "imagestreams", subresource: "layers", verb });
  if (method === "GET" || method === "HEAD") return { checks: [layers("get")], actions: [{ repository, actions: ["pull"] }] };
  if (method === "DELETE")
    return { checks: [{ resource: "images", verb: "delete" }], actions: [{ repository, actions: ["delete"] }] };
  return { checks: [layers("update"), layers("get")], actions: [{ repository, actions: ["pull", "push"] }] };
}
