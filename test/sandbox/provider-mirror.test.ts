import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chooseKubernetesProvider, describeKubernetesProvider, writeCliConfig } from "../../sandbox/provider-mirror";

let folder: string;
let binary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mirror-"));
  binary = join(folder, "terraform-provider-kubernetes_v2.39.1");
  writeFileSync(binary, "#!/bin/sh\n");
  chmodSync(binary, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeCliConfig", () => {
  test("mirrors the provider under the default hosts of both engines", () => {
    const config = readFileSync(writeCliConfig({ folder: join(folder, "cli"), kubernetesProviderBinary: binary }), "utf8");
    expect(config).not.toContain("dev_overrides");
    const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
    for (const host of ["registry.terraform.io", "registry.opentofu.org"]) {
      const mirrored = join(
        folder,
        "cli/mirror",
        host,
        "hashicorp/kubernetes/2.39.1",
        platform,
        "terraform-provider-kubernetes_v2.39.1",
      );
      expect(readFileSync(mirrored, "utf8")).toBe("#!/bin/sh\n");
      expect(statSync(mirrored).mode & 0o111).toBe(0o111);
      expect(config).toContain(`${host}/hashicorp/kubernetes`);
    }
  });

  test("overrides where that is asked for", () => {
    const config = readFileSync(writeCliConfig({ folder, kubernetesProviderBinary: binary, devOverride: true }), "utf8");
    expect(config).toContain(`"registry.terraform.io/hashicorp/kubernetes" = ${JSON.stringify(dirname(binary))}`);
  });

  test("leaves the engine to look for providers by itself where there is no file", () => {
    expect(readFileSync(writeCliConfig({ folder }), "utf8")).toBe("disable_checkpoint = true\n");
  });

  test("fails when the file can't be run", () => {
    expect(() => writeCliConfig({ folder, kubernetesProviderBinary: join(folder, "none") })).toThrow(
      "is not a file that can be run",
    );
  });
});

describe("chooseKubernetesProvider", () => {
  let server: Server;
  let url: string;
  let answers: { readonly [path: string]: { readonly status: number; readonly body?: unknown } };
  beforeEach(async () => {
    answers = {};
    server = createServer((request, response) => {
      const path = Object.keys(answers).find((start) => request.url?.startsWith(start));
      const { status, body } = (path !== undefined && answers[path]) || { status: 404 };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test("the real one by its file", async () => {
    const provider = await chooseKubernetesProvider({ KUBERNETES_PROVIDER: binary }, { url });
    expect(provider).toEqual({ kind: "real-binary", path: binary, version: "2.39.1" });
    expect(describeKubernetesProvider(provider)).toBe(
      `hashicorp/kubernetes 2.39.1, the real one: ${binary} (KUBERNETES_PROVIDER)`,
    );
    expect(describeKubernetesProvider({ kind: "real-binary", path: "/opt/provider", version: "2.38.0" })).toBe(
      "hashicorp/kubernetes 2.38.0, the real one: /opt/provider (KUBERNETES_PROVIDER, taken for that version since its name has none)",
    );
  });

  test("the real one from a registry that answers", async () => {
    answers = {
      "/v1/providers/hashicorp/kubernetes/": { status: 200, body: { download_url: `${url}/file.zip` } },
      "/file.zip": { status: 200 },
    };
    expect(await chooseKubernetesProvider({}, { url })).toEqual({ kind: "registry", host: "registry.terraform.io" });
  });

  test("the stand-in where the registry answers, and the place of its files does not", async () => {
    answers = { "/v1/providers/hashicorp/kubernetes/": { status: 200, body: { download_url: `${url}/file.zip` } } };
    expect(await chooseKubernetesProvider({}, { url })).toEqual({
      kind: "stand-in",
      version: "2.38.0",
      why: "registry.terraform.io does not serve it here (not_found)",
    });
  });

  test("the stand-in where nothing listens", async () => {
    const provider = await chooseKubernetesProvider({}, { url: "http://127.0.0.1:9", host: "registry.opentofu.org" });
    expect(describeKubernetesProvider(provider)).toBe(
      "the offline stand-in for hashicorp/kubernetes 2.38.0, since registry.opentofu.org does not serve it here (unreachable); KUBERNETES_PROVIDER=FILE names a real one",
    );
  });

  test("fails when KUBERNETES_PROVIDER names no executable", async () => {
    await expect(chooseKubernetesProvider({ KUBERNETES_PROVIDER: join(folder, "none") }, { url })).rejects.toThrow(
      "is not a file that can be run",
    );
  });
});
