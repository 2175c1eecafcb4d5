/** Issue 7: what a run asks of a cluster with many namespaces. */
import crypto from "node:crypto";
import type { ConfiguredProvider } from "../../../../lib/provider/configured/provider";
import type { ResourceType, TypeContext } from "../../../../lib/provider/framework/definition";
import { planResourceChange } from "../../../../lib/provider/framework/plan-resource-change";
import type { ObjectValue, Value } from "../../../../lib/provider/framework/value";
import { pullSecretResource } from "../../../../lib/provider/resources/pull-secret";
import { serviceAccountPatchResource } from "../../../../lib/provider/resources/service-account-patch";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

const namespaces = Array.from({ length: 300 }, (_, index) => `team-${index}`);
const secrets = {
  name: "pull",
  namespaces,
  registries: [{ hosts: ["registry.example.com"], username: "acme", password_wo: "hunter22" }],
};
const patch = { namespaces, service_accounts: ["default"], pull_secrets: ["pull"] };

/** The requests from now on, by kind: `list secrets`, and how many. */
function count({ client }: FakeCluster): { [request: string]: number } {
  const counts: { [request: string]: number } = {};
  for (const verb of ["get", "list", "create", "replace", "delete"] as const) {
    const send = client[verb] as (at: { readonly resource: string }, ...rest: readonly unknown[]) => Promise<unknown>;
    const counted = (at: { readonly resource: string }, ...rest: readonly unknown[]) => {
      counts[`${verb} ${at.resource}`] = (counts[`${verb} ${at.resource}`] ?? 0) + 1;
      return send(at, ...rest);
    };
    Object.assign(client, { [verb]: counted });
  }
  const { can } = client;
  Object.assign(client, {
    can: (...[verb, at, signal]: Parameters<typeof can>) => {
      const key = `may ${verb} ${at.resource} ${at.namespace === undefined ? "anywhere" : "there"}`;
      counts[key] = (counts[key] ?? 0) + 1;
      return can(verb, at, signal);
    },
  });
  return counts;
}

/** With all the type's attributes. */
function wholly({ schema }: ResourceType<ConfiguredProvider>, given: ObjectValue): ObjectValue {
  return Object.fromEntries<Value>(Object.keys(schema.attributes).map((name) => [name, given[name] ?? null]));
}

/** Refreshes and plans, as one run does it; returns what it planned. */
async function replan(
  type: ResourceType<ConfiguredProvider>,
  given: ObjectValue,
  made: ObjectValue,
  run: TypeContext<ConfiguredProvider>,
): Promise<ObjectValue | null> {
  const config = wholly(type, given);
  const refreshed = await type.read({ state: made, privateData: null }, run);
  const lazy = { schema: type.schema, load: async () => type };
  return (await planResourceChange(lazy, { config, prior: refreshed?.state ?? null, privateData: null }, run)).planned;
}

async function fleet() {
  const cluster = createFakeCluster();
  for (const namespace of namespaces) {
    cluster.put("namespaces", { metadata: { name: namespace } });
    cluster.put("serviceaccounts", { metadata: { name: "default", namespace } });
  }
  const make = async (type: ResourceType<ConfiguredProvider>, given: ObjectValue) => {
    const config = wholly(type, given);
    return (await type.create({ planned: config, config, privateData: null }, cluster.context("tests"))).state;
  };
  return { cluster, make };
}

test("a create asks once what is allowed, once for the namespaces, once for what is there, and writes each", async () => {
  const { cluster, make } = await fleet();
  const counts = count(cluster);
  await make(pullSecretResource, secrets);
  expect(counts).toEqual({
    "may get secrets anywhere": 1,
    "may create secrets anywhere": 1,
    "may delete secrets anywhere": 1,
    "list namespaces": 1,
    "list secrets": 1,
    "create secrets": 300,
  });
});

test("a run that changes nothing makes one list for each name, shared by all, and one fingerprint for each content", async () => {
  const { cluster, make } = await fleet();
  const [secret, patched] = [await make(pullSecretResource, secrets), await make(serviceAccountPatchResource, patch)];
  const counts = count(cluster);
  const scrypt = jest.spyOn(crypto, "scryptSync");
  try {
    const run = cluster.context("tests");
    const planned = await replan(pullSecretResource, secrets, secret, run);
    expect(planned).toMatchObject({ fingerprint: secret.fingerprint, targets: secret.targets });
    expect(await replan(serviceAccountPatchResource, patch, patched, run)).toMatchObject({ targets: patched.targets });
    // Others of the same names are refreshed in the same run.
    await pullSecretResource.read({ state: secret, privateData: null }, run);
    await serviceAccountPatchResource.read({ state: patched, privateData: null }, run);
    expect(counts).toEqual({ "list secrets": 1, "list serviceaccounts": 1 });
    expect(scrypt).toHaveBeenCalledTimes(1);
  } finally {
    scrypt.mockRestore();
  }
});
