import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeBuild } from "../../sandbox/binaries/build";
import { binariesFolder, ensureBinaries } from "../../sandbox/binaries/ensure";
import { contentKey, linkerFlags } from "../../sandbox/binaries/flags";
import {
  CLUSTER_MODULE,
  NODE_MODULE,
  NODE_TOOLS_MODULE,
  OPENTOFU_MODULE,
  readGoMod,
  requiredGoVersion,
  requiredVersion,
} from "../../sandbox/binaries/modules";
import { silentProgress } from "../../sandbox/progress/progress";

describe("requiredVersion", () => {
  const goMod = "module x\n\ngo 1.26.0\n\nrequire one.example/a v1.2.3\n\nrequire (\n\ttwo.example/b v0.1.0 // indirect\n)\n";

  it("reads single and grouped requirements, and the Go version", () => {
    expect([requiredVersion(goMod, "one.example/a"), requiredVersion(goMod, "two.example/b"), requiredGoVersion(goMod)]).toEqual([
      "v1.2.3",
      "v0.1.0",
      "1.26.0",
    ]);
  });

  it("fails when go.mod does not require the module", () => {
    expect(() => requiredVersion(goMod, "three.example/c")).toThrow("go.mod does not require three.example/c.");
  });
});

describe("linkerFlags", () => {
  it("stamps the versions that go.mod pins into the cluster's programs", () => {
    const goMod = readGoMod(CLUSTER_MODULE);
    const kubernetes = requiredVersion(goMod, "k8s.io/kubernetes");
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(kubernetes) ?? [];
    expect(linkerFlags(CLUSTER_MODULE).split(" -X ")).toEqual([
      "-s -w",
      `k8s.io/component-base/version.gitVersion=${kubernetes}`,
      `k8s.io/component-base/version.gitMajor=${major}`,
      `k8s.io/component-base/version.gitMinor=${minor}`,
      `k8s.io/client-go/pkg/version.gitVersion=${kubernetes}`,
      `github.com/distribution/distribution/v3/version.version=${requiredVersion(goMod, "github.com/distribution/distribution/v3")}`,
    ]);
  });

  it("builds the node's kubelet of the control plane's very version", () => {
    const [cluster, node] = [CLUSTER_MODULE, NODE_MODULE].map((module) =>
      requiredVersion(readGoMod(module), "k8s.io/kubernetes"),
    );
    expect(node).toBe(cluster);
    expect(linkerFlags(NODE_MODULE)).toContain(`-X k8s.io/component-base/version.gitVersion=${cluster} `);
  });

  it("makes OpenTofu a release", () => {
    expect(linkerFlags(OPENTOFU_MODULE)).toBe("-s -w -X github.com/opentofu/opentofu/version.dev=no");
  });
});

describe("contentKey", () => {
  it("is another one for another module, platform, flag or go.sum, and the same for the same", () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    writeFileSync(join(folder, "go.mod"), readGoMod(OPENTOFU_MODULE));
    writeFileSync(join(folder, "go.sum"), "changed");
    const keys = [
      contentKey(OPENTOFU_MODULE, "linux/x64"),
      contentKey(OPENTOFU_MODULE, "darwin/arm64"),
      contentKey({ ...OPENTOFU_MODULE, stamps: () => ({}) }, "linux/x64"),
      contentKey({ ...OPENTOFU_MODULE, folder }, "linux/x64"),
      contentKey({ ...OPENTOFU_MODULE, ownSources: ["tools.go"] }, "linux/x64"),
      contentKey(CLUSTER_MODULE, "linux/x64"),
    ];
    rmSync(folder, { recursive: true });
    expect(new Set(keys).size).toBe(keys.length);
    expect(contentKey(OPENTOFU_MODULE, "linux/x64")).toBe(keys[0]);
    expect(keys[0]).toMatch(/^opentofu-[0-9a-f]{16}$/);
  });
});

