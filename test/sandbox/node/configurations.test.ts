import { formatContainerdConfiguration } from "../../../sandbox/node/containerd";
import { formatKubeletConfiguration } from "../../../sandbox/node/kubelet";
import { formatCniConfiguration } from "../../../sandbox/node/network";
import { sandboxRegistryHosts } from "../../../sandbox/node/registry-hosts";
import { loopbackPort } from "../../../sandbox/node/relay";

describe("a node's configurations", () => {
  it("every registry host of the main job is found: IBM's at the private registry, Docker Hub at the public one", () => {
    const endpoint = (port: number) => ({ url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` });
    expect(sandboxRegistryHosts({ registries: { private: endpoint(1), public: endpoint(2) } })).toEqual([
      { host: "registry.acme.example.com", url: "http://127.0.0.1:1" },
      { host: "registry.ng.bluemix.net", url: "http://127.0.0.1:1" },
      { host: "registry.bluemix.net", url: "http://127.0.0.1:1" },
      { host: "docker.io", url: "http://127.0.0.1:2" },
    ]);
  });

  it("nothing of them changes the host: no masquerading, no iptables, no kernel settings, no AppArmor profile, no system folder", () => {
    const kubelet = JSON.parse(
      formatKubeletConfiguration({
        cgroup: "group",
        caFile: "/ca",
        server: { certificate: "/c", key: "/k" },
        resolvConf: "/r",
        pluginsFolder: "/p",
      }),
    );
    expect(kubelet).toMatchObject({
      makeIPTablesUtilChains: false,
      protectKernelDefaults: true,
      cgroupRoot: "/group",
      volumePluginDir: "/p",
    });
    expect(JSON.parse(formatCniConfiguration("/folder")).plugins).toMatchObject([{ ipMasq: false }]);
    const containerd = formatContainerdConfiguration({
      folder: "/folder",
      runc: "/bin/runc",
      cniPrograms: "/cni",
      cniConfiguration: "/cni.d",
      registryHosts: "/hosts",
      snapshotter: "overlayfs",
    });
    expect(containerd).toContain("disable_apparmor = true");
    expect(containerd).toContain('"io.containerd.internal.v1.opt"');
  });

  it("fails when a registry is not on the loopback address", () => {
    expect(() => loopbackPort("http://registry.example.com:5000")).toThrow(
      "http://registry.example.com:5000 is not on the loopback address 127.0.0.1.",
    );
  });
});
