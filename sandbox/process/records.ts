import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode, readTextIfThere } from "../files";
import { type ProcessIdentity, parseIdentity } from "./identity";

/** What is started: no secret may stand in it, anybody on the machine can read a process's arguments. */
export interface ProcessCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Set besides PATH, HOME and TMPDIR, which are passed on. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process that was started for a folder, whether it still runs or not. */
export interface ProcessRecord extends ProcessCommand {
  /** Unique in the folder: `etcd`. */
  readonly name: string;
  /** Its standard output and error. */
  readonly log: string;
  /** Undefined where it never got as far as to run. */
  readonly identity: ProcessIdentity | undefined;
}

/** Where it is noted what was started under a name. */
export const recordFolder = (folder: string, name: string): string => join(folder, "processes", name);

/** The file that the process itself writes its identity to before it becomes the program. */
export const identityFile = (folder: string, name: string): string => join(recordFolder(folder, name), "identity");

/** Where the output of a process goes. */
export const logFile = (folder: string, name: string): string => join(folder, "logs", `${name}.log`);

/** Notes what is about to be started. */
export function recordCommand(folder: string, name: string, command: ProcessCommand): void {
  mkdirSync(recordFolder(folder, name), { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, "logs"), { recursive: true, mode: 0o700 });
  writeFileSync(join(recordFolder(folder, name), "command.json"), JSON.stringify(command, null, 2), { mode: 0o600 });
}

/** Everything that was started for a folder, by name. A folder that is not there has none. */
export function readRecords(folder: string): ProcessRecord[] {
  let names: string[];
  try {
    names = readdirSync(join(folder, "processes")).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return [];
    }
    throw error;
  }
  return names.map((name) => {
    const command: ProcessCommand = parseCommand(readTextIfThere(join(recordFolder(folder, name), "command.json")));
    const identity = parseIdentity(readTextIfThere(identityFile(folder, name)) ?? "");
    return { name, ...command, log: logFile(folder, name), identity };
  });
}

/** A record cut short by a crash still names a process that has to end. */
function parseCommand(text: string | undefined): ProcessCommand {
  try {
    return JSON.parse(text ?? "") as ProcessCommand;
  } catch {
    return { command: "", args: [] };
  }
}
