import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import type { Run } from "../support/terraform";
import { runScript, type Variables, type Workspace } from "./workspace";

/** A job of `.gitlab-ci.yml`. */
export interface GitlabJob {
  readonly extends?: string;
  readonly stage: string;
  readonly environment?: string | { readonly name: string };
  readonly rules: readonly { readonly if: string }[];
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[]; readonly expire_in: string; readonly access?: string };
  readonly resource_group?: string;
}

/** The whole file. */
export interface GitlabPipeline {
  readonly stages: readonly string[];
  readonly variables: Variables;
  readonly job: (name: string) => GitlabJob;
}

/** Reads the example. */
export function readPipeline(): GitlabPipeline {
  const file = resolve(__dirname, "../../../examples/ci/gitlab-ci.yml");
  const content = load(readFileSync(file, "utf8")) as { readonly [key: string]: unknown };
  return {
    stages: content.stages as string[],
    variables: content.variables as Variables,
    job(name) {
      const job = content[name] as GitlabJob | undefined;
      if (job === undefined) throw new Error(`There is no job ${name}.`);
      return { ...(content[job.extends ?? ""] as Partial<GitlabJob> | undefined), ...job };
    },
  };
}

/** Runs a job's script in one shell, as GitLab's runners do; what its image and `npm ci` bring is on PATH and in the checkout already. */
export function runGitlabJob(pipeline: GitlabPipeline, name: string, workspace: Workspace, env: Variables): Promise<Run> {
  const { script } = pipeline.job(name);
  return runScript(workspace, ["bash", "-eo", "pipefail"], `${script.join("\n")}\n`, { ...pipeline.variables, ...env });
}
