import { connect } from "node:net";
import { join } from "node:path";

/** Where containerd listens, inside the node's mount namespace. */
export const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";

/** True once containerd takes requests, of the node whose first process this is. */
export function isContainerdUp(initPid: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(`/proc/${initPid}/root${CONTAINERD_SOCKET}`);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** The name that the sandbox image is imported under. No registry has it. */
export const PAUSE_IMAGE = "sandbox.invalid/pause:1";

/** What containerd is configured with. */
export interface ContainerdOptions {
  /** Holds its images and containers. */
  readonly folder: string;
  readonly runc: string;
  /** Holds the CNI plugins. */
  readonly cniPrograms: string;
  /** Holds the CNI configuration. */
  readonly cniConfiguration: string;
  readonly registryHosts: string;
  /** `overlayfs`; `native` copies, where an overlay can't lie on the file system. */
  readonly snapshotter: "overlayfs" | "native";
}

/**
 * containerd's configuration, of version 3 (containerd 2). What it would do to the host is off: AppArmor profiles, which are the kernel's,
 * /opt/containerd and NRI's folders. Without CAP_SYS_RESOURCE a lower OOM score can't be set: `restrict_oom_score_adj` then keeps ours.
 */
export function formatContainerdConfiguration(options: ContainerdOptions): string {
  const { folder, runc, cniPrograms, cniConfiguration, registryHosts, snapshotter } = options;
  const text = JSON.stringify;
  return `version = 3
root = ${text(join(folder, "containerd"))}
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri", "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = ${text(CONTAINERD_SOCKET)}

[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = [${text(cniPrograms)}]
    conf_dir = ${text(cniConfiguration)}
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        BinaryName = ${text(runc)}
        SystemdCgroup = false

[plugins."io.containerd.cri.v1.images"]
  snapshotter = ${text(snapshotter)}
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${text(PAUSE_IMAGE)}
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = ${text(registryHosts)}
`;
}
