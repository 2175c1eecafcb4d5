import type { EmulatorRequest, Reply, Route } from "../../http";
import { ok } from "../../http";
import type { ApiAnswer, ApiObject, KubernetesApi } from "../kubernetes-api";
import { PATHS } from "./names";
import { administratorBinding, forbiddenName, namespaceOf, refusedChange, toProject } from "./project";
import { refuse, succeed } from "./status";

const GROUP = "/apis/project.openshift.io/v1";

/** What the project API does besides. */
export interface ProjectApiOptions {
  /** Called when a project's namespace is made, before the request is answered. */
  readonly made: (namespace: string) => Promise<void>;
}

/**
 * `project.openshift.io/v1` as OpenShift's own API server has it: nothing is stored, a project is a namespace, and a ProjectRequest is
 * answered with the project that was made for it. The API server in front has asked RBAC already, and says who asks.
 */
export function projectRoutes(api: KubernetesApi, { made }: ProjectApiOptions): Route[] {
  return [
    { method: "GET", path: GROUP, handle: () => ok(RESOURCES) },
    { method: "GET", path: `${GROUP}/projectrequests`, handle: () => succeed() },
    { method: "POST", path: `${GROUP}/projectrequests`, handle: (request) => requestProject(api, made, request) },
    {
      method: "GET",
      path: `${GROUP}/projects`,
      async handle({ url }) {
        const query = new URLSearchParams(
          ["labelSelector", "fieldSelector", "limit", "continue"].flatMap((name) => pairOf(url, name)),
        );
        const { status, body } = await api.send("GET", `${PATHS.namespaces}?${query}`);
        if (status !== 200) return { status, json: body };
        const items = (body.items as readonly ApiObject[]).map(toProject);
        return ok({ kind: "ProjectList", apiVersion: "project.openshift.io/v1", metadata: body.metadata, items });
      },
    },
    {
      method: "GET",
      path: `${GROUP}/projects/:name`,
      handle: async ({ params }) => answer(await api.send("GET", namespaceAt(params))),
    },
    { method: "PATCH", path: `${GROUP}/projects/:name`, handle: (request) => patchProject(api, request) },
    {
      method: "DELETE",
      path: `${GROUP}/projects/:name`,
      async handle({ params, body, url }) {
        const options = body === "" ? undefined : JSON.parse(body);
        const gone = await api.send("DELETE", `${namespaceAt(params)}${url.search}`, options);
        return gone.status >= 300 ? { status: gone.status, json: gone.body } : succeed();
      },
    },
  ];
}

const RESOURCES = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: "project.openshift.io/v1",
  resources: [
    {
      name: "projectrequests",
      singularName: "projectrequest",
      namespaced: false,
      kind: "ProjectRequest",
      verbs: ["create", "list"],
    },
    { name: "projects", singularName: "project", namespaced: false, kind: "Project", verbs: ["delete", "get", "list", "patch"] },
  ],
};

async function requestProject(api: KubernetesApi, made: ProjectApiOptions["made"], request: EmulatorRequest): Promise<Reply> {
  const wanted = JSON.parse(request.body) as ApiObject;
  const { name } = wanted.metadata;
  const forbidden = forbiddenName(name);
  if (forbidden !== undefined) {
    return refuse({
      code: 403,
      reason: "Forbidden",
      name,
      message: `project.project.openshift.io ${JSON.stringify(name)} is forbidden: ${forbidden}`,
    });
  }
  const taken = (): Reply =>
    refuse({
      code: 409,
      reason: "AlreadyExists",
      name,
      message: `project.project.openshift.io ${JSON.stringify(name)} already exists`,
    });
  const namespaces = await api.list(PATHS.namespaces);
  if (namespaces.some(({ metadata }) => metadata.name === name)) return taken();
  const requester = String(request.headers["x-remote-user"] ?? "");
  const dryRun = request.url.searchParams.get("dryRun") === "All";
  const namespace = namespaceOf(wanted, requester);
  const created = await api.send("POST", `${PATHS.namespaces}${dryRun ? "?dryRun=All" : ""}`, namespace);
  if (created.status === 409) return taken();
  if (created.status !== 201) return { status: created.status, json: created.body };
  if (!dryRun) {
    await api.send("POST", PATHS.roleBindings(name), administratorBinding(requester));
    await made(name);
  }
  return { status: 201, json: toProject(created.body) };
}

/** Descriptions and display names alone can be changed through a project. */
async function patchProject(api: KubernetesApi, { params, headers, body }: EmulatorRequest): Promise<Reply> {
  if (!/^application\/(strategic-)?merge-patch\+json/.test(String(headers["content-type"]))) {
    return refuse({
      code: 415,
      reason: "UnsupportedMediaType",
      message: "the body of the request was in an unknown format - accepted media types include: application/merge-patch+json",
    });
  }
  const { metadata } = JSON.parse(body) as {
    metadata?: { annotations?: Record<string, string | null>; resourceVersion?: string; uid?: string };
  };
  const before = await api.send("GET", namespaceAt(params));
  if (before.status !== 200) return answer(before);
  const annotations = metadata?.annotations ?? {};
  const refused = refusedChange(before.body.metadata.annotations, annotations);
  if (refused !== undefined) {
    const name = String(params.name);
    return refuse({
      code: 422,
      reason: "Invalid",
      name,
      message: `Project.project.openshift.io ${JSON.stringify(name)} is invalid: ${refused}`,
    });
  }
  const { resourceVersion, uid } = metadata ?? {};
  const change = { metadata: { annotations, ...(resourceVersion && { resourceVersion }), ...(uid && { uid }) } };
  return answer(await api.send("PATCH", namespaceAt(params), change, "application/merge-patch+json"));
}

function answer({ status, body }: ApiAnswer): Reply {
  return { status, json: status >= 300 ? body : toProject(body) };
}

function namespaceAt(params: EmulatorRequest["params"]): string {
  return `${PATHS.namespaces}/${encodeURIComponent(String(params.name))}`;
}

function pairOf(url: URL, name: string): [string, string][] {
  const value = url.searchParams.get(name);
  return value === null ? [] : [[name, value]];
}
