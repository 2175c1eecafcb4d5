import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderEdgeNodeScript } from "../../../lib/domain/edge-node-script";
import { createAuthority } from "../../../sandbox/certificates";
import { installTrust, trustedFor } from "../../../sandbox/open-horizon/agent/trusted-certificates";

const { signal } = new AbortController();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-node-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a node trusts a registry by what EdgeNodeTrust's script put there, for that very host alone, and by a newer one", async () => {
  const host = "registry.example.com:5000";
  expect(trustedFor(folder, host)).toBeUndefined();
  for (const name of ["first", "second"]) {
    const { certificate } = await createAuthority(name);
    await installTrust(folder, renderEdgeNodeScript({ host, certificates: certificate }), signal);
    expect(trustedFor(folder, host)).toContain(certificate.trim());
  }
  expect(trustedFor(folder, "registry.example.com")).toBeUndefined();
  expect(trustedFor(undefined, host)).toBeUndefined();
});

test("fails when the script refuses, with what it says", async () => {
  const script = renderEdgeNodeScript({ host: "registry.example.com", certificates: "" });
  await expect(installTrust(folder, script, signal)).rejects.toThrow("This script holds no certificate for registry.example.com");
});
