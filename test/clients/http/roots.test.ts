import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { readRoots } from "../../../lib/clients/http/roots";
import { SYSTEM_STORE, type SystemStore } from "../../../lib/clients/http/system-store";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { startTestServer } from "../test-server";

const NAMES = ["first", "second", "loose", "company", "extra"] as const;
type Name = (typeof NAMES)[number];

let folder: string;
const authorities = new Map<Name, { readonly certificate: string; readonly key: string }>();
const at = (...path: string[]) => join(folder, ...path);
const pem = (...names: Name[]) => names.map((name) => `# ${name}\n${authorities.get(name)?.certificate}`).join("\n");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "registry-access-roots-"));
  for (const name of NAMES) authorities.set(name, await createAuthority(name));
  for (const name of NAMES) writeFileSync(at(`${name}.pem`), pem(name));
  mkdirSync(at("certs"));
  writeFileSync(at("bundle.crt"), pem("first", "second"));
  writeFileSync(at("certs", "bundle.crt"), pem("first"));
  writeFileSync(at("certs", "loose.pem"), pem("loose"));
  writeFileSync(at("certs", "README"), "Put certificates here.");
  symlinkSync(at("company.pem"), at("certs", "0a1b2c3d.0"));
  symlinkSync(at("nowhere"), at("certs", "dangling.pem"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Which of the test's certificates are trusted, and how many others. */
async function trusted(env: { readonly [name: string]: string }, store: SystemStore | null): Promise<unknown> {
  const roots = await readRoots(env, store);
  const nameOf = (root: string) => NAMES.find((name) => root.includes(authorities.get(name)?.certificate.trim() ?? ""));
  const names = roots?.map(nameOf).filter((name) => name !== undefined);
  return roots === undefined ? "Node's own" : [...(names ?? []), roots.length - (names?.length ?? 0)];
}

const usual = (): SystemStore => ({ files: [at("nowhere"), at("bundle.crt"), at("company.pem")], folders: [at("certs")] });
const bare = (): SystemStore => ({ files: [at("nowhere")], folders: [at("neither")] });
const foldersAlone = (): SystemStore => ({ ...usual(), files: [] });
const mozillas = rootCertificates.length;

const table: { [name: string]: [store: () => SystemStore | null, env: () => { [name: string]: string }, expected: unknown] } = {
  "the first file that is there, and nothing else": [usual, () => ({}), ["first", "second", 0]],
  "the folders, where no file is there": [foldersAlone, () => ({}), ["first", "loose", 0]],
  "no store at all": [bare, () => ({}), "Node's own"],
  "no store, with NODE_EXTRA_CA_CERTS, which Node reads by itself": [
    bare,
    () => ({ NODE_EXTRA_CA_CERTS: at("extra.pem") }),
    "Node's own",
  ],
  "SSL_CERT_FILE takes the place of the file, and the folders stay": [
    usual,
    () => ({ SSL_CERT_FILE: at("company.pem") }),
    ["first", "loose", "company", 0],
  ],
  "SSL_CERT_DIR takes the place of the folders, and the file stays": [
    usual,
    () => ({ SSL_CERT_DIR: `${at("nowhere")}:${at("certs")}` }),
    ["first", "second", "company", "loose", 0],
  ],
  "both take the place of all": [
    usual,
    () => ({ SSL_CERT_FILE: at("company.pem"), SSL_CERT_DIR: at("certs") }),
    ["company", "first", "loose", 0],
  ],
  "NODE_EXTRA_CA_CERTS on top": [usual, () => ({ NODE_EXTRA_CA_CERTS: at("extra.pem") }), ["first", "second", "extra", 0]],
  "SSL_CERT_FILE where there is no store": [bare, () => ({ SSL_CERT_FILE: at("company.pem") }), ["company", 0]],
  "an empty variable is none": [usual, () => ({ SSL_CERT_FILE: "", SSL_CERT_DIR: "" }), ["first", "second", 0]],
  "another system than Linux": [() => null, () => ({}), "Node's own"],
  "another system, with SSL_CERT_FILE beside Mozilla's list": [
    () => null,
    () => ({ SSL_CERT_FILE: at("company.pem"), NODE_EXTRA_CA_CERTS: at("extra.pem") }),
    ["company", "extra", mozillas],
  ],
};
test.each(Object.entries(table))("%s", async (_, [store, env, expected]) => {
  expect(await trusted(env(), store())).toEqual(expected);
});

test("a damaged certificate of the store hides none of the others", async () => {
  const damaged = pem("first").replace(/(BEGIN CERTIFICATE-----\n).{20}/, "$1!!!!!!!!!!!!!!!!!!!!");
  writeFileSync(at("damaged.crt"), `${damaged}\n${pem("second")}`);
  const made = await issueCertificate(authorities.get("second") ?? { certificate: "", key: "" }, {
    commonName: "s",
    hosts: ["127.0.0.1"],
  });
  const server = await startTestServer(() => ({ json: {} }), { cert: made.certificate, key: made.key });
  try {
    const ca = [...((await readRoots({}, { files: [at("damaged.crt")], folders: [] })) ?? [])];
    expect(ca).toHaveLength(2);
    const status = new Promise((done, failed) =>
      request(server.url, { ca, agent: false }, ({ statusCode }) => done(statusCode))
        .on("error", failed)
        .end(),
    );
    expect(await status).toBe(200);
  } finally {
    await server.close();
  }
});

test("on Linux, it looks where Go does", () => {
  expect(SYSTEM_STORE?.files[0]).toBe(process.platform === "linux" ? "/etc/ssl/certs/ca-certificates.crt" : undefined);
});
