import { bearerToken, type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { bodyText, type Caller, callerOf, type ForgeContext, pageOf, projectWith, refusal } from "../context";
import { addComment, type CommentRecord, removeComment } from "../store";

/** "Body is too long (maximum is 65536 characters)". */
const LIMIT = 65_536;

/** GitHub's: issue comments, which a pull request's are, and the GraphQL query that tells whose a token is. */
export function githubRoutes(context: ForgeContext): Route[] {
  const { store } = context;
  const inProject = (request: EmulatorRequest, number?: number) =>
    projectWith(context, ({ path }) => path === `${request.params.owner}/${request.params.repo}`, number);

  /** A route for whoever has a token, in a repository that it sees. */
  function route(method: string, path: string, handle: (request: EmulatorRequest, caller: Caller) => Reply): Route {
    return {
      method,
      path: `/repos/:owner/:repo/issues${path}`,
      handle(request) {
        const caller = githubLogin(context, request);
        if ("status" in caller) return caller;
        const number = request.params.number === undefined ? undefined : Number(request.params.number);
        const isSeen = inProject(request, number) !== undefined && caller.token.access !== "none";
        if (!isSeen) return refusal(404, "Not Found");
        if (method !== "GET" && caller.token.access !== "write") return refusal(403, "Resource not accessible by integration");
        return handle(request, caller);
      },
    };
  }

  function one({ params }: EmulatorRequest): CommentRecord | undefined {
    return store.data.comments.find(
      ({ id, forge, project }) => forge === "github" && String(id) === params.id && project === `${params.owner}/${params.repo}`,
    );
  }

  const show = (request: EmulatorRequest, { id, project, number, author, body, createdAt, updatedAt }: CommentRecord) => ({
    id,
    url: `${request.url.origin}/repos/${project}/issues/comments/${id}`,
    html_url: `https://github.example.com/${project}/pull/${number}#issuecomment-${id}`,
    user: { login: author, type: author.endsWith("[bot]") ? "Bot" : "User" },
    body,
    created_at: createdAt,
    updated_at: updatedAt,
  });

  return [
    {
      method: "GET",
      path: "/user",
      handle(request) {
        const caller = githubLogin(context, request);
        if ("status" in caller) return caller;
        if (caller.token.kind !== "user") return refusal(403, "Resource not accessible by integration");
        return ok({ id: caller.user.id, login: caller.user.login });
      },
    },
    {
      method: "POST",
      path: "/graphql",
      handle(request) {
        const caller = githubLogin(context, request);
        if ("status" in caller) return caller;
        if (!/\bviewer\s*\{\s*login\s*\}/.test(request.body))
          return ok({ errors: [{ message: "The emulator knows but the viewer." }] });
        return ok({ data: { viewer: { login: caller.user.login } } });
      },
    },
    route("GET", "/:number/comments", (request) => {
      const all = store.data.comments.filter(
        ({ forge, project, number }) =>
          forge === "github" &&
          project === `${request.params.owner}/${request.params.repo}` &&
          String(number) === request.params.number,
      );
      const { page, last, items } = pageOf(request.url, all, 30);
      const link = (to: number, rel: string) => {
        const url = new URL(request.url);
        url.searchParams.set("page", String(to));
        return `<${url}>; rel="${rel}"`;
      };
      const links = [
        ...(page > 1 ? [link(page - 1, "prev")] : []),
        ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
        ...(page > 1 ? [link(1, "first")] : []),
      ];
      const json = items.map((comment) => show(request, comment));
      return { status: 200, json, ...(links.length > 0 && { headers: { link: links.join(", ") } }) };
    }),
    route("POST", "/:number/comments", (request, { user }) => {
      const body = checked(request);
      if (typeof body !== "string") return body;
      const project = `${request.params.owner}/${request.params.repo}`;
      const added = addComment(store, {
        forge: "github",
        project,
        number: Number(request.params.number),
        author: user.login,
        body,
      });
      request.note(`comment ${added.id} by ${user.login}`);
      return { status: 201, json: show(request, added) };
    }),
    route("PATCH", "/comments/:id", (request) => {
      const found = one(request);
      if (found === undefined) return refusal(404, "Not Found");
      const body = checked(request);
      if (typeof body !== "string") return body;
      // Whoever may write may also edit what others wrote: GitHub allows it.
      Object.assign(found, { body, updatedAt: new Date().toISOString() });
      store.save();
      return ok(show(request, found));
    }),
    route("DELETE", "/comments/:id", (request) => {
      const found = one(request);
      if (found === undefined) return refusal(404, "Not Found");
      removeComment(store, found);
      return { status: 204 };
    }),
  ];
}

/** Who calls, or the refusal. */
export function githubLogin(context: ForgeContext, { headers }: EmulatorRequest): Caller | Reply {
  if (headers["user-agent"] === undefined)
    return {
      status: 403,
      text: "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
    };
  if (headers.authorization === undefined) return refusal(401, "Requires authentication");
  return callerOf(context, bearerToken(headers)) ?? refusal(401, "Bad credentials");
}

function checked(request: EmulatorRequest): string | Reply {
  const body = bodyText(request);
  const invalid = (error: object) => ({ status: 422, json: { message: "Validation Failed", errors: [error] } });
  if (body === undefined || body.trim() === "")
    return invalid({ resource: "IssueComment", code: "missing_field", field: "body" });
  if ([...body].length <= LIMIT) return body;
  return invalid({
    resource: "IssueComment",
    code: "unprocessable",
    field: "data",
    message: `Body is too long (maximum is ${LIMIT} characters)`,
  });
}
