import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commentMarker } from "../../lib/domain/review/comment-marker";
import { type Forge, startForge, TOKENS } from "./support/forge";
import { type CliRun, runCli } from "./support/run";

type Name = "github" | "gitlab";
const FORGES: readonly Name[] = ["github", "gitlab"];
const AUTHORS = { github: "github-actions[bot]", gitlab: "project_42_bot" } as const;
const A = commentMarker("a");

let forge: Forge;
let events = 0;
beforeAll(async () => {
  forge = await startForge();
});
afterAll(() => forge?.stop());
beforeEach(async () => {
  await forge.control.clearComments();
  await forge.control.clearFaults();
  await forge.control.clearRequests();
});

/** As the forge's own pipeline sets it, for pull request 7. */
function pipeline(name: Name): { readonly [variable: string]: string } {
  if (name === "gitlab")
    return {
      CI_API_V4_URL: `${forge.urls.gitlab.url}/api/v4`,
      CI_PROJECT_ID: "42",
      CI_PROJECT_URL: "https://gitlab.example.com/acme/infra",
      CI_MERGE_REQUEST_IID: "7",
      GITLAB_TOKEN: TOKENS.project,
      CI_JOB_TOKEN: TOKENS.job,
    };
  return {
    GITHUB_API_URL: forge.urls.github.url,
    GITHUB_REPOSITORY: "acme/infra",
    GITHUB_EVENT_PATH: event({ pull_request: { number: 7 } }),
    GITHUB_TOKEN: TOKENS.workflow,
  };
}

