import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCodeCache } from "../../../lib/provider/plugin/code-cache";

describe("code cache", () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "code-cache-"));
    folder = join(home, "cdktf-registry-access", "code");
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const open = () => openCodeCache("hash", { XDG_CACHE_HOME: home });

  it("keeps code by stage, the configured one first", () => {
    const cache = open();
    expect(cache?.read()).toBeUndefined();
    cache?.write("schema", Buffer.from("s"));
    expect(cache?.read()).toEqual({ data: Buffer.from("s"), stage: "schema" });
    cache?.write("configured", Buffer.from("c"));
    expect(open()?.read()).toEqual({ data: Buffer.from("c"), stage: "configured" });
  });

  it("does not read what was damaged, and removes it", () => {
    open()?.write("schema", Buffer.from("schema"));
    open()?.write("configured", Buffer.from("configured"));
    const file = join(folder, `hash-${process.version}-${process.arch}-configured`);
    writeFileSync(file, readFileSync(file).fill(0, 36));
    expect(open()?.read()).toEqual({ data: Buffer.from("schema"), stage: "schema" });
    expect(existsSync(file)).toBe(false);
  });

  it("leaves nothing behind where it can't be written", () => {
    mkdirSync(join(folder, `hash-${process.version}-${process.arch}-schema`), { recursive: true });
    chmodSync(folder, 0o700);
    open()?.write("schema", Buffer.from("s"));
    expect(readdirSync(folder)).toEqual([`hash-${process.version}-${process.arch}-schema`]);
  });

  it("is off where Node's own is switched off", () => {
    expect(openCodeCache("hash", { XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: "1" })).toBeUndefined();
  });

  it("is not used where others can write to its folder", () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o770);
    expect(open()).toBeUndefined();
  });

  it("is not used where its folder is a link", () => {
    mkdirSync(join(home, "cdktf-registry-access"), { recursive: true });
    mkdirSync(join(home, "elsewhere"), { mode: 0o700 });
    symlinkSync(join(home, "elsewhere"), folder);
    expect(open()).toBeUndefined();
  });

  it("does not read a file that others could have written", () => {
    open()?.write("schema", Buffer.from("s"));
    const file = join(folder, `hash-${process.version}-${process.arch}-schema`);
    chmodSync(file, 0o666);
    expect(open()?.read()).toBeUndefined();
    rmSync(file);
    writeFileSync(join(home, "other"), "x", { mode: 0o600 });
    symlinkSync(join(home, "other"), file);
    expect(open()?.read()).toBeUndefined();
  });
});
