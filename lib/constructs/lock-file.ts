/** One provider's entry in `.terraform.lock.hcl`. */
export interface LockEntry {
  /** Host, namespace and name: `registry.terraform.io/hashicorp/kubernetes`. */
  readonly address: string;
  readonly version: string;
  /** Where empty, an existing entry keeps its own. */
  readonly constraints: string;
  /** Where empty, `init` fills them in. */
  readonly hashes: readonly string[];
}

const HEADER = [
  '# This file is maintained automatically by "terraform init".',
  "# Manual edits may be lost in future updates.",
  "",
].join("\n");
// Whatever is not closed ends with the file, or with the next entry: nothing is read twice.
const COMMENT = /\/\*[\s\S]*?(?:\*\/\n?|(?![\s\S]))/g;
const BLOCK = /^provider\s+"([^"]+)"\s*\{\n?([\s\S]*?)(?:^\}[^\n]*\n?|(?=^provider\s)|(?![\s\S]))/gm;

/**
 * A lock file that has an entry for every required provider. `cdktf deploy` would otherwise run `providers lock`, which asks the
 * registry alone and so fails for a provider that only the stack's folder has (facts: cdktf 0.21).
 *
 * An entry that is there and right keeps its hashes, which may come from a lock file that the user committed; one for another
 * version, or whose hashes are not those required, is replaced; entries of other providers stay as they are.
 *
 * @param forCdktf - entries that cdktf has to find and the engine must not: with OpenTofu, cdktf still looks under Terraform's
 * host. They stand in a comment, which cdktf reads like anything else.
 */
export function mergeLockFile(
  existing: string | undefined,
  required: readonly LockEntry[],
  forCdktf: readonly LockEntry[] = [],
): string {
  const entries = new Map(parseLockFile(existing ?? "").map((entry) => [entry.address, entry]));
  for (const wanted of required) entries.set(wanted.address, mergeEntry(entries.get(wanted.address), wanted));
  const sorted = [...entries.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  // OpenTofu's own header names OpenTofu.
  const header = /^(?:#[^\n]*\n)+/.exec(existing ?? "")?.[0] ?? HEADER;
  const comment = forCdktf.length === 0 ? [] : [`/*\nFor cdktf alone:\n${forCdktf.map(formatEntry).join("\n")}*/\n`];
  return [header, ...sorted.map(formatEntry), ...comment].join("\n");
}

function mergeEntry(existing: LockEntry | undefined, wanted: LockEntry): LockEntry {
  if (existing === undefined || existing.version !== wanted.version) return wanted;
  const isRight = wanted.hashes.every((hash) => existing.hashes.includes(hash));
  if (!isRight) return wanted.constraints === "" ? { ...wanted, constraints: existing.constraints } : wanted;
  // Modules of the user's own add constraints, which Terraform writes beside ours.
  const constraints = existing.constraints.split(",").map((constraint) => constraint.trim());
  return wanted.constraints === "" || constraints.includes(wanted.constraints)
    ? existing
    : { ...existing, constraints: wanted.constraints };
}

/** The entries of a lock file. */
export function parseLockFile(text: string): readonly LockEntry[] {
  return [...text.replace(/\r\n/g, "\n").replace(COMMENT, "").matchAll(BLOCK)].map(([, address = "", body = ""]) => ({
    address,
    version: /^[ \t]*version[ \t]*=[ \t]*"([^"]*)"/m.exec(body)?.[1] ?? "",
    constraints: /^[ \t]*constraints[ \t]*=[ \t]*"([^"]*)"/m.exec(body)?.[1] ?? "",
    hashes: [...(/^[ \t]*hashes[ \t]*=[ \t]*\[([^\]]*)/m.exec(body)?.[1]?.matchAll(/"([^"]+)"/g) ?? [])].map(
      (match) => match[1] ?? "",
    ),
  }));
}

function formatEntry({ address, version, constraints, hashes }: LockEntry): string {
  const lines = [
    `  version     = ${JSON.stringify(version)}`,
    ...(constraints === "" ? [] : [`  constraints = ${JSON.stringify(constraints)}`]),
    ...(hashes.length === 0 ? [] : ["  hashes = [", ...hashes.map((hash) => `    ${JSON.stringify(hash)},`), "  ]"]),
  ];
  return `provider ${JSON.stringify(address)} {\n${lines.join("\n")}\n}\n`;
}
