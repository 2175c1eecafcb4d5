import { type LockEntry, mergeLockFile, parseLockFile } from "../../lib/constructs/lock-file";

const OURS = "registry.terraform.io/registry-access/registry";
const KUBERNETES = "registry.terraform.io/hashicorp/kubernetes";
const entry = (address: string, version: string, ...hashes: string[]): LockEntry => ({
  address,
  version,
  constraints: version,
  hashes,
});
const file = (...entries: LockEntry[]) => mergeLockFile(undefined, entries);

describe("mergeLockFile", () => {
  const required = [entry(OURS, "0.1.0", "h1:ours"), entry(KUBERNETES, "2.38.0")];
  const cases = {
    "no file": {
      existing: undefined,
      expected: [entry(KUBERNETES, "2.38.0"), entry(OURS, "0.1.0", "h1:ours")],
    },
    "hashes that init filled in, or the user committed, are kept": {
      existing: file(entry(KUBERNETES, "2.38.0", "h1:theirs", "zh:more"), entry(OURS, "0.1.0", "h1:ours")),
      expected: [entry(KUBERNETES, "2.38.0", "h1:theirs", "zh:more"), entry(OURS, "0.1.0", "h1:ours")],
    },
    "another version is replaced": {
      existing: file(entry(KUBERNETES, "2.37.0", "h1:old"), entry(OURS, "0.0.9", "h1:old")),
      expected: [entry(KUBERNETES, "2.38.0"), entry(OURS, "0.1.0", "h1:ours")],
    },
    "another build of ours under the same version is replaced": {
      existing: file(entry(OURS, "0.1.0", "h1:yesterday")),
      expected: [entry(KUBERNETES, "2.38.0"), entry(OURS, "0.1.0", "h1:ours")],
    },
    "another provider's entry stays": {
      existing: file(entry("registry.terraform.io/hashicorp/aws", "5.0.0", "h1:aws")),
      expected: [
        entry("registry.terraform.io/hashicorp/aws", "5.0.0", "h1:aws"),
        entry(KUBERNETES, "2.38.0"),
        entry(OURS, "0.1.0", "h1:ours"),
      ],
    },
    "further constraints, of modules, are kept": {
      existing: file({ ...entry(KUBERNETES, "2.38.0", "h1:theirs"), constraints: "2.38.0, >= 2.30.0" }),
      expected: [
        { ...entry(KUBERNETES, "2.38.0", "h1:theirs"), constraints: "2.38.0, >= 2.30.0" },
        entry(OURS, "0.1.0", "h1:ours"),
      ],
    },
    "an entry without or with other constraints keeps its hashes": {
      existing: `provider "${KUBERNETES}" {\r\n  version = "2.38.0"\r\n  hashes = [\r\n    "h1:theirs",\r\n  ]\r\n}\r\n`,
      expected: [entry(KUBERNETES, "2.38.0", "h1:theirs"), entry(OURS, "0.1.0", "h1:ours")],
    },
  };

  test.each(Object.entries(cases))("%s", (_, { existing, expected }) => {
    const merged = mergeLockFile(existing, required);
    expect(parseLockFile(merged)).toEqual(expected);
    expect(mergeLockFile(merged, required)).toBe(merged);
  });

  test("writes what Terraform writes", () => {
    expect(file(entry(KUBERNETES, "2.38.0"), entry(OURS, "0.1.0", "h1:ours"))).toBe(
      `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/kubernetes" {
  version     = "2.38.0"
  constraints = "2.38.0"
}

provider "registry.terraform.io/registry-access/registry" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:ours",
  ]
}
`,
    );
  });
});

test("parseLockFile ends what is not closed with the next entry, or with the file (issue 4: fuzz)", () => {
  expect(parseLockFile("provider/*]\n".repeat(20_000))).toEqual([]);
  const open = 'provider "a/b/c" {\n  version = "1.0.0"\n';
  expect(parseLockFile(`${open}${open}`)).toEqual(
    Array(2).fill({ address: "a/b/c", version: "1.0.0", constraints: "", hashes: [] }),
  );
});
