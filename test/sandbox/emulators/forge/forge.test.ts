import { type Forge, startForge, TOKENS } from "../../../cli/support/forge";

let forge: Forge;
beforeAll(async () => {
  forge = await startForge();
});
afterAll(() => forge?.stop());
beforeEach(() => forge.control.clearComments());

const LIST = "/repos/acme/infra/issues/7/comments";
const NOTES = "/api/v4/projects/acme%2Finfra/merge_requests/7/notes";

async function ask(name: "github" | "gitlab", method: string, path: string, body?: object, headers: object = {}) {
  const login = name === "github" ? { authorization: `Bearer ${TOKENS.workflow}` } : { "private-token": TOKENS.project };
  const init = { method, headers: { ...login, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${forge.urls[name].url}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}
const fill = async (name: "github" | "gitlab", count: number) => {
  for (let index = 1; index <= count; index++)
    await forge.control.write({ forge: name, project: "acme/infra", number: 7, author: "eve", body: `${index}` });
};

test("GitHub: pages of 30 where nothing is said, with links", async () => {
  await fill("github", 65);
  const first = await ask("github", "GET", LIST);
  const at = (page: number) => `<${forge.urls.github.url}${LIST}?page=${page}>`;
  expect(first.body).toHaveLength(30);
  expect(first.headers.get("link")).toBe(`${at(2)}; rel="next", ${at(3)}; rel="last"`);
  const last = await ask("github", "GET", `${LIST}?page=3`);
  expect([last.body.length, last.body[4].body]).toEqual([5, "65"]);
  expect(last.headers.get("link")).toBe(`${at(2)}; rel="prev", ${at(1)}; rel="first"`);
  expect((await ask("github", "GET", `${LIST}?per_page=100`)).headers.get("link")).toBeNull();
});

test("GitLab: pages of 20, newest first where nothing is said, with numbers", async () => {
  await fill("gitlab", 45);
  const first = await ask("gitlab", "GET", NOTES);
  expect([first.body.length, first.body[0].body, first.headers.get("x-next-page")]).toEqual([20, "45", "2"]);
  const last = await ask("gitlab", "GET", `${NOTES}?page=3&sort=asc`);
  expect([last.body.length, last.body[0].body, last.headers.get("x-next-page")]).toEqual([5, "41", ""]);
});

test("comments are made, changed and deleted, and known by their forge alone", async () => {
  for (const [name, list, one, change] of [
    ["github", LIST, "/repos/acme/infra/issues/comments", "PATCH"],
    ["gitlab", NOTES, NOTES, "PUT"],
  ] as const) {
    const made = await ask(name, "POST", list, { body: "x" });
    expect([made.status, made.body.body]).toEqual([201, "x"]);
    expect((await ask(name, change, `${one}/${made.body.id}`, { body: "y" })).body.body).toBe("y");
    expect((await ask(name, "DELETE", `${one}/${made.body.id}`)).status).toBe(204);
    expect((await ask(name, "DELETE", `${one}/${made.body.id}`)).status).toBe(404);
    expect((await ask(name, "GET", list)).body).toEqual([]);
  }
});

const GITHUB_LONG = {
  resource: "IssueComment",
  code: "unprocessable",
  field: "data",
  message: "Body is too long (maximum is 65536 characters)",
};
const refusals: { readonly [name: string]: readonly [() => ReturnType<typeof ask>, number, unknown] } = {
  "GitHub: no token": [() => ask("github", "GET", LIST, undefined, { authorization: "" }), 401, "Bad credentials"],
  "GitHub: a workflow asks who it is": [() => ask("github", "GET", "/user"), 403, "Resource not accessible by integration"],
  "GitHub: a fork's token writes": [
    () => ask("github", "POST", LIST, { body: "x" }, { authorization: `Bearer ${TOKENS.fork}` }),
    403,
    "Resource not accessible by integration",
  ],
  "GitHub: a private repository": [
    () => ask("github", "GET", LIST, undefined, { authorization: `Bearer ${TOKENS.outsider}` }),
    404,
    "Not Found",
  ],
  "GitHub: no such pull request": [() => ask("github", "GET", LIST.replace("7", "99")), 404, "Not Found"],
  "GitHub: an empty comment": [() => ask("github", "POST", LIST, { body: " " }), 422, "Validation Failed"],
  "GitHub: a comment that is too long": [
    () => ask("github", "POST", LIST, { body: "x".repeat(65_537) }),
    422,
    "Validation Failed",
  ],
  "GitLab: a job's token": [
    () => ask("gitlab", "GET", NOTES, undefined, { "private-token": TOKENS.job }),
    401,
    "401 Unauthorized",
  ],
  "GitLab: no such merge request": [() => ask("gitlab", "GET", NOTES.replace("7", "99")), 404, "404 Not found"],
  "GitLab: an empty note": [() => ask("gitlab", "POST", NOTES, { body: " " }), 400, { note: ["can't be blank"] }],
  "GitLab: a note that is too long": [
    () => ask("gitlab", "POST", NOTES, { body: "x".repeat(1_000_001) }),
    400,
    { note: ["is too long (maximum is 1000000 characters)"] },
  ],
};

test.each(Object.entries(refusals))("refuses %s", async (name, [call, status, message]) => {
  const answer = await call();
  expect([answer.status, answer.body.message]).toEqual([status, message]);
  if (name.endsWith("too long") && name.startsWith("GitHub")) expect(answer.body.errors).toEqual([GITHUB_LONG]);
});

test("whose a token is", async () => {
  const query = { query: "query { viewer { login } }" };
  expect((await ask("github", "POST", "/graphql", query)).body).toEqual({ data: { viewer: { login: "github-actions[bot]" } } });
  expect((await ask("gitlab", "GET", "/api/v4/user")).body).toEqual({ id: 2, username: "project_42_bot" });
});

describe("what an apply asks for", () => {
  const merge = { project: "acme/infra", number: 7, head: "h", merged: "m", isFork: false };
  const artifact = { id: 5, run: 9, name: "plan", head: "h", isFork: false, isExpired: false };
  beforeAll(async () => {
    await forge.control.merge({
      ...merge,
      artifacts: [artifact, { ...artifact, id: 6, name: "theirs", isFork: true, isExpired: true }],
    });
  });

  test("GitHub: a commit's pull requests, and artifacts by name, a fork's too", async () => {
    const pull = { number: 7, merge_commit_sha: "m", head: { sha: "h", repo: { id: 42 } }, merged_at: expect.any(String) };
    expect((await ask("github", "GET", "/repos/acme/infra/commits/m/pulls")).body).toMatchObject([pull]);
    expect((await ask("github", "GET", "/repos/acme/infra/commits/x/pulls")).body).toEqual([]);
    const { body } = await ask("github", "GET", "/repos/acme/infra/actions/artifacts?name=theirs");
    const run = { id: 9, repository_id: 42, head_repository_id: 1042, head_sha: "h" };
    expect(body).toEqual({ total_count: 1, artifacts: [{ id: 6, name: "theirs", expired: true, workflow_run: run }] });
  });

  test("GitLab: a commit's merge requests, their pipelines, jobs and artifacts", async () => {
    const at = async (path: string) => (await ask("gitlab", "GET", `/api/v4/projects/42${path}`)).body;
    expect(await at("/repository/commits/m/merge_requests")).toMatchObject([{ iid: 7, state: "merged", sha: "h" }]);
    expect(await at("/merge_requests/7")).toMatchObject({ iid: 7, sha: "h" });
    expect(await at("/merge_requests/7/pipelines")).toContainEqual({ id: 9, sha: "h", status: "success" });
    expect(await at("/pipelines/9/jobs")).toMatchObject([
      { id: 5, name: "plan", artifacts_file: {} },
      { id: 6, artifacts_file: null },
    ]);
    expect(await at("/jobs/6/artifacts")).toEqual({ message: "404 Not found" });
  });
});
