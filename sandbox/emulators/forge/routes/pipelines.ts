/** What an apply asks a forge for: which pull request a commit was merged from, and what its pipelines left. */
import { readFileSync } from "node:fs";
import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { type ForgeContext, projectWith, refusal } from "../context";
import { githubLogin } from "./github";
import { gitlabLogin } from "./gitlab";

/** GitHub's. */
export function githubPipelineRoutes(context: ForgeContext): Route[] {
  const idOf = (path: string, isFork: boolean) =>
    (projectWith(context, (project) => project.path === path)?.id ?? 0) + (isFork ? 1000 : 0);
  const get = (path: string, handle: (request: EmulatorRequest, project: string) => Reply): Route => ({
    method: "GET",
    path: `/repos/:owner/:repo${path}`,
    handle(request) {
      const caller = githubLogin(context, request);
      if ("status" in caller) return caller;
      const project = `${request.params.owner}/${request.params.repo}`;
      const isSeen = caller.token.access !== "none" && projectWith(context, ({ path: own }) => own === project) !== undefined;
      return isSeen ? handle(request, project) : refusal(404, "Not Found");
    },
  });
  return [
    get("/commits/:sha/pulls", ({ params }, project) =>
      ok(
        context.store.data.merges
          .filter(({ project: of, merged, head }) => of === project && [merged, head].includes(params.sha ?? ""))
          .map(({ number, head, merged, isFork }) => ({
            number,
            state: "closed",
            merged_at: "2026-11-23T07:00:00Z",
            merge_commit_sha: merged,
            head: { sha: head, repo: { id: idOf(project, isFork) } },
          })),
      ),
    ),
    get("/actions/artifacts", ({ url }, project) => {
      const all = context.store.data.merges.filter((merge) => merge.project === project).flatMap(({ artifacts }) => artifacts);
      const found = all.filter(({ name }) => name === (url.searchParams.get("name") ?? name));
      const artifacts = found.map(({ id, run, name, head, isFork, isExpired }) => ({
        id,
        name,
        expired: isExpired,
        workflow_run: { id: run, repository_id: idOf(project, false), head_repository_id: idOf(project, isFork), head_sha: head },
      }));
      return ok({ total_count: artifacts.length, artifacts });
    }),
  ];
}

/** GitLab's. */
export function gitlabPipelineRoutes(context: ForgeContext): Route[] {
  const get = (path: string, handle: (request: EmulatorRequest, project: string) => Reply): Route => ({
    method: "GET",
    path: `/api/v4/projects/:project${path}`,
    handle(request) {
      const caller = gitlabLogin(context, request);
      if (caller === undefined || caller.token.kind === "job") return refusal(401, "401 Unauthorized");
      const project = projectWith(context, ({ id, path: own }) => [String(id), own].includes(request.params.project ?? ""));
      if (project === undefined || caller.token.access === "none") return refusal(404, "404 Project Not Found");
      return handle(request, project.path);
    },
  });
  const mergesOf = (path: string) => context.store.data.merges.filter(({ project }) => project === path);
  const artifactsOf = (path: string) => mergesOf(path).flatMap(({ artifacts }) => artifacts);
  const show = ({ number, head, merged, isFork }: ReturnType<typeof mergesOf>[number]) => ({
    iid: number,
    state: "merged",
    sha: head,
    merge_commit_sha: merged,
    source_project_id: isFork ? 2 : 1,
    target_project_id: 1,
  });
  return [
    get("/repository/commits/:sha/merge_requests", ({ params }, project) =>
      ok(
        mergesOf(project)
          .filter(({ merged, head }) => [merged, head].includes(params.sha ?? ""))
          .map(show),
      ),
    ),
    get("/merge_requests/:iid", ({ params }, project) => {
      const found = mergesOf(project).find(({ number }) => String(number) === params.iid);
      return found === undefined ? refusal(404, "404 Not found") : ok(show(found));
    }),
    get("/merge_requests/:iid/pipelines", ({ params }, project) => {
      const found = mergesOf(project).find(({ number }) => String(number) === params.iid);
      return ok((found?.artifacts ?? []).map(({ run, head }) => ({ id: run, sha: head, status: "success" })));
    }),
    get("/pipelines/:id/jobs", ({ params }, project) =>
      ok(
        artifactsOf(project)
          .filter(({ run }) => String(run) === params.id)
          .map(({ id, name, isExpired }) => ({
            id,
            name,
            status: "success",
            artifacts_file: isExpired ? null : { filename: "artifacts.zip" },
          })),
      ),
    ),
    get("/jobs/:id/artifacts", ({ params }, project) => {
      const file = artifactsOf(project).find(({ id, isExpired }) => String(id) === params.id && !isExpired)?.file;
      if (file === undefined) return refusal(404, "404 Not found");
      return { status: 200, bytes: readFileSync(file), headers: { "content-type": "application/zip" } };
    }),
  ];
}
