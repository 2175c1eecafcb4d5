/** The programs that the sandbox runs: built once from pinned Go modules into the user's cache. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A program that a module builds. */
export interface Program {
  /** What its file is called in the cache, and in a folder of assets. */
  readonly name: string;
  /** Its Go package. */
  readonly package: string;
  /** What `go build` calls its file. @default - `name` */
  readonly builtAs?: string;
}

/** A Go module of ours whose go.mod pins programs. */
export interface PinnedModule {
  readonly name: string;
  /** Holds go.mod and go.sum. */
  readonly folder: string;
  readonly programs: readonly Program[];
  /** Files of Go in the folder that programs are made of, so that a changed one is built anew. @default - none: all is in go.mod */
  readonly ownSources?: readonly string[];
  /** The linker's variables that stamp versions, from the versions that go.mod pins. */
  stamps(versionOf: (module: string) => string): Readonly<Record<string, string>>;
}

/** Control plane and registry. Kubernetes' clients refuse a server that doesn't know its version. */
export const CLUSTER_MODULE: PinnedModule = {
  name: "cluster",
  folder: join(__dirname, "cluster"),
  programs: [
    { name: "etcd", package: "go.etcd.io/etcd/server/v3", builtAs: "server" },
    { name: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver" },
    { name: "kube-controller-manager", package: "k8s.io/kubernetes/cmd/kube-controller-manager" },
    { name: "kube-scheduler", package: "k8s.io/kubernetes/cmd/kube-scheduler" },
    { name: "registry", package: "github.com/distribution/distribution/v3/cmd/registry" },
  ],
  stamps: (versionOf) => ({
    ...kubernetesStamps(versionOf("k8s.io/kubernetes")),
    "github.com/distribution/distribution/v3/version.version": versionOf("github.com/distribution/distribution/v3"),
  }),
};

/** The programs of a real node, besides runc: of the control plane's Kubernetes. A module of its own, so that neither rebuilds the other. */
export const NODE_MODULE: PinnedModule = {
  name: "node",
  folder: join(__dirname, "node"),
  programs: [
    { name: "kubelet", package: "k8s.io/kubernetes/cmd/kubelet" },
    { name: "containerd", package: "github.com/containerd/containerd/v2/cmd/containerd" },
    { name: "containerd-shim-runc-v2", package: "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2" },
    { name: "ctr", package: "github.com/containerd/containerd/v2/cmd/ctr" },
    { name: "bridge", package: "github.com/containernetworking/plugins/plugins/main/bridge" },
    { name: "loopback", package: "github.com/containernetworking/plugins/plugins/main/loopback" },
    { name: "host-local", package: "github.com/containernetworking/plugins/plugins/ipam/host-local" },
  ],
  stamps: (versionOf) => ({
    ...kubernetesStamps(versionOf("k8s.io/kubernetes")),
    "github.com/containerd/containerd/v2/version.Version": versionOf("github.com/containerd/containerd/v2"),
    "github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion": versionOf(
      "github.com/containernetworking/plugins",
    ),
  }),
};

/** Our own small programs for the node: what holds its namespaces, what joins them to the host, and what the sample images run. */
export const NODE_TOOLS_MODULE: PinnedModule = {
  name: "node-tools",
  folder: join(__dirname, "node-tools"),
  ownSources: ["node-init/main.go", "node-relay/main.go", "pause/main.go", "static-web/main.go"],
  programs: ["node-init", "node-relay", "pause", "static-web"].map((name) => ({ name, package: `./${name}` })),
  stamps: () => ({}),
};

function kubernetesStamps(version: string): Readonly<Record<string, string>> {
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return {
    "k8s.io/component-base/version.gitVersion": version,
    "k8s.io/component-base/version.gitMajor": major,
    "k8s.io/component-base/version.gitMinor": minor,
    "k8s.io/client-go/pkg/version.gitVersion": version,
  };
}

/** A module that pins one engine. */
export interface EngineModule extends PinnedModule {
  readonly kind: "terraform" | "opentofu";
  /** The Go module that the engine is: its version in go.mod is the engine's. */
  readonly engine: string;
}

const terraform = (name: string, stamps: PinnedModule["stamps"]): EngineModule => ({
  name,
  kind: "terraform",
  engine: "github.com/hashicorp/terraform",
  folder: join(__dirname, name),
  programs: [{ name: "terraform", package: "github.com/hashicorp/terraform" }],
  stamps,
});

// Without the stamp an OpenTofu calls itself a development version; a Terraform has it since 1.6.
const opentofu = (name: string): EngineModule => ({
  name,
  kind: "opentofu",
  engine: "github.com/opentofu/opentofu",
  folder: join(__dirname, name),
  programs: [{ name: "tofu", package: "github.com/opentofu/opentofu/cmd/tofu" }],
  stamps: () => ({ "github.com/opentofu/opentofu/version.dev": "no" }),
});

/** The engine for machines without `terraform` and `tofu`. */
export const OPENTOFU_MODULE = opentofu("opentofu");

/** The engines that the tests run, oldest first: docs/compatibility.md is their table. */
export const ENGINE_MODULES: readonly EngineModule[] = [
  terraform("terraform-1.5", () => ({})),
  terraform("terraform-1.11", () => ({ "github.com/hashicorp/terraform/version.dev": "no" })),
  opentofu("opentofu-1.6"),
  OPENTOFU_MODULE,
];

/** The version of the engine that a module pins, without `v`: `1.5.7`. */
export function pinnedVersion(module: EngineModule): string {
  return requiredVersion(readGoMod(module), module.engine).slice(1);
}

/** The text of a module's go.mod. */
export function readGoMod(module: PinnedModule): string {
  return readFileSync(join(module.folder, "go.mod"), "utf8");
}

/** The Go version that a go.mod asks for, without `v`: `1.26.0`. */
export function requiredGoVersion(goMod: string): string {
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "unknown";
}

/** The version that a go.mod requires of a module. */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [name, version] = line
      .replace(/^require\s+/, "")
      .trim()
      .split(/\s+/);
    if (name === module && version?.startsWith("v")) {
      return version;
    }
  }
  throw new Error(`go.mod does not require ${module}.`);
}