describe("describeBuild", () => {
  const cases: Record<string, { output: string; text: string }> = {
    "nothing yet": { output: "", text: "looking at what is compiled already, then linking" },
    "modules on their way": {
      output: "go: downloading a v1\ngo: downloading b v1\n",
      text: "2 modules fetched, 0 packages compiled",
    },
    "packages compiled": {
      output: `go: downloading a v1\n${"k8s.io/x\n".repeat(1204)}`,
      text: "1 modules fetched, 1,204 packages compiled",
    },
  };
  it.each(Object.entries(cases))("says %s", (_, { output, text }) => {
    expect(describeBuild(output)).toBe(text);
  });
});

describe("ensureBinaries", () => {
  let home: string;
  let path: string | undefined;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    path = process.env.PATH;
    process.env.PATH = home;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(home, { recursive: true });
  });
  const put = (file: string): string => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "", { mode: 0o755 });
    return file;
  };
  const names = CLUSTER_MODULE.programs.map(({ name }) => name);

  it("takes what the folder of assets has, and the rest from the cache of any Go, without Go", async () => {
    const environment = { XDG_CACHE_HOME: home, KUBEBUILDER_ASSETS: join(home, "assets") };
    const expected = names.map((name) => {
      const fromAssets = name === "etcd" || name === "kube-apiserver";
      const cache = join(binariesFolder(environment), `${contentKey(CLUSTER_MODULE)}-go1.99`);
      return [name, put(join(fromAssets ? environment.KUBEBUILDER_ASSETS : cache, name))];
    });
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (text: string) => void notes.push(text) };
    const found = await ensureBinaries(CLUSTER_MODULE, { progress, environment });
    expect([...found].sort()).toEqual(expected.sort());
    const version = requiredVersion(readGoMod(CLUSTER_MODULE), "k8s.io/kubernetes");
    expect(notes).toEqual([
      `From ${environment.KUBEBUILDER_ASSETS} (KUBEBUILDER_ASSETS): etcd (says no version), kube-apiserver (says no version). ` +
        `Our own: kube-controller-manager, kube-scheduler of Kubernetes ${version}.`,
    ]);
  });

  it("fails when there is no such folder of assets", async () => {
    const environment = { XDG_CACHE_HOME: home, KUBEBUILDER_ASSETS: "not/there" };
    await expect(ensureBinaries(CLUSTER_MODULE, { progress: silentProgress, environment })).rejects.toThrow(
      'KUBEBUILDER_ASSETS is "not/there", and there is no folder /',
    );
  });

  it("fails when there is no Go and nothing is built, and says what to do", async () => {
    const environment = { XDG_CACHE_HOME: home };
    await expect(ensureBinaries(CLUSTER_MODULE, { progress: silentProgress, environment })).rejects.toThrow(
      "The sandbox needs etcd, kube-apiserver, kube-controller-manager, kube-scheduler, registry: not in the cache, and there is no Go " +
        `here to build them with. Install Go ${requiredGoVersion(readGoMod(CLUSTER_MODULE))} or newer (https://go.dev/dl), ` +
        "or set KUBEBUILDER_ASSETS to a folder that holds them.",
    );
  });

  it("fails when Go is too old and may not fetch a newer one", async () => {
    const go = put(join(home, "go"));
    writeFileSync(go, "#!/bin/sh\necho 'go: go.mod requires go >= 1.26.0 (running go 1.20; GOTOOLCHAIN=local)' >&2\nexit 1\n");
    await expect(
      ensureBinaries(CLUSTER_MODULE, { progress: silentProgress, environment: { XDG_CACHE_HOME: home } }),
    ).rejects.toThrow(
      "The Go on this machine can't build cluster (go: go.mod requires go >= 1.26.0 (running go 1.20; GOTOOLCHAIN=local)). " +
        "Install Go 1.26.0 or newer (https://go.dev/dl), or set GOTOOLCHAIN=auto so that it fetches that version itself.",
    );
  });
});

it("every source of our own programs counts", () => {
  const folders = readdirSync(NODE_TOOLS_MODULE.folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const sources = folders.flatMap(({ name }) =>
    readdirSync(join(NODE_TOOLS_MODULE.folder, name)).map((file) => `${name}/${file}`),
  );
  expect(sources.sort()).toEqual([...(NODE_TOOLS_MODULE.ownSources ?? [])].sort());
});
