import type { Path, Problem } from "./problem";

/** What an image is built for, in the words of an image index (OCI image specification). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  /** Of Windows, whose containers run on one build only. */
  readonly osVersion?: string;
}

/** As containerd writes and reads one: the version stands in parentheses. */
const PLATFORM =
  /^(?<os>[a-z0-9_]+)(?:\((?<osVersion>[\w.-]+)\))?\/(?<architecture>[A-Za-z0-9_-]+)(?:\/(?<variant>[A-Za-z0-9._-]+))?$/;

/** The variants that need not be named, by architecture (containerd: platforms.Normalize). */
const USUAL_VARIANTS: { readonly [architecture: string]: string } = { arm64: "v8", arm: "v7", amd64: "v1" };

/** Reads `linux/amd64`, `linux/arm/v7`, `windows(10.0.20348.1)/amd64`. Undefined where it is none. */
export function parsePlatform(text: string): Platform | undefined {
  const { os, architecture, variant, osVersion } = PLATFORM.exec(text)?.groups ?? {};
  if (os === undefined || architecture === undefined) return undefined;
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { osVersion }),
  };
}

/** The opposite of {@link parsePlatform}. */
export function formatPlatform({ os, architecture, variant, osVersion }: Platform): string {
  return [osVersion === undefined ? os : `${os}(${osVersion})`, architecture, ...(variant === undefined ? [] : [variant])].join(
    "/",
  );
}

/** Whether an image for one platform is what was asked for: a variant that is left out is the usual one, a version any. */
export function fitsPlatform(wanted: Platform, found: Platform): boolean {
  return (
    wanted.os === found.os &&
    wanted.architecture === found.architecture &&
    variantOf(wanted) === variantOf(found) &&
    (wanted.osVersion === undefined || wanted.osVersion === found.osVersion)
  );
}

function variantOf({ architecture, variant }: Platform): string {
  return variant ?? USUAL_VARIANTS[architecture] ?? "";
}

/** Says what is wrong with a platform, or nothing. */
export function checkPlatform(value: string | number, path: Path): Problem | undefined {
  if (parsePlatform(String(value)) !== undefined) return undefined;
  return {
    path,
    summary: "Invalid platform",
    detail: `${JSON.stringify(value)} is not a platform: "os/architecture" or "os/architecture/variant", such as "linux/amd64" or "linux/arm/v7".`,
  };
}