function event(content: object): string {
  const file = join(forge.folder, `event-${events++}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const comment = (name: Name, markdown: string, args: readonly string[] = [], env: object = {}): Promise<CliRun> =>
  runCli(["comment", ...args], { ...pipeline(name), ...env }, { stdin: async () => markdown, folder: forge.folder });
const bodies = async () => (await forge.control.comments()).map(({ body }) => body);
const asked = async (method: string) => (await forge.control.requests()).filter((request) => request.method === method).length;
const write = (name: Name, author: string, body: string) =>
  forge.control.write({ forge: name, project: "acme/infra", number: 7, author, body });

describe.each(FORGES)("%s", (name) => {
  const what = name === "github" ? "pull request #7 of acme/infra" : "merge request !7 of 42";
  const urlOf = (id: number) =>
    name === "github"
      ? `https://github.example.com/acme/infra/pull/7#issuecomment-${id}`
      : `https://gitlab.example.com/acme/infra/-/merge_requests/7#note_${id}`;

  it("creates a comment, leaves it, and updates it", async () => {
    const created = await comment(name, `${A}\n## first\n`);
    const [first] = await forge.control.comments();
    const url = urlOf(first?.id ?? 0);
    expect(created).toEqual({ code: 0, stdout: `a: comment created in ${what}: ${url}\n`, stderr: "" });
    expect(first).toMatchObject({ author: AUTHORS[name], body: `${A}\n## first` });
    const again = await comment(name, `${A}\r\n## first\r\n`, ["--json"]);
    expect(JSON.parse(again.stdout)).toEqual({
      where: what,
      dry_run: false,
      comments: [{ stack: "a", action: "unchanged", id: first?.id, url, removed: 0 }],
    });
    expect((await comment(name, `${A}\n## second`)).stdout).toBe(`a: comment updated in ${what}: ${url}\n`);
    expect(await forge.control.comments()).toEqual([{ ...first, body: `${A}\n## second`, updatedAt: expect.any(String) }]);
  });

  it("one for each stack, of one Markdown", async () => {
    const both = `${A}\n## a\n\n${commentMarker("b")}\n## b\n`;
    expect((await comment(name, both)).code).toBe(0);
    expect((await comment(name, both.replaceAll("## ", "### "))).code).toBe(0);
    expect(await bodies()).toEqual([`${A}\n### a`, `${commentMarker("b")}\n### b`]);
    expect((await comment(name, both, ["--stack", "b"])).stdout).toContain("b: comment updated");
    expect(await bodies()).toEqual([`${A}\n### a`, `${commentMarker("b")}\n## b`]);
  });

  it("finds its own behind 250 of others, also with a quote of it", async () => {
    await write(name, "eve", `${A}\nmine, says eve`);
    await write(name, AUTHORS[name], `> ${A}\n> ## first\n\nWhat is this?`);
    for (let index = 0; index < 250; index++) await write(name, "eve", `comment ${index}`);
    const own = await write(name, AUTHORS[name], `${A}\n## first`);
    await forge.control.clearRequests();
    expect((await comment(name, `${A}\n## second`)).stdout).toContain(`a: comment updated in ${what}`);
    const all = await forge.control.comments();
    expect(all).toHaveLength(253);
    expect(all.filter(({ body }) => body.includes("second")).map(({ id }) => id)).toEqual([own.id]);
    expect(all[0]?.body).toBe(`${A}\nmine, says eve`);
    expect(await asked("GET")).toBe(name === "github" ? 3 : 7);
  });

  it("two runs at once end in one comment", async () => {
    // Each has looked, and found none, before the first one is there.
    const pathPrefix = name === "github" ? "/repos/" : "/api/";
    await forge.control.addFault({ listener: name, method: "POST", pathPrefix, delayMs: 300, times: 4 });
    const runs = await Promise.all(["one", "two", "three", "four"].map((text) => comment(name, `${A}\n## ${text}`)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const left = await forge.control.comments();
    expect(left).toHaveLength(1);
    expect(left[0]?.body).toMatch(/^<!-- registry-access: stack a -->\n## (one|two|three|four)$/);
  });

  it("removes what a run that died left twice", async () => {
    const [first] = [await write(name, AUTHORS[name], `${A}\n1`), await write(name, AUTHORS[name], `${A}\n2`)];
    expect((await comment(name, `${A}\n3`, ["--dry-run"])).stdout).toBe(
      `a: comment would be updated, 1 more of it would be removed in ${what}: ${urlOf(first.id)}\n`,
    );
    expect(await bodies()).toEqual([`${A}\n1`, `${A}\n2`]);
    expect((await comment(name, `${A}\n3`)).stdout).toContain("comment updated, 1 more of it removed in");
    expect(await bodies()).toEqual([`${A}\n3`]);
  });

  it("makes none a second time where the answer was lost", async () => {
    await forge.control.addFault({
      listener: name,
      method: "POST",
      pathPrefix: name === "github" ? "/repos/" : "/api/",
      drop: "after",
    });
    expect((await comment(name, `${A}\nx`)).stdout).toContain("a: comment created");
    expect(await bodies()).toEqual([`${A}\nx`]);
  });

  it("asks again where the forge is busy", async () => {
    const busy = { listener: name, method: "GET", status: 429, headers: { "retry-after": "0" }, json: { message: "slow down" } };
    await forge.control.addFault({ ...busy, times: 2 });
    await forge.control.addFault({ ...busy, status: 502 });
    expect((await comment(name, `${A}\nx`)).code).toBe(0);
  });

  it("changes nothing in a dry run", async () => {
    const { code, stdout } = await comment(name, "## no marker", ["--stack", "new", "--dry-run", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      where: what,
      dry_run: true,
      comments: [{ stack: "new", action: "created", id: null, url: null, removed: 0 }],
    });
    expect(await bodies()).toEqual([]);
  });

  it("tells the plan's checksum, and compares it", async () => {
    writeFileSync(join(forge.folder, "plan.tar"), "the plan");
    const sha256 = createHash("sha256").update("the plan").digest("hex");
    const verify = (file = "plan.tar", ...args: readonly string[]) =>
      comment(name, "", ["--stack", "a", "--verify", file, ...args]);
    expect(await verify()).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("has no review of a by the token's own user"),
    });
    await comment(name, `${A}\nx`);
    expect(await verify()).toMatchObject({ code: 2, stdout: expect.stringContaining("names no plan") });
    await comment(name, `${A}\nx`, ["--plan", "plan.tar"]);
    expect(await bodies()).toEqual([`${A}\nx\n\n<sub>Plan file, SHA-256: \`${sha256}\`</sub>`]);
    expect(await verify()).toEqual({
      code: 0,
      stdout: `plan.tar is the plan that was reviewed (SHA-256 ${sha256}).\n`,
      stderr: "",
    });
    writeFileSync(join(forge.folder, "other.tar"), "another plan");
    const other = await verify("other.tar", "--json");
    expect([other.code, JSON.parse(other.stdout)]).toMatchObject([2, { same: false, reviewed_sha256: sha256 }]);
    expect((await verify("other.tar")).stdout).toContain("other.tar is not the plan that was reviewed: its SHA-256 is ");
    expect((await verify("gone.tar")).stderr).toContain("gone.tar\" can't be read (ENOENT).");
  });

  it("masks what the environment holds, also in what it posts", async () => {
    const env = { PARTNER_PASSWORD: "hunter2-in-the-environment" };
    await comment(name, `${A}\nx hunter2-in-the-environment y`, [], env);
    expect(await bodies()).toEqual([`${A}\nx [redacted] y`]);
  });

  it("fails when the comment is too long", async () => {
    const most = name === "github" ? 65_536 : 1_000_000;
    const longest = `${A}\n${"😀".repeat(most - A.length - 1)}`;
    if (name === "github") expect((await comment(name, longest)).code).toBe(0);
    const { code, stderr } = await comment(name, `${longest}x`);
    const characters = (count: number) => count.toLocaleString("en-US");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        `The comment of a has ${characters(most + 1)} characters, and ${what} takes ${characters(most)} at most.`,
      ),
    ]);
  });

  it.each([
    ["one page names itself as the next", "malformed"],
    ["it answers with something else", "malformed"],
  ])("fails when %s", async (why) => {
    const headers =
      why === "it answers with something else"
        ? {}
        : { link: `<${forge.urls.github.url}/x?page=1>; rel="next"`, "x-next-page": "1" };
    const json = why === "it answers with something else" ? { hello: "world" } : [];
    const path = name === "github" ? "/repos/" : "/api/v4/projects";
    await forge.control.addFault({ listener: name, method: "GET", pathPrefix: path, status: 200, headers, json });
    const { code, stderr } = await comment(name, `${A}\nx`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("Is it the address of the forge's API?")]);
    expect(await bodies()).toEqual([]);
  });
});

