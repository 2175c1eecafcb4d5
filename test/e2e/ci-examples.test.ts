/** examples/ci: the shell steps of the workflows, as they stand there, in the order of a change: plan, comment, merge, apply; and a night's drift. */
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { writeProviderFolder } from "../../lib/constructs/provider-folder";
import { commentMarker } from "../../lib/domain/review/comment-marker";
import { findEngine } from "../../sandbox";
import { setUpEngine } from "../../sandbox/main-job/stack-environment";
import { buildProvider } from "../../scripts/build-provider";
import { type Forge, startForge, TOKENS } from "../cli/support/forge";
import { type JobRun, type Runner, readWorkflow, runJob } from "./ci-examples/github";
import { readPipeline, runGitlabJob } from "./ci-examples/gitlab";
import { checkOut, programsFolder, type Variables, type Workspace } from "./ci-examples/workspace";
import { accessHcl, CREATE_FIRST } from "./support/access-hcl";
import { startCluster } from "./support/cluster";
import { dedicatedEnvironment, dedicatedPassword } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type ArgumentWatch, watchArguments } from "./support/process-arguments";
import type { Run } from "./support/terraform";

jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../..");
let cluster: LimitedCluster;
let forge: Forge;
let folder: string;
/** PATH, and where the engine finds its providers. */
let base: Variables;
let watch: ArgumentWatch;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("ci-examples"), { pullSecrets: ["pull"], serviceAccounts: ["default"] });
  for (const namespace of ["team-a", "team-b", "team-c", "team-d"]) await cluster.createNamespace(namespace);
  forge = await startForge();
  watch = watchArguments();
  folder = mkdtempSync(join(tmpdir(), "registry-access-ci-"));
  const engine = await findEngine();
  const { variables } = await setUpEngine(engine, cluster.state.folder);
  const PATH = [programsFolder(folder, engine.path), process.env.PATH].join(delimiter);
  const { REGISTRY_ACCESS_ENDPOINTS = "" } = dedicatedEnvironment(cluster.state);
  base = { ...variables, PATH, HOME: folder, TF_IN_AUTOMATION: "1", REGISTRY_ACCESS_ENDPOINTS };
});
afterAll(async () => {
  watch?.stop();
  await forge?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const secretOf = async (namespace: string) => (await cluster.secret(namespace, "pull"))?.metadata.name;
const apiKey = () => dedicatedEnvironment(cluster.state).BLUEMIX_DEDICATED_API_KEY ?? "";
function expectWell<R extends Run>(run: R): R {
  if (run.code !== 0) throw new Error(run.output);
  return run;
}

/** A stack in plain HCL, whose state lies beside the checkouts, as a backend's does. */
async function hclCheckout(name: string, namespaces: readonly string[]): Promise<Workspace> {
  const state = join(folder, name, "state/terraform.tfstate");
  mkdirSync(join(folder, name, "state"), { recursive: true });
  const required = `terraform {
    backend "local" { path = ${JSON.stringify(state)} }
    required_providers { registry = { source = "registry.terraform.io/registry-access/registry" } }
  }`;
  const hcl = accessHcl(cluster, { owner: `ci/${name}`, namespaces, token: CREATE_FIRST });
  const workspace = await checkOut(join(folder, name), { "infra/main.tf": `${required}\n${hcl}`, "package.json": "{}" });
  writeProviderFolder(join(workspace.folder, "infra"), await buildProvider("registry"));
  return workspace;
}

describe("GitHub Actions, a stack of plain HCL", () => {
  const [plan, apply, drift] = ["plan.yml", "apply.yml", "drift.yml"].map(readWorkflow) as [
    ReturnType<typeof readWorkflow>,
    ReturnType<typeof readWorkflow>,
    ReturnType<typeof readWorkflow>,
  ];
  const settings = { STACK: "infra", STACK_FOLDER: "infra" };
  let artifacts: string;
  beforeAll(() => {
    artifacts = join(folder, "artifacts");
    mkdirSync(artifacts);
  });

  function runner(workspace: Workspace, phase: "plan" | "apply", more: Variables, expressions: Variables = {}): Runner {
    const event = join(workspace.temp, "event.json");
    writeFileSync(event, JSON.stringify(phase === "plan" ? { pull_request: { number: 7 } } : { after: more.GITHUB_SHA }));
    return {
      workspace,
      settings,
      artifacts,
      env: {
        ...base,
        GITHUB_API_URL: forge.urls.github.url,
        GITHUB_REPOSITORY: "acme/infra",
        GITHUB_EVENT_PATH: event,
        ...more,
      },
      expressions: {
        "github.token": TOKENS.workflow,
        "secrets.KUBE_CONFIG": readFileSync(cluster.identities[phase], "utf8"),
        "secrets.BLUEMIX_DEDICATED_API_KEY": apiKey(),
        ...expressions,
      },
    };
  }
  const planned = async (namespaces: readonly string[], head: string): Promise<JobRun> => {
    const workspace = await hclCheckout("github", namespaces);
    return runJob(plan, "plan", runner(workspace, "plan", {}, { "github.event.pull_request.head.sha": head }));
  };
  const applied = async (sha: string): Promise<JobRun> =>
    runJob(
      apply,
      "apply",
      runner(await checkOut(join(folder, "github"), { "package.json": "{}" }), "apply", { GITHUB_SHA: sha }),
    );
  const merge = (head: string, merged: string, more: { readonly isFork?: boolean; readonly isExpired?: boolean } = {}) => {
    const { isFork = false, isExpired = false } = more;
    const artifact = { id: 1, run: 11, name: `plan-${head}`, head, isFork, isExpired };
    return forge.control.merge({ project: "acme/infra", number: 7, head, merged, isFork, artifacts: [artifact] });
  };

  it("a plan is reviewed in one comment, and nothing is written", async () => {
    const { uploaded, output } = expectWell(await planned(["team-a"], "head-1"));
    expect(uploaded).toEqual(["plan-head-1"]);
    expect(output).toContain("infra: comment created in pull request #7 of acme/infra");
    const [comment, ...more] = await forge.control.comments();
    expect(more).toEqual([]);
    expect(comment?.body).toMatch(
      /^<!-- registry-access: stack infra -->\n[\s\S]+\n<sub>Plan file, SHA-256: `[0-9a-f]{64}`<\/sub>$/,
    );
    expect(await secretOf("team-a")).toBeUndefined();
    for (const secret of [apiKey(), TOKENS.workflow]) expect(output + comment?.body).not.toContain(secret);
  });

  it("the tar has the provider with its run bits, and neither .terraform nor a state", () => {
    const listed = execFileSync("tar", ["-tvf", join(artifacts, "plan-head-1")], { encoding: "utf8" });
    expect(listed).toMatch(/^-rwx\S+ .*terraform-provider-registry_v\S+$/m);
    expect(listed).toMatch(/ \.\/plan\.bin$/m);
    expect(listed).toMatch(/ \.\/\.terraform\.lock\.hcl$/m);
    expect(listed).not.toMatch(/ \.\/\.terraform\/|tfstate/);
  });

  it("after a merge exactly that plan is applied, in another folder", async () => {
    await merge("head-1", "merged-1");
    const { output } = expectWell(await applied("merged-1"));
    expect(output).toContain("plan.tar is the plan that was reviewed (SHA-256 ");
    expect(output).toContain("Apply complete!");
    expect(await secretOf("team-a")).toBe("pull");
  });

  it("a second push updates the comment, and its plan is the one that counts", async () => {
    const { output } = expectWell(await planned(["team-a", "team-b"], "head-2"));
    expect(output).toContain("infra: comment updated in");
    expect(await forge.control.comments()).toHaveLength(1);
    await merge("head-2", "merged-2");
  });

  it("neither the tar nor the plan in it holds a secret of ours", async () => {
    const unpacked = join(folder, "unpacked");
    mkdirSync(unpacked);
    execFileSync("tar", ["-xf", join(artifacts, "plan-head-2"), "-C", unpacked]);
    execFileSync("python3", ["-m", "zipfile", "-e", join(unpacked, "plan.bin"), join(unpacked, "plan")]);
    const token = (await dedicatedPassword(cluster, "team-a", "pull")) ?? "";
    expect(token.length).toBeGreaterThan(20);
    const holds = (text: string) => spawnSync("grep", ["-raqF", text, unpacked]).status === 0;
    expect(["ci/github", token, apiKey()].map(holds)).toEqual([true, false, false]);
  });

  it("a plan that was changed after the review is refused", async () => {
    copyFileSync(join(artifacts, "plan-head-2"), join(artifacts, "kept"));
    appendFileSync(join(artifacts, "plan-head-2"), "x");
    const { code, failed, output } = await applied("merged-2");
    expect([code, failed]).toEqual([2, "Compare it with what was reviewed"]);
    expect(output).toContain("plan.tar is not the plan that was reviewed: its SHA-256 is ");
    expect(await secretOf("team-b")).toBeUndefined();
    copyFileSync(join(artifacts, "kept"), join(artifacts, "plan-head-2"));
  });

  it.each([
    ["was pushed past any pull request", "nothing", undefined, "was not merged from a pull request: there is no reviewed plan."],
    [
      "was made by a fork",
      "merged-fork",
      { isFork: true },
      "Pull request #7 has no plan of head-fork: it failed, came from a fork, or is older",
    ],
    ["is gone", "merged-gone", { isExpired: true }, "Pull request #7 has no plan of head-gone"],
  ])("a change whose plan %s is refused", async (_, sha, how, says) => {
    if (how !== undefined) await merge(sha.replace("merged", "head"), sha, how);
    const { code, failed, output } = await applied(sha);
    expect([code, failed]).toEqual([1, "Find the reviewed plan"]);
    expect(output).toContain(says);
  });

  it("a plan is applied once: where the state has changed since, it is stale", async () => {
    expectWell(await applied("merged-2"));
    expect(await secretOf("team-b")).toBe("pull");
    const { code, failed, output } = await applied("merged-2");
    expect([code, failed]).toEqual([1, "Apply"]);
    expect(output).toContain("Saved plan is stale");
  });

  it("at night drift is told, apart from what could not be looked at", async () => {
    const night = async (expressions: Variables = {}) => {
      const workspace = await hclCheckout("github", ["team-a", "team-b"]);
      const run = await runJob(drift, "drift", runner(workspace, "plan", {}, expressions));
      return { ...run, summary: readFileSync(join(workspace.temp, "summary.md"), "utf8") };
    };
    const calm = expectWell(await night());
    expect(calm.summary).toContain("1 stack: 1 ");
    await cluster.delete("secrets", "team-b", "pull");
    const found = await night();
    expect([found.code, found.failed]).toEqual([2, "Drift"]);
    expect(found.summary).toContain("in team-b");
    const away = readFileSync(cluster.identities.plan, "utf8").replace(/server: .*|"server": ?"[^"]*"/, (server) =>
      server.startsWith('"') ? '"server":"https://127.0.0.1:1"' : "server: https://127.0.0.1:1",
    );
    const lost = await night({ "secrets.KUBE_CONFIG": away });
    expect([lost.code, lost.failed]).toEqual([1, "Drift"]);
    expect(lost.summary).toContain("infra: unreachable");
  });

  it("never runs with credentials for a fork, and says what each job may do", () => {
    expect(plan.on).toEqual({ pull_request: { branches: ["main"] } });
    expect(plan.jobs.plan?.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    expect([plan, apply, drift].map(({ permissions }) => permissions)).toEqual([{}, {}, {}]);
    expect([plan.jobs.plan, apply.jobs.apply, drift.jobs.drift].map((job) => [job?.environment, job?.permissions])).toEqual([
      ["plan", { contents: "read", "pull-requests": "write" }],
      ["production", { contents: "read", "pull-requests": "read", actions: "read" }],
      ["plan", { contents: "read" }],
    ]);
    // What a pull request is called must not become shell.
    for (const { jobs } of [plan, apply, drift])
      for (const { steps } of Object.values(jobs)) for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });
});

describe("GitHub Actions, a stack of cdktf", () => {
  const STACK = "production";
  const program = () => {
    const { url } = cluster.state.bluemix.regions.dedicated;
    return `
import { App, LocalBackend, TerraformStack } from "cdktf";
import { BluemixRegistry, Cluster, Namespaces, RegistryAccess, Secret } from ${JSON.stringify(join(ROOT, "lib"))};

const app = new App();
const stack = new TerraformStack(app, "${STACK}");
new LocalBackend(stack, { path: ${JSON.stringify(join(folder, "cdktf/state/terraform.tfstate"))} });
new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [
    BluemixRegistry.dedicated({
      name: "dedicated",
      domain: "acme.example.com",
      apiEndpoint: "${url}",
      registryEndpoint: "${url}",
      organization: "acme",
      apiKey: Secret.env("BLUEMIX_DEDICATED_API_KEY"),
    }),
  ],
  secretName: "pull",
  namespaces: Namespaces.named("team-d"),
});
app.synth();
`;
  };
  const config = { language: "typescript", app: "node --import tsx main.ts", projectId: "ci", sendCrashReports: "false" };

  it("is synthesized once, and applied from the tar alone", async () => {
    mkdirSync(join(folder, "cdktf/state"), { recursive: true });
    const artifacts = join(folder, "cdktf/artifacts");
    mkdirSync(artifacts);
    const files = { "main.ts": program(), "cdktf.json": JSON.stringify(config), "package.json": "{}" };
    const settings = { STACK, STACK_FOLDER: `cdktf.out/stacks/${STACK}` };
    const env = { ...base, GITHUB_API_URL: forge.urls.github.url, GITHUB_REPOSITORY: "acme/infra", GITHUB_SHA: "merged-cdktf" };
    const runner = (workspace: Workspace, phase: "plan" | "apply"): Runner => {
      const event = join(workspace.temp, "event.json");
      writeFileSync(event, JSON.stringify({ pull_request: { number: 9 } }));
      return {
        workspace,
        settings,
        artifacts,
        env: { ...env, GITHUB_EVENT_PATH: event },
        expressions: {
          "github.token": TOKENS.workflow,
          "github.event.pull_request.head.sha": "head-cdktf",
          "secrets.KUBE_CONFIG": readFileSync(cluster.identities[phase], "utf8"),
          "secrets.BLUEMIX_DEDICATED_API_KEY": apiKey(),
        },
      };
    };
    const planning = await checkOut(join(folder, "cdktf"), files);
    const planned = expectWell(await runJob(readWorkflow("plan.yml"), "plan", runner(planning, "plan")));
    expect(planned.output).toContain(`${STACK}: comment created in pull request #9 of acme/infra`);
    expect((await forge.control.comments()).map(({ body }) => body.split("\n")[0])).toContain(commentMarker(STACK));
    // What planned is another machine, and gone.
    rmSync(planning.folder, { recursive: true });

    const artifact = { id: 9, run: 31, name: "plan-head-cdktf", head: "head-cdktf", isFork: false, isExpired: false };
    const record = { project: "acme/infra", number: 9, head: "head-cdktf", merged: env.GITHUB_SHA, isFork: false };
    await forge.control.merge({ ...record, artifacts: [artifact] });
    const applying = await checkOut(join(folder, "cdktf"), { "package.json": "{}" });
    const applied = expectWell(await runJob(readWorkflow("apply.yml"), "apply", runner(applying, "apply")));
    expect(applied.output).toContain("Apply complete!");
    expect(existsSync(join(applying.folder, "cdktf.out"))).toBe(false);
    expect(await secretOf("team-d")).toBe("pull");
  });
});

describe("GitLab CI, a stack of plain HCL", () => {
  const pipeline = readPipeline();
  const variables = (phase: "plan" | "apply"): Variables => ({
    ...base,
    STACK: "infra",
    STACK_FOLDER: "infra",
    CI_API_V4_URL: `${forge.urls.gitlab.url}/api/v4`,
    CI_PROJECT_ID: "42",
    GITLAB_TOKEN: TOKENS.project,
    CI_JOB_TOKEN: TOKENS.job,
    KUBE_CONFIG_PATH: cluster.identities[phase],
    BLUEMIX_DEDICATED_API_KEY: apiKey(),
  });
  const merged = { CI_COMMIT_SHA: "merged-gitlab" };
  let zip: string;

  it("plans, comments, and applies what was reviewed", async () => {
    const own = await hclCheckout("gitlab", ["team-c"]);
    const merge = { CI_MERGE_REQUEST_IID: "8" };
    expectWell(await runGitlabJob(pipeline, "plan", own, { ...variables("plan"), ...merge }));
    zip = join(folder, "gitlab/artifacts.zip");
    const paths = pipeline.job("plan").artifacts?.paths ?? [];
    execFileSync("python3", ["-m", "zipfile", "-c", zip, ...paths], { cwd: own.folder });

    const commenting = await checkOut(join(folder, "gitlab"), { "package.json": "{}" });
    for (const path of paths) copyFileSync(join(own.folder, path), join(commenting.folder, path));
    const { output } = expectWell(await runGitlabJob(pipeline, "comment", commenting, { ...variables("plan"), ...merge }));
    expect(output).toContain("infra: comment created in merge request !8 of 42");

    const artifact = { id: 5, run: 21, name: "plan", head: "head-gitlab", isFork: false, isExpired: false, file: zip };
    const record = { project: "acme/infra", number: 8, head: "head-gitlab", merged: merged.CI_COMMIT_SHA, isFork: false };
    await forge.control.merge({ ...record, artifacts: [artifact] });
    const applying = await checkOut(join(folder, "gitlab"), { "package.json": "{}" });
    const applied = expectWell(await runGitlabJob(pipeline, "apply", applying, { ...variables("apply"), ...merged }));
    expect(applied.output).toContain("plan.tar is the plan that was reviewed (SHA-256 ");
    expect(await secretOf("team-c")).toBe("pull");
    for (const secret of [apiKey(), TOKENS.project]) expect(output + applied.output).not.toContain(secret);
  });

  it("refuses a plan that was changed, and a change without one", async () => {
    const changed = await checkOut(join(folder, "gitlab"), { "plan.tar": "another plan" });
    execFileSync("python3", ["-m", "zipfile", "-c", zip, "plan.tar"], { cwd: changed.folder });
    const other = await checkOut(join(folder, "gitlab"), { "package.json": "{}" });
    const { code, output } = await runGitlabJob(pipeline, "apply", other, { ...variables("apply"), ...merged });
    expect([code, output]).toEqual([2, expect.stringContaining("plan.tar is not the plan that was reviewed")]);
    expect(existsSync(join(other.folder, "stack"))).toBe(false);
    const pushed = await runGitlabJob(pipeline, "apply", other, { ...variables("apply"), CI_COMMIT_SHA: "nothing" });
    expect([pushed.code, pushed.output]).toEqual([
      1,
      expect.stringContaining("was not merged from a merge request of this project"),
    ]);
  });

  it("tells drift by its exit code", async () => {
    const night = async () => runGitlabJob(pipeline, "drift", await hclCheckout("gitlab", ["team-c"]), variables("plan"));
    expectWell(await night());
    await cluster.delete("secrets", "team-c", "pull");
    expect(await night()).toMatchObject({ code: 2, output: expect.stringContaining("in team-c") });
  });

  it("never runs with credentials for a fork", () => {
    const own =
      '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID';
    for (const name of ["plan", "comment"]) expect(pipeline.job(name).rules).toEqual([{ if: own }]);
    expect(pipeline.job("apply")).toMatchObject({ environment: "production", resource_group: "production" });
    expect(pipeline.stages).toEqual(["plan", "comment", "apply", "drift"].filter((name) => pipeline.job(name).stage === name));
  });
});

it("no program was given a secret as an argument", () => {
  const seen = watch.seen();
  for (const program of ["curl", "registry-access comment", "terraform -chdir"])
    expect(seen.filter((line) => line.includes(program))).not.toEqual([]);
  for (const secret of [apiKey(), TOKENS.workflow, TOKENS.project, TOKENS.job])
    expect(seen.filter((line) => line.includes(secret))).toEqual([]);
});
