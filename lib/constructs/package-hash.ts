import { createHash } from "node:crypto";

/**
 * The hash of a provider's package by which a lock file names it (`h1:…`): SHA-256 over a line per file, `<sha256>  <name>`,
 * sorted by name (Go's dirhash, version 1).
 */
export function packageHash(files: { readonly [name: string]: Uint8Array }): string {
  const lines = Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => `${createHash("sha256").update(content).digest("hex")}  ${name}\n`);
  return `h1:${createHash("sha256").update(lines.join("")).digest("base64")}`;
}
