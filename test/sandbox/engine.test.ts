import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { binariesFolder } from "../../sandbox/binaries/ensure";
import { contentKey } from "../../sandbox/binaries/flags";
import { OPENTOFU_MODULE, pinnedVersion } from "../../sandbox/binaries/modules";
import { findEngine, minorOf, provideEngine } from "../../sandbox/engine";

describe("findEngine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, says: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
    return path;
  };

  it("takes terraform before tofu", async () => {
    put("tofu", "OpenTofu v1.12.6");
    const path = put("terraform", "Terraform v1.11.4\non linux_amd64");
    expect(await findEngine({ environment: { PATH: folder } })).toEqual({ path, kind: "terraform", version: "1.11.4" });
  });

  it("takes tofu where there is no terraform", async () => {
    const path = put("tofu", "OpenTofu v1.12.6\non linux_amd64");
    expect(await findEngine({ environment: { PATH: folder } })).toEqual({ path, kind: "opentofu", version: "1.12.6" });
  });

  it.each(["other", "path"])("takes the one that TERRAFORM_BINARY_NAME names, by %s", async (how) => {
    put("terraform", "Terraform v1.11.4");
    const path = put("other", "OpenTofu v1.12.6-rc1");
    const environment = { PATH: folder, TERRAFORM_BINARY_NAME: how === "path" ? path : "other" };
    expect(await findEngine({ environment })).toEqual({ path, kind: "opentofu", version: "1.12.6-rc1" });
  });

  it("fails when the named one is not there, rather than take another", async () => {
    put("terraform", "Terraform v1.11.4");
    await expect(findEngine({ environment: { PATH: folder, TERRAFORM_BINARY_NAME: "terraform9" } })).rejects.toThrow(
      'TERRAFORM_BINARY_NAME is "terraform9", and there is no such program.',
    );
  });

  it("fails when it is something else", async () => {
    const path = put("terraform", "Terragrunt v0.1");
    await expect(findEngine({ environment: { PATH: folder } })).rejects.toThrow(
      `${path} is neither Terraform nor OpenTofu: its version command says "Terragrunt v0.1\\n".`,
    );
  });
});

describe("provideEngine", () => {
  let folder: string;
  let built: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    // The cache holds the module's own, built by another Go: none is needed then.
    built = join(binariesFolder({ XDG_CACHE_HOME: folder }), `${contentKey(OPENTOFU_MODULE)}-go1.99`, "tofu");
    put(built, `OpenTofu v${pinnedVersion(OPENTOFU_MODULE)}`);
    jest.replaceProperty(process, "env", { PATH: folder });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const put = (path: string, says: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  };
  const minor = minorOf(pinnedVersion(OPENTOFU_MODULE));
  const provide = () => provideEngine(OPENTOFU_MODULE, { environment: { PATH: folder, XDG_CACHE_HOME: folder } });

  it("takes the one on PATH where it is of the module's minor version", async () => {
    const path = join(folder, "tofu");
    put(path, `OpenTofu v${minor}.99`);
    expect(await provide()).toEqual({ path, kind: "opentofu", version: `${minor}.99` });
  });

  it.each(["OpenTofu v1.5.0", "Terraform v1.12.6"])("takes the module's own where PATH has %s", async (says) => {
    put(join(folder, "tofu"), says);
    expect(await provide()).toEqual({ path: built, kind: "opentofu", version: pinnedVersion(OPENTOFU_MODULE) });
  });
});
