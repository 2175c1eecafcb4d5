import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { hasCode } from "../files";
import { SandboxError } from "../sandbox-error";
import { BUILD_ENVIRONMENT } from "./flags";
import { type PinnedModule, readGoMod, requiredGoVersion } from "./modules";

const run = promisify(execFile);

/**
 * The version of the Go that would build a module, such as `go1.26.8`; undefined where no Go is installed.
 *
 * @throws SandboxError where Go is too old and may not fetch a newer one itself (`GOTOOLCHAIN=local`).
 */
export async function findGoVersion(module: PinnedModule): Promise<string | undefined> {
  try {
    const { stdout } = await run("go", ["env", "GOVERSION"], {
      cwd: module.folder,
      env: { ...process.env, ...BUILD_ENVIRONMENT },
    });
    return stdout.trim();
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined;
    }
    const said = typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr).trim() : String(error);
    const wanted = requiredGoVersion(readGoMod(module));
    throw new SandboxError(
      `The Go on this machine can't build ${module.name} (${said}). ` +
        `Install Go ${wanted} or newer (https://go.dev/dl), or set GOTOOLCHAIN=auto so that it fetches that version itself.`,
    );
  }
}
