import { types } from "../../lib/schema";
import { runCli } from "./support/run";

/** What others put into a plan, wherever they may, is never printed: but for what is known to be harmless. */
const MARKER = "marker-hunter2";
const OURS = "registry.terraform.io/registry-access/registry";

/** Every attribute of a type as this text, whatever its own type. */
function marked(name: string): object {
  const type = types.find((one) => one.name === name && one.kind === "resource");
  const attributes = Object.keys(type?.attributes ?? {}).map((attribute) => [attribute, `${MARKER}-${attribute}`]);
  return { ...Object.fromEntries(attributes), [`${MARKER}-attribute`]: MARKER };
}

const resources = types.flatMap(({ name, kind }) => {
  if (kind !== "resource") return [];
  const base = { mode: "managed", type: name, provider_name: OURS };
  return [
    { ...base, address: `${name}.whole["${MARKER}"]`, values: marked(name) },
    {
      ...base,
      address: `module.m["${MARKER}"].${name}.targets`,
      values: { ...marked(name), targets: { [`${MARKER}!`]: { status: MARKER }, "team-a": { status: "edited" } } },
    },
  ];
});
const foreign = { mode: "managed", type: "vault_secret", provider_name: "registry.terraform.io/hashicorp/vault" };
const drift = [
  ...resources.map(({ values, ...rest }) => ({
    ...rest,
    change: { actions: ["update"], before: values, after: { ...values, [`${MARKER}-attribute`]: `${MARKER}2`, id: MARKER } },
  })),
  {
    ...foreign,
    address: `vault_secret.a["${MARKER}"]`,
    change: { actions: ["update"], before: { a: MARKER }, after: { a: `${MARKER}2` } },
  },
  { ...foreign, address: `vault_secret.b["${MARKER}"]`, change: { actions: ["delete"], before: { a: MARKER }, after: null } },
];
const plan = JSON.stringify({
  format_version: "1.2",
  prior_state: { values: { root_module: { resources }, outputs: { o: { value: MARKER } } } },
  resource_drift: drift,
  configuration: {
    provider_config: { registry: { name: "registry", expressions: { kubernetes: { constant_value: { token: MARKER } } } } },
  },
});

test.each(["terminal", "markdown", "json"])("drift: nothing of a plan that is not known to be harmless (%s)", async (format) => {
  const { code, stdout, stderr } = await runCli(["drift", "--from", "-", "--format", format], {}, { stdin: async () => plan });
  expect([code, stderr]).toEqual([2, ""]);
  expect(stdout).toMatch(/registry(\\)?_pull(\\)?_secret/);
  expect(stdout).not.toContain(MARKER);
});
