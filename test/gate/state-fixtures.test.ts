/** The states of releases that test/fixtures/states keeps: whole, and in the repository. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { types } from "../../lib/schema";
import { version } from "../../package.json";

const root = resolve(__dirname, "../..");
const STATES = "test/fixtures/states";
const KINDS = ["clean", "drifted"] as const;
const FILES = ["main.tf", "plan.json", "terraform.tfstate", "world.json"];

const folders = readdirSync(join(root, STATES), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
/** Those of this version, the newest last. */
const own = folders.filter((name) => name === `v${version}` || name.startsWith(`v${version}-`));

interface StateFile {
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly instances: readonly { readonly attributes: object }[];
  }[];
}

/** git's own list; undefined where there is no git, or no repository. */
function tracked(): readonly string[] | undefined {
  const { status, stdout } = spawnSync("git", ["ls-files", STATES], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trimEnd().split("\n") : undefined;
}

const files = (folder: string) => KINDS.flatMap((kind) => FILES.map((file) => `${STATES}/${folder}/${kind}/${file}`));
const listed = tracked();

/** Read anew at each plan, and nothing of it is kept for another release; it would need the same TLS server each time. */
const READ_ANEW = new Set(["registry_certificate"]);

const NEVER = new Set([
  // Null in every state that can be clean: the seeded token is permanent.
  "data source registry_token.expires_at",
  // A region's registry is asked at its own public host, which no sandbox is.
  "resource registry_ibmcloud_namespace.region",
]);

/** A write-only attribute is null in every state. */
const isStored = (attribute: object): boolean => !("writeOnly" in attribute);

it("this version has a state of its own (fails when a release has none)", () => {
  expect({ version, has: own.length > 0 }).toEqual({ version, has: true });
});

describe.each(folders)("%s", (folder) => {
  it("is whole", () => {
    const found = readdirSync(join(root, STATES, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => join(parentPath, name).slice(root.length + 1));
    expect(found.sort()).toEqual(files(folder));
  });

  if (listed === undefined) it.skip("is in the repository (skipped: no git, or no repository, here)", () => undefined);
  else {
    it("is in the repository", () => {
      expect(listed.filter((path) => path.startsWith(`${STATES}/${folder}/`)).sort()).toEqual(files(folder));
    });
  }
});

describe("the newest state of this version", () => {
  /** Every attribute of every instance, of a type. */
  const instances = KINDS.flatMap((kind) => {
    const text = readFileSync(join(root, STATES, own.at(-1) ?? "", kind, "terraform.tfstate"), "utf8");
    return (JSON.parse(text) as StateFile).resources;
  });

  it.each(
    types
      .filter(({ kind, name }) => (kind === "resource" || kind === "data source") && !READ_ANEW.has(name))
      .map((type) => [`${type.kind} ${type.name}`, type] as const),
  )("%s: has a value for each attribute of the schema", (_, type) => {
    const mode = type.kind === "data source" ? "data" : "managed";
    const values = instances
      .filter((found) => found.mode === mode && found.type === type.name)
      .flatMap((found) => found.instances);
    const set = values.flatMap(({ attributes }) =>
      Object.entries(attributes).flatMap(([name, value]) => (value === null ? [] : [name])),
    );
    const expected = Object.entries(type.attributes).flatMap(([name, attribute]) =>
      isStored(attribute) && !NEVER.has(`${type.kind} ${type.name}.${name}`) ? [name] : [],
    );
    expect(expected.filter((name) => !set.includes(name))).toEqual([]);
  });
});