describe("refusals", () => {
  const status = (name: Name, code: number, message: string) => ({
    listener: name,
    method: "POST",
    status: code,
    json: { message },
  });
  const cases: {
    readonly [when: string]: {
      readonly forge: Name;
      readonly env?: object;
      readonly args?: readonly string[];
      readonly fault?: ReturnType<typeof status>;
      readonly says: string;
    };
  } = {
    "the token is wrong": {
      forge: "github",
      env: { GITHUB_TOKEN: "not-a-token" },
      says: "401 Unauthorized: Bad credentials. GITHUB_TOKEN is wrong, or has expired.",
    },
    "the pull request is a fork's": {
      forge: "github",
      env: { GITHUB_TOKEN: TOKENS.fork },
      says: "403 Forbidden: Resource not accessible by integration. The token may not do this. In GitHub Actions give the job permissions: { contents: read, pull-requests: write }",
    },
    "the token sees nothing": {
      forge: "github",
      env: { GITHUB_TOKEN: TOKENS.outsider },
      says: "404 Not Found. There is no pull request #7 in acme/infra, or the token may not see it.",
    },
    "GitHub finds it invalid": {
      forge: "github",
      fault: { ...status("github", 422, "Validation Failed"), pathPrefix: "/repos/" } as never,
      says: "422 Unprocessable Entity: Validation Failed",
    },
    "the rate limit is used up": {
      forge: "github",
      fault: status("github", 403, "API rate limit exceeded for installation"),
      says: "The token's rate limit is used up: run it again later.",
    },
    "GitHub has too much to do": {
      forge: "github",
      fault: { ...status("github", 429, "slow"), pathPrefix: "/repos/" } as never,
      says: "429 Too Many Requests: slow. Nothing is wrong with the request: run it again later.",
    },
    "GitHub fails": {
      forge: "github",
      fault: { ...status("github", 502, "Unicorn"), pathPrefix: "/repos/" } as never,
      says: "502 Bad Gateway: Unicorn. Nothing is wrong with the request: run it again later.",
    },
    "GitLab's token is wrong": {
      forge: "gitlab",
      env: { GITLAB_TOKEN: "not-a-token" },
      says: "401 Unauthorized. GITLAB_TOKEN is wrong, revoked, or has expired;",
    },
    "there is but a job's token": {
      forge: "gitlab",
      env: { GITLAB_TOKEN: "" },
      says: "GitLab lets a job's own token (CI_JOB_TOKEN) write no comments. Set GITLAB_TOKEN to a project access token with the scope api",
    },
    "there is no such merge request": {
      forge: "gitlab",
      args: ["--number", "99"],
      says: "404 Not Found: 404 Not found. There is no merge request !99 in project 42, or the token may not see it.",
    },
    "GitLab finds it invalid": {
      forge: "gitlab",
      fault: { ...status("gitlab", 400, ""), json: { message: { note: ["is too long"] } } } as never,
      says: "400 Bad Request: note is too long",
    },
    "plain HTTP leads elsewhere": {
      forge: "github",
      env: { GITHUB_API_URL: "http://github.example.com" },
      says: 'http://github.example.com is plain HTTP: credentials would cross the network readable by anyone. Use "https://github.example.com", or set --allow-plain-http',
    },
    "there is no token": {
      forge: "github",
      env: { GITHUB_TOKEN: "" },
      says: "There is no token: set GITHUB_TOKEN in the environment.",
    },
    "a token has a line end": {
      forge: "gitlab",
      env: { GITLAB_TOKEN: "x\n" },
      says: "GITLAB_TOKEN holds a character that no token has",
    },
    "it is not known where": {
      forge: "github",
      env: { GITHUB_REPOSITORY: "" },
      says: "neither GITHUB_REPOSITORY nor CI_PROJECT_ID is set. Say it with --forge github or --forge gitlab.",
    },
    "it might be both": {
      forge: "github",
      env: { CI_PROJECT_ID: "1" },
      says: "both GITHUB_REPOSITORY and CI_PROJECT_ID are set",
    },
    "the run is none of a pull request": {
      forge: "github",
      env: { GITHUB_EVENT_PATH: "" },
      says: "the event of this run (GITHUB_EVENT_PATH) is none of a pull request. Give it with --number.",
    },
    "a number is none": {
      forge: "github",
      args: ["--number", "7;rm"],
      says: 'The pull request\'s number is "7;rm". Give a whole number from 1.',
    },
    "a repository is none": {
      forge: "github",
      args: ["--repository", "acme/../x"],
      says: 'The repository is "acme/../x". Give it as "owner/name".',
    },
    "the Markdown names no stack": { forge: "github", args: ["-"], says: "The Markdown names no stack" },
  };

  it.each(Object.entries(cases))("fails when %s", async (when, { forge: name, env = {}, args = [], fault, says }) => {
    if (fault !== undefined) await forge.control.addFault(fault);
    const markdown = when === "the Markdown names no stack" ? "x" : `${A}\nx`;
    const { code, stdout, stderr } = await comment(name, markdown, args, env);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(says);
    for (const token of [...Object.values(TOKENS), "not-a-token"]) expect(stderr).not.toContain(token);
    expect(await bodies()).toEqual([]);
  });

  it("fails when the Markdown is empty, of another stack, or of two with one plan", async () => {
    const both = `${A}\nx\n${commentMarker("b")}\ny`;
    const runs = [
      comment("github", " \n"),
      comment("github", `${A}\nx`, ["--stack", "b"]),
      comment("github", both, ["--plan", "x"]),
    ];
    const said = (await Promise.all(runs)).map(({ code, stderr }) => [code, stderr.split(":").slice(1).join(":").trim()]);
    expect(said).toEqual([
      [1, "Standard input is empty. Give it what registry-access review --format markdown prints."],
      [1, 'The Markdown has no stack "b"; there are: a.'],
      [1, "--plan is one stack's, and the Markdown is of 2: say which with --stack."],
    ]);
  });
});

