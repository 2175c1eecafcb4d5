import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, Testing } from "cdktf";
import { Cluster, Namespaces, PrivateRegistry, RegistryAccess, Secret } from "../../lib";
import { defaultRegistryHost, toAddress } from "../../lib/constructs/engine";
import { parseLockFile } from "../../lib/constructs/lock-file";
import { packageHash } from "../../lib/constructs/package-hash";
import { PROVIDER_FILE_NAME, VERSION } from "../../lib/constructs/product";
import { BUNDLE_CONTEXT } from "../../lib/constructs/provider-delivery";
import { newStack } from "./stack";

describe("provider delivery", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "delivery-"));
    writeFileSync(join(folder, "bundle"), "#!/usr/bin/env node\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function appWith(bundle: string): App {
    const app = Testing.app({ outdir: join(folder, "cdktf.out"), context: { [BUNDLE_CONTEXT]: join(folder, bundle) } });
    const stack = newStack(app);
    const cluster = Cluster.fromEnvironment();
    cluster.kubernetes(stack);
    new RegistryAccess(stack, "access", {
      cluster,
      registries: [new PrivateRegistry("r.example.com", { username: "a", password: Secret.env("REGISTRY_PASSWORD") })],
      namespaces: Namespaces.named("team-a"),
    });
    return app;
  }
  const inStack = (...path: string[]) => join(folder, "cdktf.out", "stacks", "stack", ...path);
  const plugin = (platform: string) =>
    inStack("terraform.d/plugins/registry.terraform.io/registry-access/registry", VERSION, platform, PROVIDER_FILE_NAME);

  test("puts an executable provider for each platform into the stack's folder", () => {
    appWith("bundle").synth();
    for (const platform of ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"]) {
      expect(readFileSync(plugin(platform), "utf8")).toBe("#!/usr/bin/env node\n");
      expect(statSync(plugin(platform)).mode & 0o777).toBe(0o755);
    }
  });

  test("puts every required provider into the lock file, ours with its hash", () => {
    appWith("bundle").synth();
    expect(parseLockFile(readFileSync(inStack(".terraform.lock.hcl"), "utf8"))).toEqual([
      { address: "registry.terraform.io/hashicorp/kubernetes", version: "2.38.0", constraints: "2.38.0", hashes: [] },
      {
        address: "registry.terraform.io/registry-access/registry",
        version: VERSION,
        constraints: VERSION,
        hashes: [packageHash({ [PROVIDER_FILE_NAME]: Buffer.from("#!/usr/bin/env node\n") })],
      },
    ]);
  });

  test("with OpenTofu, leaves cdktf a comment under the host where it looks", () => {
    process.env.TERRAFORM_BINARY_NAME = "/usr/bin/tofu";
    try {
      appWith("bundle").synth();
      appWith("bundle").synth();
    } finally {
      delete process.env.TERRAFORM_BINARY_NAME;
    }
    const lockFile = readFileSync(inStack(".terraform.lock.hcl"), "utf8");
    expect(parseLockFile(lockFile).map(({ address }) => address)).toEqual([
      "registry.opentofu.org/hashicorp/kubernetes",
      "registry.terraform.io/registry-access/registry",
    ]);
    expect(lockFile.slice(lockFile.indexOf("/*"))).toBe(`/*
For cdktf alone:
provider "registry.terraform.io/hashicorp/kubernetes" {
  version     = "2.38.0"
  constraints = "2.38.0"
}
*/
`);
  });

  test("replaces another build and its hash at the next synth", () => {
    appWith("bundle").synth();
    writeFileSync(join(folder, "bundle"), "another");
    appWith("bundle").synth();
    expect(readFileSync(plugin("linux_amd64"), "utf8")).toBe("another");
    expect(readFileSync(inStack(".terraform.lock.hcl"), "utf8")).toContain(
      packageHash({ [PROVIDER_FILE_NAME]: Buffer.from("another") }),
    );
  });

  test("fails when the provider is not built", () => {
    expect(() => appWith("missing").synth()).toThrow(
      `The provider is not built: ${join(folder, "missing")} is not there, and a stack carries the provider in its own folder. Run "npm run build" in the package's folder first.`,
    );
  });
});

describe("packageHash", () => {
  // As Terraform 1.11.4 wrote it into a lock file for a package of this one file.
  test("is Terraform's own", () => {
    expect(packageHash({ "terraform-provider-registry_v0.1.0": Buffer.from("#!/bin/sh\nexit 1\n") })).toBe(
      "h1:xmKLwz1I9dzG2yOVZehKxeVASFq1veP9BUF3LQHTCdg=",
    );
  });
});

describe("toAddress", () => {
  const cases = {
    "a name alone": { args: ["kubernetes", "registry.terraform.io"], expected: "registry.terraform.io/hashicorp/kubernetes" },
    "a namespace and a name": { args: ["acme/x", "registry.opentofu.org"], expected: "registry.opentofu.org/acme/x" },
    "a host": { args: ["example.com/acme/x", "registry.opentofu.org"], expected: "example.com/acme/x" },
  } as const;
  test.each(Object.entries(cases))("%s", (_, { args: [source, host], expected }) => {
    expect(toAddress(source, host)).toBe(expected);
  });
});

describe("defaultRegistryHost", () => {
  const cases = {
    terraform: "registry.terraform.io",
    "/usr/bin/terraform": "registry.terraform.io",
    tofu: "registry.opentofu.org",
    "/opt/tofu-1.12/bin/tofu": "registry.opentofu.org",
    "/home/tofu/bin/terraform": "registry.terraform.io",
  };
  test.each(Object.entries(cases))("%s", (binary, host) => {
    expect(defaultRegistryHost(binary)).toBe(host);
  });
});
