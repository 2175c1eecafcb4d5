import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { privateImages, publicImages, sampleAnswer } from "../../sandbox/images/catalogue";
import { createImage, digestOf, type Image } from "../../sandbox/images/image";
import { createTar } from "../../sandbox/images/tar";

const files = [
  { path: "etc/motd", content: "hello\n" },
  { path: "bin/run", content: Buffer.alloc(512, 1), mode: 0o755 },
];

describe("createTar", () => {
  it("makes an archive that tar reads", () => {
    const listing = execFileSync("tar", ["-tvf", "-", "--numeric-owner"], {
      input: createTar(files),
      encoding: "utf8",
      env: { ...process.env, TZ: "UTC" },
    });
    const rows = listing
      .trim()
      .split("\n")
      .map((row) => row.replace(/\s+/g, " "));
    expect(rows).toEqual(["-rw-r--r-- 0/0 6 1970-01-01 00:00 etc/motd", "-rwxr-xr-x 0/0 512 1970-01-01 00:00 bin/run"]);
    expect(execFileSync("tar", ["-xOf", "-", "etc/motd"], { input: createTar(files), encoding: "utf8" })).toBe("hello\n");
  });

  it.each(["/absolute", "", "a".repeat(101), "ümlaut"])("fails when a path is %j", (path) => {
    expect(() => createTar([{ path, content: "" }])).toThrow(/Invalid path/);
  });
});

describe("createImage", () => {
  it("describes its config and layer as Docker's schema 2 has it", () => {
    const { manifest, config, layers } = createImage({ format: "docker", files, entrypoint: ["/bin/run"] });
    const [layer] = layers;
    expect(JSON.parse(manifest.bytes.toString())).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: config.bytes.length,
        digest: digestOf(config.bytes),
      },
      layers: [
        { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: layer?.bytes.length, digest: layer?.digest },
      ],
    });
    expect(manifest.digest).toBe(digestOf(manifest.bytes));
    const { rootfs, config: run } = JSON.parse(config.bytes.toString());
    expect(run).toEqual({ Entrypoint: ["/bin/run"] });
    expect(rootfs).toEqual({ type: "layers", diff_ids: [digestOf(gunzipSync(layer?.bytes ?? ""))] });
  });

  it("speaks OCI's media types where asked to", () => {
    const { manifest, config, layers } = createImage({ format: "oci", files });
    expect([manifest, config, ...layers].map(({ mediaType }) => mediaType)).toEqual([
      "application/vnd.oci.image.manifest.v1+json",
      "application/vnd.oci.image.config.v1+json",
      "application/vnd.oci.image.layer.v1.tar+gzip",
    ]);
  });

  it("has the same digest on every machine", () => {
    expect(createImage({ format: "oci", files: [{ path: "a", content: "b" }] }).manifest.digest).toBe(
      "sha256:48bd5c50f7a17ce48c9627e03d36ed6063acf5824a5b01009d5c2bc02b3f2fd7",
    );
  });
});

describe("what runs in the sandbox's images", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "images-"));
    for (const [path, content] of Object.entries({
      "static-web": "program",
      "nginx/usr/sbin/nginx": "nginx",
      "nginx/lib/x86_64-linux-gnu/libz.so.1.2": "library",
      "nginx/usr/lib/x86_64-linux-gnu/gconv/UTF-7.so": "not needed",
      "nginx/usr/share/doc/nginx/copyright": "not needed",
      "nginx/usr/share/nginx/html/index.html": "Welcome to nginx!",
    })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    symlinkSync("libz.so.1.2", join(folder, "nginx/lib/x86_64-linux-gnu/libz.so.1"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const filesOf = ({ layers }: Image): string[] =>
    execFileSync("tar", ["-tzf", "-"], { input: layers[0]?.bytes, encoding: "utf8" }).trim().split("\n");
  const programs = () => ({ staticWeb: join(folder, "static-web"), nginx: join(folder, "nginx") });

  it("Liberty's sample serves its page on Liberty's port", () => {
    const [{ image } = { image: undefined }] = privateImages(programs());
    expect(JSON.parse(image?.config.bytes.toString() ?? "").config.Entrypoint).toEqual([
      "/bin/static-web",
      "-address=:9080",
      "-folder=/srv",
    ]);
    expect(sampleAnswer("acme/ibmliberty")).toEqual({ port: 9080, text: "acme/ibmliberty:latest\n" });
    expect(sampleAnswer("stranger/app")).toBeUndefined();
  });

  it("nginx has what it needs to run, with the libraries in one place, and no more", () => {
    const [{ image } = { image: undefined }] = publicImages(programs());
    expect(image && filesOf(image).filter((path) => !/^(?:run|tmp|var|etc)\//.test(path))).toEqual([
      "lib",
      "lib64",
      "usr/lib/x86_64-linux-gnu/libz.so.1",
      "usr/lib/x86_64-linux-gnu/libz.so.1.2",
      "usr/sbin/nginx",
      "usr/share/nginx/html/index.html",
    ]);
  });

  it("a small server stands in for nginx where it can't be had", () => {
    const [{ image } = { image: undefined }] = publicImages({ ...programs(), nginx: undefined });
    expect(image && filesOf(image)).toEqual(["bin/static-web", "srv/index.html"]);
  });
});

it("every image of the sandbox differs from every other", () => {
  const digests = [...privateImages(), ...publicImages()].map(({ image }) => image.manifest.digest);
  expect(new Set(digests).size).toBe(digests.length);
});
