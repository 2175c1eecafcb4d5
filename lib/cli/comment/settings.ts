import { readFileSync } from "node:fs";
import { errorCode } from "../../clients/error-code";
import { createGithubComments, createGitlabComments, type ForgeComments } from "../../clients/forge";
import { isRecord, parseRecord } from "../../domain/json";
import { processRedactor } from "../../domain/redaction";
import { Secret } from "../../domain/secret";
import { UsageError } from "../usage-error";

type Environment = { readonly [name: string]: string | undefined };

/** Where to comment. What is not given comes from the environment, as the forge's own pipelines set it. */
export interface ForgeOptions {
  readonly forge?: "github" | "gitlab";
  readonly apiUrl?: string;
  readonly repository?: string;
  readonly number?: string;
  readonly allowPlainHttp?: true;
}

/** The comments of the pull request or merge request that is meant. Contacts nothing yet. @throws UsageError where it is not known which */
export function openForge(options: ForgeOptions, env: Environment): ForgeComments {
  const forge = options.forge ?? detectForge(env);
  const setting = (name: string) => (env[name] === "" ? undefined : env[name]);
  const allowPlainHttp = options.allowPlainHttp === true;
  const common = {
    env,
    allowPlainHttp,
    settingNames: { ca: "the file that NODE_EXTRA_CA_CERTS names", plainHttp: "--allow-plain-http" },
  };
  if (forge === "github") {
    const repository = options.repository ?? setting("GITHUB_REPOSITORY") ?? missing("the repository", "GITHUB_REPOSITORY");
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || /(^|\/)\.\.?(\/|$)/.test(repository))
      throw new UsageError(`The repository is ${JSON.stringify(repository)}. Give it as "owner/name".`);
    const number = numberOf(options.number ?? eventNumber(setting("GITHUB_EVENT_PATH")), "the pull request", "GITHUB_EVENT_PATH");
    const token = secret(setting("GITHUB_TOKEN"), "GITHUB_TOKEN");
    const baseUrl = options.apiUrl ?? setting("GITHUB_API_URL") ?? "https://api.github.com";
    // That of another API than the pipeline's own is beside it.
    const graphqlUrl = options.apiUrl === undefined ? setting("GITHUB_GRAPHQL_URL") : undefined;
    const pull = { repository, number, token, ...(graphqlUrl === undefined ? {} : { graphqlUrl }) };
    return createGithubComments({ ...common, baseUrl }, pull);
  }
  const project = options.repository ?? setting("CI_PROJECT_ID") ?? missing("the project", "CI_PROJECT_ID");
  const iid = numberOf(options.number ?? setting("CI_MERGE_REQUEST_IID"), "the merge request", "CI_MERGE_REQUEST_IID");
  const own = setting("GITLAB_TOKEN");
  const token = secret(own ?? setting("CI_JOB_TOKEN"), "GITLAB_TOKEN");
  const baseUrl = options.apiUrl ?? setting("CI_API_V4_URL") ?? "https://gitlab.com/api/v4";
  const projectUrl = options.repository === undefined ? setting("CI_PROJECT_URL") : undefined;
  const merge = { project, iid, token, isJobToken: own === undefined, ...(projectUrl === undefined ? {} : { projectUrl }) };
  return createGitlabComments({ ...common, ...runnersCa(setting("CI_SERVER_TLS_CA_FILE")), baseUrl }, merge);
}

function detectForge(env: Environment): "github" | "gitlab" {
  const isGithub = (env.GITHUB_REPOSITORY ?? "") !== "";
  const isGitlab = (env.CI_PROJECT_ID ?? "") !== "";
  if (isGithub !== isGitlab) return isGithub ? "github" : "gitlab";
  const why = isGithub
    ? "both GITHUB_REPOSITORY and CI_PROJECT_ID are set"
    : "neither GITHUB_REPOSITORY nor CI_PROJECT_ID is set";
  throw new UsageError(`It is not known which forge to comment on: ${why}. Say it with --forge github or --forge gitlab.`);
}

/** The pull request of the event that a workflow of GitHub Actions runs for. Undefined where it runs for another kind of event. */
function eventNumber(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const event = parseRecord(readText(file, "GITHUB_EVENT_PATH"));
  if (event === undefined) throw new UsageError(`GITHUB_EVENT_PATH names ${JSON.stringify(file)}, which holds no JSON object.`);
  const { pull_request: pull, issue } = event;
  // A comment on a pull request is an event of its issue.
  const from = isRecord(pull) ? pull : isRecord(issue) && isRecord(issue.pull_request) ? issue : undefined;
  return from?.number === undefined ? undefined : String(from.number);
}

function numberOf(text: string | undefined, what: string, variable: string): number {
  if (text === undefined) return missing(`${what}'s number`, variable, "--number");
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new UsageError(`${what.replace(/^t/, "T")}'s number is ${JSON.stringify(text)}. Give a whole number from 1.`);
}

function missing(what: string, variable: string, option = "--repository"): never {
  const found =
    variable === "GITHUB_EVENT_PATH"
      ? "the event of this run (GITHUB_EVENT_PATH) is none of a pull request"
      : `${variable} is not set`;
  throw new UsageError(`It is not known which is ${what}: ${found}. Give it with ${option}.`);
}

function secret(value: string | undefined, variable: string): Secret {
  if (value === undefined)
    throw new UsageError(`There is no token: set ${variable} in the environment. It is never given as an argument.`);
  if (/[^\x21-\x7e]/.test(value))
    throw new UsageError(`${variable} holds a character that no token has, such as a space or a line end.`);
  processRedactor.remember(value);
  return Secret.of(value);
}

/** The CA of a GitLab with a certificate of its own, as its runners name it. */
function runnersCa(file: string | undefined): { readonly additionalCa?: string } {
  return file === undefined ? {} : { additionalCa: readText(file, "CI_SERVER_TLS_CA_FILE") };
}

function readText(file: string, variable: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${variable} names ${JSON.stringify(file)}, which can't be read (${errorCode(error)}).`);
  }
}
