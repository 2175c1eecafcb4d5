import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Construct } from "constructs";
import { TerraformStack } from "./cdktf";

/**
 * Who writes, where the user does not say: `<project>/<stack>`. The project is the name in the nearest package.json, since that
 * is the same on every machine; cdktf.json's `projectId` where there is none.
 */
export function defaultOwner(scope: Construct, folder = process.cwd()): string {
  const project = findUpwards(folder, "package.json", "name") ?? findUpwards(folder, "cdktf.json", "projectId") ?? "cdktf";
  return `${project}/${TerraformStack.of(scope).node.path}`.replace(/^@/, "");
}

function findUpwards(folder: string, file: string, field: string): string | undefined {
  const path = join(folder, file);
  if (existsSync(path)) {
    const value = (JSON.parse(readFileSync(path, "utf8")) as { readonly [field: string]: unknown })[field];
    if (typeof value === "string" && value !== "") return value;
  }
  return dirname(folder) === folder ? undefined : findUpwards(dirname(folder), file, field);
}
