import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE_MODULE, readGoMod, requiredVersion } from "../../../sandbox/binaries/modules";
import { findInstalled } from "../../../sandbox/node/installed";

describe("findInstalled", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "installed-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const install = (name: string, version: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
  const names = async (): Promise<string[]> =>
    [...(await findInstalled(`${folder}:/bin:/usr/bin`))]
      .filter(([, file]) => file.startsWith(folder))
      .map(([name]) => name)
      .sort();
  const ours = requiredVersion(readGoMod(NODE_MODULE), "k8s.io/kubernetes");

  it("takes a kubelet of the control plane's minor version, and containerd 2 with what belongs to it", async () => {
    install("kubelet", `Kubernetes ${ours.replace(/\d+$/, "99")}`);
    install("containerd", "containerd github.com/containerd/containerd/v2 v2.1.0 abc");
    install("containerd-shim-runc-v2", "");
    expect(await names()).toEqual(["kubelet"]);
    install("ctr", "");
    expect(await names()).toEqual(["containerd", "containerd-shim-runc-v2", "ctr", "kubelet"]);
  });

  it("leaves other versions alone", async () => {
    install("kubelet", "Kubernetes v1.28.0");
    install("containerd", "containerd github.com/containerd/containerd 1.6.20 abc");
    for (const name of ["containerd-shim-runc-v2", "ctr"]) install(name, "");
    expect(await names()).toEqual([]);
  });
});