it("knows the pull request of a comment's event, and not the number of an issue", async () => {
  const of = (content: object) => comment("github", `${A}\nx`, [], { GITHUB_EVENT_PATH: event(content) });
  expect((await of({ issue: { number: 8, pull_request: {} } })).stdout).toContain("pull request #8 of acme/infra");
  expect((await of({ issue: { number: 8 } })).code).toBe(1);
});

describe("over TLS", () => {
  const github = () => ({ GITHUB_API_URL: forge.urls.github.tlsUrl ?? "" });
  const gitlab = () => ({ CI_API_V4_URL: `${forge.urls.gitlab.tlsUrl}/api/v4` });

  it("with a CA of the environment's", async () => {
    const runs = [
      await comment("gitlab", `${A}\nx`, [], { ...gitlab(), CI_SERVER_TLS_CA_FILE: forge.caFile }),
      await comment("gitlab", `${A}\nx`, [], { ...gitlab(), NODE_EXTRA_CA_CERTS: forge.caFile }),
      await comment("github", `${A}\nx`, [], { ...github(), NODE_EXTRA_CA_CERTS: forge.caFile }),
    ];
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([0, 0, 0].map((code) => [code, ""]));
    expect(await bodies()).toHaveLength(2);
  });

  it("fails when nobody known signed the certificate, or the CA is not there", async () => {
    const unknown = await comment("github", `${A}\nx`, [], github());
    expect(unknown.stderr).toContain("is not signed by a CA that is trusted here");
    expect(unknown.stderr).toContain("NODE_EXTRA_CA_CERTS");
    const gone = await comment("gitlab", `${A}\nx`, [], { ...gitlab(), CI_SERVER_TLS_CA_FILE: "/no/such/file" });
    expect(gone.stderr).toBe('Error: CI_SERVER_TLS_CA_FILE names "/no/such/file", which can\'t be read (ENOENT).\n');
    expect(await bodies()).toEqual([]);
  });
});

it("fails when interrupted, and says so", async () => {
  await forge.control.addFault({ listener: "github", pathPrefix: "/repos/", delayMs: 5_000 });
  const interrupted = new AbortController();
  const io = { stdin: async () => `${A}\nx`, signal: interrupted.signal };
  const run = runCli(["comment"], pipeline("github"), io);
  while ((await asked("GET")) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  interrupted.abort();
  expect(await run).toEqual({ code: 130, stdout: "", stderr: "Interrupted.\n" });
});
