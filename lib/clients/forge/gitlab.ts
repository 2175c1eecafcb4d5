import { isRecord } from "../../domain/json";
import type { Secret } from "../../domain/secret";
import type { ClientError } from "../client-error";
import { createHttpClient, type HttpClientOptions, type HttpResponse } from "../http";
import { createForgeRequests, unexpected } from "./requests";
import type { ForgeComment, ForgeComments } from "./types";

/** A merge request of GitLab. */
export interface GitlabMergeRequest {
  /** The project's id, or its path: `acme/infra`. */
  readonly project: string;
  /** Its number within the project. */
  readonly iid: number;
  readonly token: Secret;
  /** A job token (CI_JOB_TOKEN) is sent in another header, and may do less. */
  readonly isJobToken: boolean;
  /** For people: `https://gitlab.com/acme/infra`. @default - comments have no address */
  readonly projectUrl?: string;
}

/** GitLab's own limit of a note (app/models/note.rb: "is too long (maximum is 1000000 characters)"). */
const LIMIT = 1_000_000;
/** A page has to stay readable where every note is as long as may be. */
const PER_PAGE = 50;

/** Makes a client of a merge request's notes. `options.baseUrl` is what CI_API_V4_URL names. Contacts nothing yet. */
export function createGitlabComments(options: HttpClientOptions, merge: GitlabMergeRequest): ForgeComments {
  const { project, iid, token, isJobToken, projectUrl } = merge;
  const headers = { [isJobToken ? "job-token" : "private-token"]: token };
  const http = createHttpClient({ ...options, readError, headers });
  const { request, pages } = createForgeRequests(http, (error) => advice(error, merge));
  const notes = `/projects/${encodeURIComponent(project)}/merge_requests/${iid}/notes`;
  const at = (id: number) => `${notes}/${id}`;

  function noteIn(value: unknown, path: string): ForgeComment {
    if (!isRecord(value) || typeof value.id !== "number") throw unexpected(http, path, "a note");
    const { id, body, author, system } = value;
    const url = projectUrl === undefined ? {} : { url: `${projectUrl}/-/merge_requests/${iid}#note_${id}` };
    // What GitLab itself writes ("added 1 commit") is nobody's.
    const by = isRecord(author) && typeof author.id === "number" && system !== true ? String(author.id) : "";
    return { id, body: typeof body === "string" ? body : "", author: by, ...url };
  }

  return {
    what: `merge request !${iid} of ${project}`,
    limit: LIMIT,

    async whoAmI(signal) {
      const path = isJobToken ? "/job" : "/user";
      const answer = (await request({ method: "GET", path, signal })).json();
      const user = isJobToken && isRecord(answer) ? answer.user : answer;
      if (isRecord(user) && typeof user.id === "number") return String(user.id);
      throw unexpected(http, path, "the token's user");
    },

    async find(fits, signal) {
      const found: ForgeComment[] = [];
      const take = (item: unknown) => {
        const note = noteIn(item, notes);
        if (fits(note)) found.push(note);
      };
      await pages(notes, { per_page: PER_PAGE, order_by: "created_at", sort: "asc" }, nextPage, signal, take);
      return found.sort((a, b) => a.id - b.id);
    },

    async create(body, signal) {
      return noteIn((await request({ method: "POST", path: notes, body: { json: { body } }, signal })).json(), notes);
    },

    async update(id, body, signal) {
      const response = await request({ method: "PUT", path: at(id), body: { json: { body } }, expect: [200, 404], signal });
      return response.status === 404 ? undefined : noteIn(response.json(), at(id));
    },

    async delete(id, signal) {
      return (await request({ method: "DELETE", path: at(id), expect: [204, 404], signal })).status !== 404;
    },

    close: () => http.close(),
  };
}

/** `X-Next-Page`, empty on the last one. */
function nextPage({ headers }: HttpResponse): number | undefined {
  const text = headers["x-next-page"]?.trim() ?? "";
  if (text === "") return undefined;
  // What is no number is not in order, which the caller refuses.
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** `{"message":"404 Not found"}`, `{"message":{"note":["is too long"]}}`, `{"error","error_description"}`. */
function readError(body: unknown) {
  if (!isRecord(body)) return undefined;
  const { message, error, error_description: description } = body;
  if (isRecord(message))
    return {
      message: Object.entries(message)
        .map(([field, faults]) => `${field} ${Array.isArray(faults) ? faults.map(String).join(", ") : String(faults)}`)
        .join("; "),
    };
  const texts = [message, error, description].filter((text) => typeof text === "string");
  return texts.length === 0 ? undefined : { message: texts.join(": ") };
}

function advice({ code }: ClientError, { project, iid, isJobToken }: GitlabMergeRequest): string | undefined {
  const wants =
    "Set GITLAB_TOKEN to a project access token with the scope api and the role Reporter or higher, masked, as a CI/CD variable.";
  switch (code) {
    case "unauthenticated":
    case "forbidden":
      if (isJobToken) return `GitLab lets a job's own token (CI_JOB_TOKEN) write no comments. ${wants}`;
      return code === "forbidden"
        ? `The token may not do this. ${wants}`
        : "GITLAB_TOKEN is wrong, revoked, or has expired; a protected variable is not there on branches that are not protected.";
    case "not_found":
      return `There is no merge request !${iid} in project ${project}, or the token may not see it.${isJobToken ? ` ${wants}` : ""}`;
    case "throttled":
    case "server_error":
      return "Nothing is wrong with the request: run it again later.";
    default:
      return undefined;
  }
}
