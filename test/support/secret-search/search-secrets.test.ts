import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { searchSecrets, textSource } from ".";

const MARKER = "Mk-7fQ/zL+w9~<x>";
const markers = new Map([["password", MARKER]]);

const b64 = (data: string | Buffer): string => Buffer.from(data).toString("base64");
const jsonUnits = (text: string): string =>
  [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** A zip file with one entry, deflated; just enough of the format to be read by others as well. */
function zip(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), data]);
}

/** A tar with one file; neither its checksum nor its end matter here. */
function tar(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  return Buffer.concat([header, content, Buffer.alloc(512 - (content.length % 512))]);
}

describe("a planted marker is found", () => {
  const planted: Record<string, { data: string | Buffer; encoding: string; source?: string }> = {
    plain: { data: `before ${MARKER} after`, encoding: "plain" },
    "UTF-16": { data: Buffer.from(`before ${MARKER} after`, "utf16le"), encoding: "utf16le" },
    "base64, first alignment": { data: `x ${b64(`abc${MARKER}tail`)} y`, encoding: "base64" },
    "base64, second alignment": { data: `x ${b64(`abcd${MARKER}tail`)} y`, encoding: "base64" },
    "base64, third alignment": { data: `x ${b64(`abcde${MARKER}tail`)} y`, encoding: "base64" },
    base64url: { data: `x ${Buffer.from(`ab${MARKER}tail`).toString("base64url")} y`, encoding: "base64url" },
    "base64 of a JSON string as Go writes it": {
      data: b64(`{"password":"Mk-7fQ/zL+w9~\\u003cx\\u003e"}`),
      encoding: "base64 > json",
    },
    "hex, lower case": { data: Buffer.from(MARKER).toString("hex"), encoding: "hex" },
    "hex, upper case": { data: Buffer.from(MARKER).toString("hex").toUpperCase(), encoding: "hex" },
    "hex of base64": { data: Buffer.from(b64(`u:${MARKER}`)).toString("hex"), encoding: "hex > base64" },
    "URL-escaped altogether": { data: `q=${percent(MARKER)}&r=1`, encoding: "url > plain" },
    "URL-escaped in part": { data: "q=Mk-7fQ%2FzL+w9%7E<x%3e", encoding: "url > plain" },
    "URL-escaped twice": { data: encodeURIComponent(percent(MARKER)), encoding: "url > url > plain" },
    "JSON-escaped altogether": { data: `{"a":"${jsonUnits(MARKER)}"}`, encoding: "json > plain" },
    "JSON-escaped in part": { data: `{"a":"Mk-7fQ\\/zL+w9~\\u003Cx>"}`, encoding: "json > plain" },
    "JSON-escaped twice": { data: JSON.stringify(`{"a":"${jsonUnits(MARKER)}"}`), encoding: "json > json > plain" },
    "base64 with escaped plus signs, in JSON in JSON": {
      data: JSON.stringify(b64(`ab${MARKER}tail`).replaceAll("+", "\\u002b")),
      encoding: "json > json > base64",
    },
    "URL-escaped base64 in JSON": {
      data: JSON.stringify({ a: `"${encodeURIComponent(b64(`ab${MARKER}tail`))}"` }),
      encoding: "url > base64",
    },
    gzip: { data: gzipSync(`x ${MARKER}`), encoding: "plain", source: "it > gzip" },
    "gzip after other bytes, cut off": {
      data: Buffer.concat([Buffer.from("head"), gzipSync(`x ${MARKER} ${"y".repeat(1000)}`).subarray(0, -8)]),
      encoding: "plain",
      source: "it > gzip",
    },
    "gzip in base64": { data: `{"state":"${b64(gzipSync(MARKER))}"}`, encoding: "plain", source: "it > base64 > gzip" },
    "tar in gzip": { data: gzipSync(tar("f", Buffer.from(b64(MARKER)))), encoding: "base64", source: "it > gzip" },
    zip: { data: zip("entry", Buffer.from(MARKER)), encoding: "plain", source: "it > zip" },
    "gzip in tar in zip": {
      data: zip("entry", tar("f", gzipSync(MARKER))),
      encoding: "plain",
      source: "it > zip > gzip",
    },
  };
  for (const [name, { data, encoding, source = "it" }] of Object.entries(planted)) {
    test(name, () => {
      expect(searchSecrets(markers, [{ name: "it", data: Buffer.from(data) }])).toContainEqual({
        marker: "password",
        source,
        encoding,
      });
    });
  }

  for (const outer of [0, 1, 2]) {
    for (const inner of [0, 1, 2]) {
      test(`base64 nested twice, alignments ${outer} and ${inner}`, () => {
        const data = b64(`${"o".repeat(outer)}${b64(`${"i".repeat(inner)}${MARKER}tail`)}tail`);
        expect(searchSecrets(markers, [textSource("it", data)])).toEqual([
          { marker: "password", source: "it", encoding: "base64 > base64" },
        ]);
      });
    }
  }

  test("across the border of two chunks", () => {
    for (const escaped of [MARKER, jsonUnits(MARKER)]) {
      const data = Buffer.alloc(8 * 1024 * 1024 + 100, "x");
      data.write(escaped, 8 * 1024 * 1024 - 50);
      expect(searchSecrets(markers, [{ name: "it", data }])).toHaveLength(1);
    }
  });
});

