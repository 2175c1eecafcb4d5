import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { createHttpClient, type HttpClientOptions, type HttpResponse } from "../http";
import { createForgeRequests, unexpected } from "./requests";
import type { ForgeComment, ForgeComments } from "./types";

/** A pull request of GitHub, or of GitHub Enterprise Server. */
export interface GithubPullRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly token: Secret;
  /** @default - beside the API: `/graphql`, or `/api/graphql` of GitHub Enterprise Server's `/api/v3` */
  readonly graphqlUrl?: string;
}

/** What GitHub says of a longer one: "Body is too long (maximum is 65536 characters)". */
const LIMIT = 65_536;
const HEADERS = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };

/** Makes a client of a pull request's comments. `options.baseUrl` is what GITHUB_API_URL names. Contacts nothing yet. */
export function createGithubComments(
  options: HttpClientOptions,
  { repository, number, token, graphqlUrl }: GithubPullRequest,
): ForgeComments {
  const common = { ...options, readError, headers: { ...HEADERS, authorization: Secret.of(`Bearer ${token.reveal()}`) } };
  const http = createHttpClient(common);
  // Its path is no part of the REST API's.
  const graphql = createHttpClient({ ...common, baseUrl: graphqlUrl ?? http.baseUrl.replace(/(\/api)\/v3$|$/, "$1/graphql") });
  const adviceFor = (error: ClientError) => advice(error, repository, number);
  const { request, pages } = createForgeRequests(http, adviceFor);
  const viewer = createForgeRequests(graphql, adviceFor);
  const repo = `/repos/${repository.split("/").map(encodeURIComponent).join("/")}`;
  const comments = `${repo}/issues/${number}/comments`;
  const at = (id: number) => `${repo}/issues/comments/${id}`;

  function commentIn(value: unknown, path: string): ForgeComment {
    const comment = readComment(value);
    if (comment === undefined) throw unexpected(http, path, "a comment");
    return comment;
  }

  return {
    what: `pull request #${number} of ${repository}`,
    limit: LIMIT,

    // GET /user refuses the tokens of Actions and of Apps; this query answers them, too.
    async whoAmI(signal) {
      const json = { query: "query { viewer { login } }" };
      const response = await viewer.request({ method: "POST", path: "", body: { json }, idempotent: true, signal });
      const answer = response.json();
      const data = isRecord(answer) && isRecord(answer.data) ? answer.data.viewer : undefined;
      if (isRecord(data) && typeof data.login === "string" && data.login !== "") return data.login;
      throw unexpected(graphql, "", "the login of the token");
    },

    async find(fits, signal) {
      const found: ForgeComment[] = [];
      const take = (item: unknown) => {
        const comment = commentIn(item, comments);
        if (fits(comment)) found.push(comment);
      };
      await pages(comments, { per_page: 100 }, nextPage, signal, take);
      return found.sort((a, b) => a.id - b.id);
    },

    async create(body, signal) {
      const response = await request({ method: "POST", path: comments, body: { json: { body } }, signal });
      return commentIn(response.json(), comments);
    },

    async update(id, body, signal) {
      const call = { method: "PATCH", path: at(id), body: { json: { body } }, idempotent: true } as const;
      const response = await request({ ...call, expect: [200, 404], signal });
      return response.status === 404 ? undefined : commentIn(response.json(), at(id));
    },

    async delete(id, signal) {
      const response = await request({ method: "DELETE", path: at(id), expect: [204, 404], signal });
      return response.status !== 404;
    },

    async close() {
      await Promise.all([http.close(), graphql.close()]);
    },
  };
}

/** A deleted account's comments have no user. */
function readComment(value: unknown): ForgeComment | undefined {
  if (!isRecord(value) || typeof value.id !== "number") return undefined;
  const { id, body, user, html_url: url } = value;
  const author = isRecord(user) && typeof user.login === "string" ? user.login : "";
  return { id, body: typeof body === "string" ? body : "", author, ...(typeof url === "string" ? { url } : {}) };
}

/** `Link: <…?page=2>; rel="next", <…>; rel="last"`: of its address only the page's number is taken. */
function nextPage({ headers }: HttpResponse): number | undefined {
  const [, address] = /<([^<>]{1,2000})>; *rel="next"/.exec(headers.link ?? "") ?? [];
  if (address === undefined) return undefined;
  const page = URL.canParse(address) ? Number(new URL(address).searchParams.get("page")) : Number.NaN;
  // Not in order, which the caller refuses.
  return Number.isInteger(page) ? page : 0;
}

/** `{"message","errors":[{"resource","code","field","message"}]}` */
function readError(body: unknown) {
  if (!isRecord(body) || typeof body.message !== "string") return undefined;
  const details = (Array.isArray(body.errors) ? body.errors : []).flatMap((error: unknown) => {
    if (!isRecord(error)) return typeof error === "string" ? [error] : [];
    if (typeof error.message === "string") return [error.message];
    return [[error.field, error.code].filter((part) => typeof part === "string").join(" ")];
  });
  return { message: [body.message, ...details.filter((detail) => detail !== "")].join(": ") };
}

function advice(error: ClientError, repository: string, number: number): string | undefined {
  switch (error.code) {
    case "unauthenticated":
      return "GITHUB_TOKEN is wrong, or has expired.";
    case "forbidden":
      return /rate limit/i.test(error.message)
        ? "The token's rate limit is used up: run it again later."
        : "The token may not do this. In GitHub Actions give the job permissions: { contents: read, pull-requests: write }; a pull request from a fork gets a token that only reads.";
    case "not_found":
      return `There is no pull request #${number} in ${repository}, or the token may not see it.`;
    case "throttled":
    case "server_error":
      return "Nothing is wrong with the request: run it again later.";
    default:
      return undefined;
  }
}
