import type { EmulatorRequest, Reply, Route } from "../../http";
import { ok } from "../../http";
import { bodyText, type Caller, callerOf, type ForgeContext, pageOf, projectWith, refusal } from "../context";
import { addComment, type CommentRecord, removeComment } from "../store";

const LIMIT = 1_000_000;
const NOTES = "/api/v4/projects/:project/merge_requests/:iid/notes";

/** GitLab's: notes of merge requests, and whose a token is. */
export function gitlabRoutes(context: ForgeContext): Route[] {
  const { store, config } = context;

  /** A route for whoever has a token, in a merge request that it sees. A job's token gets in nowhere here, as with GitLab. */
  function route(
    method: string,
    path: string,
    handle: (request: EmulatorRequest, caller: Caller, project: string) => Reply,
  ): Route {
    return {
      method,
      path: `${NOTES}${path}`,
      handle(request) {
        const caller = gitlabLogin(context, request);
        if (caller === undefined || caller.token.kind === "job") return refusal(401, "401 Unauthorized");
        const { project: wanted, iid } = request.params;
        const seen = caller.token.access !== "none";
        const named = ({ id, path: own }: { id: number; path: string }) => String(id) === wanted || own === wanted;
        if (!seen || projectWith(context, named) === undefined) return refusal(404, "404 Project Not Found");
        const project = projectWith(context, named, Number(iid));
        if (project === undefined) return refusal(404, "404 Not found");
        if (method !== "GET" && caller.token.access !== "write") return refusal(403, "403 Forbidden");
        return handle(request, caller, project.path);
      },
    };
  }

  const notesOf = (path: string, iid: string | undefined) =>
    store.data.comments.filter(({ forge, project, number }) => forge === "gitlab" && project === path && String(number) === iid);
  const one = ({ params }: EmulatorRequest, project: string) =>
    notesOf(project, params.iid).find(({ id }) => String(id) === params.id);
  const show = ({ id, author, body, system, createdAt, updatedAt }: CommentRecord) => ({
    id,
    body,
    author: { id: config.users.find(({ login: name }) => name === author)?.id ?? 0, username: author },
    system,
    created_at: createdAt,
    updated_at: updatedAt,
  });

  return [
    {
      method: "GET",
      path: "/api/v4/user",
      handle(request) {
        const caller = gitlabLogin(context, request);
        if (caller === undefined || caller.token.kind === "job") return refusal(401, "401 Unauthorized");
        return ok({ id: caller.user.id, username: caller.user.login });
      },
    },
    {
      method: "GET",
      path: "/api/v4/job",
      handle(request) {
        const caller = gitlabLogin(context, request);
        if (caller?.token.kind !== "job") return refusal(401, "401 Unauthorized");
        return ok({ id: 1, user: { id: caller.user.id, username: caller.user.login } });
      },
    },
    route("GET", "", (request, _, project) => {
      const isAscending = request.url.searchParams.get("sort") === "asc";
      const all = [...notesOf(project, request.params.iid)];
      if (!isAscending) all.reverse();
      const { page, last, size, items } = pageOf(request.url, all, 20);
      const headers = {
        "x-page": String(page),
        "x-per-page": String(size),
        "x-next-page": page < last ? String(page + 1) : "",
        "x-prev-page": page > 1 ? String(page - 1) : "",
        "x-total": String(all.length),
        "x-total-pages": String(last),
      };
      return { status: 200, json: items.map(show), headers };
    }),
    route("POST", "", (request, { user }, project) => {
      const body = checked(request);
      if (typeof body !== "string") return body;
      const added = addComment(store, { forge: "gitlab", project, number: Number(request.params.iid), author: user.login, body });
      request.note(`note ${added.id} by ${user.login}`);
      return { status: 201, json: show(added) };
    }),
    route("PUT", "/:id", (request, _, project) => {
      const found = one(request, project);
      if (found === undefined) return refusal(404, "404 Note Not Found");
      const body = checked(request);
      if (typeof body !== "string") return body;
      Object.assign(found, { body, updatedAt: new Date().toISOString() });
      store.save();
      return ok(show(found));
    }),
    route("DELETE", "/:id", (request, _, project) => {
      const found = one(request, project);
      if (found === undefined) return refusal(404, "404 Note Not Found");
      removeComment(store, found);
      return { status: 204 };
    }),
  ];
}

/** Who calls. A token in the other's header is none. */
export function gitlabLogin(context: ForgeContext, { headers }: EmulatorRequest): Caller | undefined {
  const text = (name: string) => (headers[name] === undefined ? undefined : String(headers[name]));
  const caller = callerOf(context, text("private-token") ?? text("job-token"));
  const isByJob = headers["private-token"] === undefined;
  return caller !== undefined && (caller.token.kind === "job") === isByJob ? caller : undefined;
}

function checked(request: EmulatorRequest): string | Reply {
  const body = bodyText(request);
  if (body === undefined) return { status: 400, json: { error: "body is missing" } };
  if (body.trim() === "") return refusal(400, { note: ["can't be blank"] });
  return [...body].length > LIMIT ? refusal(400, { note: [`is too long (maximum is ${LIMIT} characters)`] }) : body;
}
