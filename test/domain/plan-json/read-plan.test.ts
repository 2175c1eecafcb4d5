import { PlanError, readPlan } from "../../../lib/domain/plan-json/read-plan";

const resource = (address: string, more: object = {}) => ({
  address,
  mode: "managed",
  type: "registry_token",
  provider_name: "registry.terraform.io/registry-access/registry",
  values: { status: "active" },
  ...more,
});

test("resources of all modules, without data sources and what is only left to delete", () => {
  const plan = readPlan(
    JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.4",
      prior_state: {
        values: {
          root_module: {
            resources: [
              resource("registry_token.a"),
              resource("data.registry_token.b", { mode: "data" }),
              resource("registry_token.a", { deposed_key: "12345678" }),
              resource("registry_token.bare", { values: null }),
              "no resource",
            ],
            child_modules: [
              {
                resources: [resource("module.m.registry_token.c")],
                child_modules: [{ resources: [resource("module.m.module.n.registry_token.d")] }],
              },
            ],
          },
        },
      },
      resource_drift: [
        {
          address: "registry_token.a",
          mode: "managed",
          type: "registry_token",
          provider_name: "p",
          change: { actions: ["update", 1], before: {}, after: { status: "revoked" } },
        },
        { address: "registry_token.b" },
      ],
      configuration: { provider_config: { registry: { name: "registry" } } },
    }),
  );
  expect(plan.resources.map(({ address }) => address)).toEqual([
    "registry_token.a",
    "registry_token.bare",
    "module.m.registry_token.c",
    "module.m.module.n.registry_token.d",
  ]);
  expect(plan.drift).toMatchObject([
    {
      address: "registry_token.a",
      mode: "managed",
      type: "registry_token",
      provider: "p",
      actions: ["update"],
      before: {},
      after: { status: "revoked" },
    },
  ]);
  expect(plan.changes).toEqual([]);
  expect(plan.providerConfig).toEqual({ registry: { name: "registry" } });
});

test("a plan of nothing", () => {
  const empty = { resources: [], drift: [], changes: [], providerConfig: {} };
  expect(readPlan('{"format_version":"1.0","planned_values":{"root_module":{}}}')).toMatchObject(empty);
});

const wrong: { readonly [name: string]: readonly [text: string, says: RegExp] } = {
  "it is empty": [" \n", /^It is empty/],
  "it is cut off": [
    '{"format_version":"1.2","resource_drift":[{"secret":"hunter2',
    /^It is no JSON, or cut off: \d+ characters were read\. Make one with/,
  ],
  "it is for people": ["No changes. Your infrastructure matches", /^It is no JSON/],
  "it is another JSON": ["[1, 2]", /^It is JSON, but no plan\./],
  "it is null": ["null", /^It is JSON, but no plan\./],
  "it is of another format": ['{"format_version":"2.0","resource_changes":[]}', /^Its format_version is "2\.0"/],
  "it is a state": ['{"format_version":"1.0","values":{}}', /^It is a state/],
};

test.each(Object.entries(wrong))("fails when %s", (_, [text, says]) => {
  expect(() => readPlan(text)).toThrow(PlanError);
  expect(() => readPlan(text)).toThrow(says);
  expect(() => readPlan(text)).not.toThrow(/hunter2/);
});