describe("files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secret-search-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("a directory is searched with all below it, names included", () => {
    const named = "marker-in-a-file-name";
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "log"), b64(MARKER));
    writeFileSync(join(folder, named), "");
    expect(searchSecrets(new Map([...markers, ["file", named]]), [{ name: "run", data: folder }])).toEqual([
      { marker: "file", source: `run/${named} (name)`, encoding: "plain" },
      { marker: "password", source: "run/sub/log", encoding: "base64" },
    ]);
  });

  test("fails when a source is not there", () => {
    expect(() => searchSecrets(markers, [{ name: "run", data: join(folder, "absent") }])).toThrow("ENOENT");
  });

  const terraform = findTerraform();
  (terraform === undefined ? test.skip : test)(
    terraform === undefined
      ? "a saved plan of the real Terraform (skipped: there is no terraform on PATH)"
      : "a saved plan of the real Terraform",
    () => {
      writeFileSync(join(folder, "main.tf"), `resource "terraform_data" "a" {\n  input = ${JSON.stringify(MARKER)}\n}\n`);
      const env = { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" };
      execFileSync(terraform ?? "", ["init", "-input=false"], { cwd: folder, env });
      execFileSync(terraform ?? "", ["plan", "-input=false", "-out=saved"], { cwd: folder, env });
      rmSync(join(folder, "main.tf"));
      const sources = searchSecrets(markers, [{ name: "plan", data: join(folder, "saved") }]).map((finding) => finding.source);
      expect([...new Set(sources)]).toEqual(["plan > zip"]);
    },
    60_000,
  );
});

test("nothing is found where nothing is", () => {
  const text = JSON.stringify({ a: "Mk-7fQ/zL+w9~<x", b: b64("Mk-7fQ/zL+w8~<x>"), c: percent("k-7fQ/zL+w9~<x>"), d: "%zz\\u12" });
  const data = Buffer.concat([Buffer.from(text), gzipSync(text), zip("e", Buffer.from(text)), Buffer.from([0x1f, 0x8b, 0x08])]);
  expect(searchSecrets(markers, [{ name: "it", data }])).toEqual([]);
});

test("several markers, several sources, each once", () => {
  const two = new Map([...markers, ["token", "another-marker-123"]]);
  const found = searchSecrets(two, [
    textSource("a", `${MARKER} ${MARKER}`),
    textSource("b", "clean"),
    textSource("c", `another-marker-123 ${b64("another-marker-123")}`),
  ]);
  expect(found).toEqual([
    { marker: "password", source: "a", encoding: "plain" },
    { marker: "token", source: "c", encoding: "plain" },
    { marker: "token", source: "c", encoding: "base64" },
  ]);
});

test("a finding never holds the marker's value", () => {
  expect(JSON.stringify(searchSecrets(markers, [textSource("a", MARKER)]))).not.toContain(MARKER);
});

test("fails when a marker is too short to be searched for", () => {
  expect(() => searchSecrets(new Map([["pin", "1234567"]]), [])).toThrow(
    'The marker "pin" is shorter than 8 bytes: make it longer.',
  );
});

test("fails when an archive is deeper or bigger than the limits", () => {
  const deep = gzipSync(gzipSync(gzipSync("x")));
  const sources = [{ name: "it", data: deep }];
  expect(() => searchSecrets(markers, sources, { archives: { depth: 2 } })).toThrow("packed too deep or too big");
  expect(() =>
    searchSecrets(markers, [{ name: "it", data: gzipSync(Buffer.alloc(5000)) }], { archives: { bytes: 1000 } }),
  ).toThrow("more than the limit");
});

function findTerraform(): string | undefined {
  const name = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  try {
    execFileSync(name, ["version"], { stdio: "ignore" });
    return name;
  } catch {
    return undefined;
  }
}
