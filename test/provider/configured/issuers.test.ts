import { createShared } from "../../../lib/clients/shared-promise";
import type { ConfiguredCluster } from "../../../lib/provider/configured/cluster";
import { createIssuers } from "../../../lib/provider/configured/issuers";
import { realRuntime } from "../../../lib/provider/configured/runtime";
import type { Value } from "../../../lib/provider/framework/value";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  trace: () => undefined,
};

function issuersOf(issuers: Value, unknown?: ConfiguredCluster["unknown"]) {
  const cluster: ConfiguredCluster = {
    unknown,
    client: () => Promise.reject(new Error("nobody asks for it")),
    id: async () => null,
    namespaces: createShared(() => Promise.reject(new Error("nobody asks for them"))),
  };
  return createIssuers(issuers, { ...realRuntime, environment: {} }, { log, env: {} }, cluster);
}

test("fails when there is no such issuer, at the attribute of each who asks", async () => {
  const issuers = issuersOf({});
  for (const path of [["issuer"], ["registries", 0, "credential_id"]]) {
    await expect(issuers.get("none", path)).rejects.toMatchObject({ diagnostics: [{ summary: "No such issuer", path }] });
  }
});

test("an OpenShift issuer without a cluster of its own is known once the provider's cluster is", () => {
  const own = { bluemix: null, openshift: { kubernetes: { config_path: "/kubeconfig" }, hosts: null } };
  const shared = { bluemix: null, openshift: { kubernetes: null, hosts: ["registry.apps.example.com"] } };
  const later = issuersOf({ own, shared }, ["kubernetes", "host"]);
  expect([later.isKnown("own"), later.isKnown("shared")]).toEqual([true, false]);
  expect([later.hosts("own"), later.hosts("shared")]).toEqual([undefined, ["registry.apps.example.com"]]);
  expect(issuersOf({ shared }).isKnown("shared")).toBe(true);
});
