import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PinnedModule, readGoMod, requiredVersion } from "./modules";

/** The build's environment, besides the user's own: no C compiler, no workspace around us, whatever is installed. */
export const BUILD_ENVIRONMENT = { CGO_ENABLED: "0", GOWORK: "off" } as const;

/** The flags of `go build`; go.mod and go.sum are read, never written. */
export function buildFlags(module: PinnedModule): string[] {
  return ["-mod=readonly", "-trimpath", `-ldflags=${linkerFlags(module)}`];
}

/** Without symbols and debug information, and with the versions of go.mod stamped in. */
export function linkerFlags(module: PinnedModule): string {
  const goMod = readGoMod(module);
  const stamps = Object.entries(module.stamps((name) => requiredVersion(goMod, name)));
  return ["-s", "-w", ...stamps.flatMap(([variable, value]) => ["-X", `${variable}=${value}`])].join(" ");
}

/** Stands for everything that makes the programs what they are, except the Go version. */
export function contentKey(module: PinnedModule, platform = `${process.platform}/${process.arch}`): string {
  const parts = [
    readFileSync(join(module.folder, "go.mod")),
    readFileSync(join(module.folder, "go.sum")),
    ...(module.ownSources ?? []).map((file) => readFileSync(join(module.folder, file))),
    ...buildFlags(module),
    JSON.stringify(BUILD_ENVIRONMENT),
    platform,
  ];
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(createHash("sha256").update(part).digest());
  }
  return `${module.name}-${hash.digest("hex").slice(0, 16)}`;
}
