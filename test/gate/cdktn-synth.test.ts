/** main.ts as it is, synthesized by cdktf and by its successor in cdktf's place. Their types are compared by tsconfig.cdktn.json. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
/** Each core is loaded and run in a process of its own. */
jest.setTimeout(180_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktn-synth-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Synthesized {
  readonly "//": { readonly metadata: { readonly version: string } };
}

/** What a user's `overrides` do at install: whoever asks for cdktf gets another package, @cdktf/provider-kubernetes too. */
const inPlaceOfCdktf = (core: string) => `
const Module = require("node:module");
const original = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return original.call(this, request.replace(/^cdktf(?=\\/|$)/, ${JSON.stringify(core)}), ...rest);
};
`;

/** The stack that main.ts synthesizes on a core, and that core's version. */
function synthesizeOn(core: "cdktf" | "cdktn"): { readonly version: string; readonly stack: object } {
  const hook = join(folder, `${core}.cjs`);
  const out = join(folder, core);
  writeFileSync(hook, inPlaceOfCdktf(core));
  const { status, stderr } = spawnSync(process.execPath, ["--require", hook, "--import", "tsx", "main.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, CDKTF_OUTDIR: out, CDKTN_OUTDIR: out },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const text = readFileSync(join(out, "stacks/registry-access/cdk.tf.json"), "utf8");
  const { "//": about, ...stack } = JSON.parse(text) as Synthesized;
  return { version: about.metadata.version, stack };
}

const installed = (name: string) =>
  (JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as { version: string }).version;

it("cdktn synthesizes from main.ts what cdktf does, but for its own version", () => {
  const cdktf = synthesizeOn("cdktf");
  const cdktn = synthesizeOn("cdktn");
  expect([cdktf.version, cdktn.version]).toEqual([installed("cdktf"), installed("cdktn")]);
  expect(cdktn.stack).toEqual(cdktf.stack);
});
