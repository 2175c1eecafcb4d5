import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as api from "../../../lib";
import { types } from "../../../lib/schema";
import { CONSTRUCTS, renderReference } from "../../../scripts/docs/reference";
import { compareReference, writeReference } from "../../../scripts/docs/write-reference";

const files = renderReference(types, () => "# an example");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reference-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what was written needs no update", () => {
  writeReference(folder, files);
  expect(compareReference(folder, files)).toEqual([]);
});

test("fails when a page is missing, out of date or left over", () => {
  writeReference(folder, files);
  rmSync(join(folder, "README.md"));
  writeFileSync(join(folder, "provider-registry.md"), "edited by hand");
  writeFileSync(join(folder, "resource-gone.md"), "");
  expect(compareReference(folder, files)).toEqual([
    "provider-registry.md is out of date",
    "README.md is missing",
    "resource-gone.md belongs to no type",
  ]);
});

test("writing removes pages that belong to no type", () => {
  writeFileSync(join(folder, "resource-gone.md"), "");
  writeReference(folder, files);
  expect(compareReference(folder, files)).toEqual([]);
});

test("fails when a type has no example", () => {
  expect(() => renderReference(types, () => undefined)).toThrow("write docs/examples/provider-registry/main.tf");
});

test("fails when a type has no construct", () => {
  const unknown = { name: "registry_new", kind: "resource", description: "New.", attributes: {} } as const;
  expect(() => renderReference([unknown], () => "")).toThrow("add it to CONSTRUCTS");
});

test("every construct that a page names is in the public API", () => {
  expect(Object.values(CONSTRUCTS).filter((name) => !Object.keys(api).includes(name))).toEqual([]);
});
