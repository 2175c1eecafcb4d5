/**
 * Looks for secrets in what a run left behind, however they are encoded: plain, base64 (any alignment, either alphabet, nested
 * twice), hex, UTF-16, URL- and JSON-escaped (also twice), inside zip and gzip (also nested). For the tests of secrecy.
 */
import { type ArchiveLimits, openArchives } from "./archives";
import { createByteSearch } from "./byte-search";
import { createNeedles, type Needle } from "./needles";
import { readSources, type SecretSource } from "./sources";
import { escapedViews } from "./unescape";

export { type SecretSource, textSource } from "./sources";

/** A marker that was found. Holds no value, so it may be printed. */
export interface Finding {
  /** The marker's name. */
  readonly marker: string;
  /** The source's name; within an archive `plan.tfplan > zip`, in a file's name `… (name)`. */
  readonly source: string;
  /** How it was hidden, from the outside in: `plain`, `json > json > plain`, `base64 > base64`. */
  readonly encoding: string;
}

/** Bounds of a search. */
export interface SearchOptions {
  /** Shortest marker, in bytes: shorter ones would be found by chance. @default 8 */
  readonly minimumMarkerLength?: number;
  /** What may be unpacked. @default - six levels, 1 GiB for each source */
  readonly archives?: ArchiveLimits;
}

const CHUNK = 8 * 1024 * 1024;

/**
 * Finds every marker in every source, each combination of marker, source and encoding once.
 * Throws on a marker that is too short, on a source that is not there and on an archive beyond the limits: a search that
 * looked at less than it was given must not say "nothing found".
 */
export function searchSecrets(
  markers: ReadonlyMap<string, string>,
  sources: readonly SecretSource[],
  options: SearchOptions = {},
): Finding[] {
  const minimum = options.minimumMarkerLength ?? 8;
  for (const [name, value] of markers) {
    if (Buffer.byteLength(value) < minimum)
      throw new Error(`The marker "${name}" is shorter than ${minimum} bytes: make it longer.`);
  }
  const needles = createNeedles(markers);
  const longest = Math.max(0, ...needles.map((needle) => needle.bytes.length));
  const search = createByteSearch(needles.map((needle) => needle.bytes));
  const found = new Map<string, Finding>();

  const scan = (source: string, data: Buffer): void => {
    // An escape sequence may take six bytes, escaped twice seven or eight: an overlap of sixteen times never cuts a marker in two.
    const overlap = Math.max(4096, 16 * longest);
    for (let start = 0; start < data.length; start += CHUNK) {
      const chunk = data.subarray(start, start + CHUNK + overlap);
      const seen = new Set<number>();
      for (const view of escapedViews(chunk)) {
        // What stands open in one reading stands in all that are made of it: only the first says how it was hidden.
        for (const index of search(view.data)) {
          if (!seen.has(index)) add(source, view.path, needles[index]);
          seen.add(index);
        }
      }
    }
  };
  const add = (source: string, path: readonly string[], needle: Needle | undefined): void => {
    if (needle === undefined) return;
    const encoding = [...path, needle.encoding].join(" > ");
    const finding = { marker: needle.marker, source, encoding };
    found.set(JSON.stringify(finding), finding);
  };

  for (const { name, data } of readSources(sources)) {
    scan(`${name} (name)`, Buffer.from(name));
    for (const opened of openArchives(name, data, options.archives)) scan(opened.name, opened.data);
  }
  return [...found.values()];
}
