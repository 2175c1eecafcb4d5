import { type Diagnostic, DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import { planResourceChange } from "../../../../lib/provider/framework/plan-resource-change";
import { type ObjectValue, UNKNOWN, type Value } from "../../../../lib/provider/framework/value";
import { pullSecretResource } from "../../../../lib/provider/resources/pull-secret";
import { createFakeCluster } from "../fake-cluster";

const lazy = { schema: pullSecretResource.schema, load: async () => pullSecretResource };
const auths = { "us.icr.io": { auth: Buffer.from("iamapikey:hunter22").toString("base64") } };
const SOURCE = {
  type: "kubernetes.io/dockerconfigjson",
  metadata: { name: "all-icr-io", namespace: "default" },
  data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") },
};

/** A pull secret that copies `default/all-icr-io` under its own name, with all the type's attributes. */
function config(given: ObjectValue, from: ObjectValue = {}): ObjectValue {
  const source = { namespace: "default", name: "all-icr-io", hosts: null, revision: null, ...from };
  const entry = { hosts: null, credential_id: null, username: null, password_wo: null, copy_from: source };
  const all: ObjectValue = { name: "all-icr-io", registries: [entry], ...given };
  return Object.fromEntries<Value>(Object.keys(pullSecretResource.schema.attributes).map((name) => [name, all[name] ?? null]));
}
const EVERYWHERE = { match_labels: null, match_expressions: null, names: null, except: null, include_system: null };

function setting() {
  const cluster = createFakeCluster();
  for (const name of ["default", "team-a", "team-b"]) cluster.put("namespaces", { metadata: { name } });
  cluster.put("secrets", SOURCE);
  const said: string[] = [];
  const run = () => ({
    ...cluster.context("tests"),
    report: ({ summary, detail }: Diagnostic) => void said.push(`${summary}: ${detail}`),
  });
  const source = () => cluster.at("secrets", "default", "all-icr-io");
  return { cluster, said, run, source };
}

describe("a selector that finds the namespace of what is copied, under the same name", () => {
  it.each([{ adopt_existing: null }, { adopt_existing: true }])("leaves it out, and says so (%j)", async (adoption) => {
    const { said, run, source } = setting();
    const before = source();
    const given = config({ namespace_selector: EVERYWHERE, ...adoption });
    const { planned } = await planResourceChange(lazy, { config: given, prior: null, privateData: null }, run());
    expect(planned?.targets).toBe(UNKNOWN);
    expect(said.find((text) => text.startsWith("Selected at apply"))).toContain(
      'Selected now: 2 (team-a, team-b). Left out is "default": what is copied lies there under this name.',
    );
    const made = await pullSecretResource.create({ planned: planned as ObjectValue, config: given, privateData: null }, run());
    expect(made.state.targets).toEqual({ "team-a": { status: "in_sync" }, "team-b": { status: "in_sync" } });
    expect(source()).toEqual(before);
    const refreshed = await pullSecretResource.read({ state: made.state, privateData: null }, run());
    expect(refreshed?.state.targets).toEqual(made.state.targets);
  });

  it("leaves it out as well where its name is known at the apply alone", async () => {
    const { run, source } = setting();
    const before = source();
    const selecting = { namespace_selector: EVERYWHERE, adopt_existing: true };
    const open = config(selecting, { name: UNKNOWN });
    const { planned } = await planResourceChange(lazy, { config: open, prior: null, privateData: null }, run());
    const known = config(selecting);
    const applied: ObjectValue = { ...(planned as ObjectValue), registries: known.registries ?? null };
    const made = await pullSecretResource.create({ planned: applied, config: known, privateData: null }, run());
    expect(Object.keys(made.state.targets as ObjectValue)).toEqual(["team-a", "team-b"]);
    expect(source()).toEqual(before);
  });

  it("takes it where another name is copied", async () => {
    const { cluster, run } = setting();
    cluster.put("secrets", { ...SOURCE, metadata: { name: "other", namespace: "default" } });
    const given = config({ namespace_selector: EVERYWHERE, name: "pull" }, { name: "other" });
    const { planned } = await planResourceChange(lazy, { config: given, prior: null, privateData: null }, run());
    const made = await pullSecretResource.create({ planned: planned as ObjectValue, config: given, privateData: null }, run());
    expect(Object.keys(made.state.targets as ObjectValue)).toEqual(["default", "team-a", "team-b"]);
  });
});

describe("what the same resource wrote", () => {
  it.each([
    ["named", { namespaces: ["default", "team-a"] }, { namespaces: ["team-a"] }],
    ["selected", { namespace_selector: EVERYWHERE }, { namespace_selector: EVERYWHERE }],
  ])("fails to be copied by it (%s): it would be deleted, or written with itself", async (_, former, next) => {
    const { cluster, run, source } = setting();
    await cluster.client.delete(
      { apiVersion: "v1", resource: "secrets", namespace: "default", name: "all-icr-io" },
      {},
      run().signal,
    );
    const own = { hosts: ["us.icr.io"], credential_id: null, username: "acme", password_wo: "hunter22", copy_from: null };
    const first = config({ ...former, registries: [own] });
    const { planned } = await planResourceChange(lazy, { config: first, prior: null, privateData: null }, run());
    const made = await pullSecretResource.create({ planned: planned as ObjectValue, config: first, privateData: null }, run());
    const before = source();
    expect(before).toBeDefined();
    const replan = planResourceChange(lazy, { config: config(next), prior: made.state, privateData: null }, run());
    const failed = await replan.then(
      () => [],
      (error: unknown) => (error instanceof DiagnosticError ? error.diagnostics : Promise.reject(error)),
    );
    expect(failed).toEqual([
      {
        severity: "error",
        summary: "A copy of itself",
        detail:
          'copy_from names the Secret "all-icr-io" in namespace "default", which this resource has written itself, and would take away. Name another source, or give this pull secret another name.',
        path: ["registries", 0, "copy_from"],
      },
    ]);
    // A name that is known at the apply alone.
    const open = await planResourceChange(
      lazy,
      { config: config(next, { name: UNKNOWN }), prior: made.state, privateData: null },
      run(),
    );
    const known = config(next);
    const applied: ObjectValue = { ...(open.planned as ObjectValue), registries: known.registries ?? null };
    const updating = pullSecretResource.update({ prior: made.state, planned: applied, config: known, privateData: null }, run());
    await expect(updating).rejects.toMatchObject({ diagnostics: failed });
    expect(source()).toEqual(before);
  });
});
