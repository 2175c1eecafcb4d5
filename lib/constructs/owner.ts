import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Construct } from "constructs";
import { provider } from "../schema";
import { TerraformStack } from "./cdktf";

/**
 * Who writes, where the user does not say: `<project>/<stack>`. The project is the name in the nearest package.json, since that
 * is the same on every machine; cdktf.json's `projectId` where there is none.
 */
export function defaultOwner(scope: Construct, folder = process.cwd()): string {
  const project = findUpwards(folder, "package.json", "name") ?? findUpwards(folder, "cdktf.json", "projectId") ?? "cdktf";
  const { path } = TerraformStack.of(scope).node;
  const owner = `${project}/${path}`.replace(/^@/, "");
  const problem = provider.attributes.owner.check(owner, ["owner"]);
  if (problem === undefined) return owner;
  throw new Error(
    `[${scope.node.path}] ${problem.summary}. It is made of the package's name ${JSON.stringify(project)} and the stack ${JSON.stringify(path)}, since none was given. ${problem.detail} Set it by the prop owner.`,
  );
}

function readJson(path: string): { readonly [field: string]: unknown } {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (error) {
    throw new Error(
      `The owner is made of the package's name, and ${path} can't be read: ${(error as Error).message}. Mend the file, or set the prop owner.`,
    );
  }
}

function findUpwards(folder: string, file: string, field: string): string | undefined {
  const path = join(folder, file);
  if (existsSync(path)) {
    const value = readJson(path)[field];
    if (typeof value === "string" && value !== "") return value;
  }
  return dirname(folder) === folder ? undefined : findUpwards(dirname(folder), file, field);
}
