import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { isRecord } from "../../domain/json";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";

type Entry = { readonly [name: string]: unknown };

/** A kubeconfig: what it calls clusters, users and contexts, by name; file names are absolute already. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly currentContext: string | undefined;
}

/** Reads kubeconfig files and merges them as kubectl does: of a name that stands in several, the first file's entry counts. */
export async function loadKubeconfig(paths: readonly string[]): Promise<Kubeconfig> {
  const configs = await Promise.all(paths.map((path) => readKubeconfig(expandHome(path))));
  const merge = (of: "clusters" | "users" | "contexts") => new Map([...configs].reverse().flatMap((config) => [...config[of]]));
  return {
    clusters: merge("clusters"),
    users: merge("users"),
    contexts: merge("contexts"),
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
  };
}

async function readKubeconfig(file: string): Promise<Kubeconfig> {
  const content = parseKubeconfig(await read(file), file, (await import("js-yaml")).load);
  const folder = dirname(file);
  const entries = (list: string, inner: string) =>
    new Map(named(content[list], inner).map(([name, entry]) => [name, withAbsoluteFiles(entry, folder)]));
  const current = content["current-context"];
  return {
    clusters: entries("clusters", "cluster"),
    users: entries("users", "user"),
    contexts: entries("contexts", "context"),
    currentContext: typeof current === "string" && current !== "" ? current : undefined,
  };
}

function parseKubeconfig(text: string, file: string, load: (text: string) => unknown): Entry {
  const invalid = (what: string) =>
    new ClientError(
      "invalid",
      `The kubeconfig ${JSON.stringify(file)} ${what}. It has to be a file as kubectl reads it: YAML with clusters, users and contexts.`,
    );
  let content: unknown;
  try {
    content = load(text);
  } catch (error) {
    // The parser's own message quotes the file, which holds credentials.
    const line = isRecord(error) && isRecord(error.mark) ? ` (line ${Number(error.mark.line) + 1})` : "";
    throw invalid(`is no YAML${line}`);
  }
  if (content === undefined || content === null) return {};
  if (!isRecord(content)) throw invalid("is not an object");
  return content;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ClientError(
      "invalid",
      `The kubeconfig ${JSON.stringify(file)} can't be read (${errorCode(error)}). Name a file that exists in config_path or config_paths, or in the environment variable KUBE_CONFIG_PATH or KUBE_CONFIG_PATHS.`,
    );
  }
}

function named(list: unknown, inner: string): [string, Entry][] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown): [string, Entry][] =>
    isRecord(item) && typeof item.name === "string" ? [[item.name, isRecord(item[inner]) ? item[inner] : {}]] : [],
  );
}

/** Names of files in a kubeconfig are relative to it; so is an exec command with a slash in it. */
function withAbsoluteFiles(entry: Entry, folder: string): Entry {
  const absolute = (value: unknown) =>
    typeof value === "string" && value !== "" && !isAbsolute(value) ? resolve(folder, value) : value;
  const files = ["certificate-authority", "client-certificate", "client-key", "tokenFile"].filter((name) => name in entry);
  const exec = isRecord(entry.exec) ? entry.exec : undefined;
  const command = exec?.command;
  return {
    ...entry,
    ...Object.fromEntries(files.map((name) => [name, absolute(entry[name])])),
    ...(typeof command === "string" && command.includes("/") ? { exec: { ...exec, command: absolute(command) } } : {}),
  };
}

/** `~` and `~/…` mean the caller's home folder. */
function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(path);
}
