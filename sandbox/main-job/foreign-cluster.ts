import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readTextIfThere, writePrivateFile } from "../files";
import { during, type Progress } from "../progress/progress";
import { SandboxError } from "../sandbox-error";
import { type RecordedCommand, runRecorded } from "./recorded-run";

/** Notes, in a project, that it was deployed into a cluster that doesn't go with the sandbox, and how it is taken away there. */
interface ForeignCluster {
  readonly cluster: string;
  readonly environmentFile: string;
  readonly destroy: readonly RecordedCommand[];
}

const noteFile = (project: string): string => join(project, "foreign-cluster.json");

/** Written before anything is deployed, so that `down` finds it however we end. */
export async function noteForeignCluster(project: string, foreign: ForeignCluster): Promise<void> {
  await writePrivateFile(noteFile(project), `${JSON.stringify(foreign, null, 2)}\n`);
}

/** What was deployed is away again. */
export async function forgetForeignCluster(project: string): Promise<void> {
  await rm(noteFile(project), { force: true });
}

/** True where an apply was begun in a project: the engine makes its state then. */
export function wasApplied(project: string): boolean {
  return existsSync(project) && readdirSync(project).some((name) => name.endsWith(".tfstate"));
}

/** The projects in a folder of projects whose objects may still be in a cluster of the user's own. */
export function foreignProjects(projects: string): string[] {
  return (existsSync(projects) ? readdirSync(projects) : [])
    .map((name) => join(projects, name))
    .filter((project) => existsSync(noteFile(project)) && wasApplied(project));
}

/**
 * Takes away what a run that was killed left in clusters of the user's own: once the state is gone nothing knows of it any more.
 *
 * @throws SandboxError where that fails; the state stays
 */
export async function destroyForeign(
  projects: string,
  { progress, signal = new AbortController().signal }: { readonly progress: Progress; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  for (const project of foreignProjects(projects)) {
    const { cluster, environmentFile, destroy } = JSON.parse(readTextIfThere(noteFile(project)) ?? "") as ForeignCluster;
    try {
      await during(progress, `take away what is left in ${cluster}`, async () => {
        // The file holds the stack's variables; in a command's arguments anybody could read them.
        const inEnvironment = ({ name, command, args }: RecordedCommand): RecordedCommand => {
          return { name, command: "/bin/sh", args: ["-c", '. "$0" && exec "$@"', environmentFile, command, ...args] };
        };
        for (const command of destroy) await runRecorded(project, inEnvironment(command), {}, signal);
      });
    } catch (error) {
      throw new SandboxError(
        `What is in ${cluster} could not be taken away: ${error instanceof Error ? error.message : String(error)}\n` +
          `Nothing was taken down: the state is kept in ${project}. Mend that and say "down" again; to give it up, remove that folder first.`,
      );
    }
    await forgetForeignCluster(project);
  }
}
