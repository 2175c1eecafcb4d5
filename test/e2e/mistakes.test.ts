/** The commonest mistakes, each with the whole text that a person reads, and nothing half-written afterwards. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createUserKubeconfig } from "../../sandbox";
import { createAuthority } from "../../sandbox/certificates";
import { bluemixOf } from "./mistakes/bluemix";
import { clusterMistakes } from "./mistakes/cluster";
import { issuerMistakes } from "./mistakes/issuer";
import { lookupMistakes } from "./mistakes/lookup";
import { type Mistake, type Mistakes, providerOf, type Setting } from "./mistakes/mistake";
import { nameMistakes } from "./mistakes/names";
import { registryMistakes } from "./mistakes/registries";
import { startCluster } from "./support/cluster";
import { findingsOf } from "./support/findings";
import { block, type Expressions, quoted } from "./support/hcl";
import { underRoles } from "./support/identities";
import { createStack, expectWell, type Run, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const NAMESPACES = ["team-a", "team-b"];
const CI = { issuer: quoted("dedicated"), description: quoted("ci") };
const { signal } = new AbortController();
let setting: Setting;
let stack: Stack;
let isUnderRoles = true;

beforeAll(async () => {
  const names = { pullSecrets: ["pull", "by-hand", "of-others"], serviceAccounts: ["default", "builder"] };
  const cluster = await underRoles(await startCluster("mistakes"), names);
  await Promise.all(NAMESPACES.map((namespace) => cluster.createNamespace(namespace)));
  setting = {
    cluster,
    bluemix: bluemixOf(cluster.state),
    ca: readFileSync(cluster.state.caFile, "utf8"),
    otherCa: (await createAuthority("somebody else")).certificate,
    nobody: await createUserKubeconfig(cluster.state, { name: "nobody" }),
  };
  // A row that is about reaching the cluster says itself how; all others run under the roles.
  stack = await createStack("mistakes", {}, undefined, (args) => (isUnderRoles ? cluster.envOf(args) : {}));
  stack.write("");
  expectWell(await stack.plan());
});
afterAll(async () => {
  removeStack(stack);
  await setting?.cluster.stop();
});

/** Everything that a mistake could have left behind. */
async function everything(): Promise<unknown> {
  const { client } = setting.cluster;
  const all = (resource: string) => client.list({ apiVersion: "v1", resource }, {}, signal);
  const objects = (await Promise.all(["secrets", "serviceaccounts", "pods"].map(all))).flat();
  const own = objects.filter(({ metadata }) => NAMESPACES.includes(metadata.namespace ?? ""));
  const state = join(stack.folder, "terraform.tfstate");
  const { resources } = existsSync(state)
    ? (JSON.parse(readFileSync(state, "utf8")) as { resources: unknown })
    : { resources: [] };
  return { own, tokens: await setting.bluemix.tokens(), resources };
}

async function make({ found, hcl, env = () => ({}) }: Mistake): Promise<Run> {
  const password = setting.bluemix.credentials.bluemix.password.reveal();
  const variables = { TF_VAR_password: "hunter22", TF_VAR_bluemix_password: password, ...env(setting) };
  Object.assign(stack.env, variables);
  const text = hcl(setting);
  isUnderRoles = /^ *kubernetes *= *\{\}$/m.test(text);
  stack.write(text);
  try {
    return await (found === "apply" ? stack.apply() : stack.run(found, "-json"));
  } finally {
    for (const name of Object.keys(variables)) delete stack.env[name];
  }
}

const tables: { readonly [name: string]: Mistakes } = {
  issuer: issuerMistakes,
  cluster: clusterMistakes,
  registries: registryMistakes,
  names: nameMistakes,
  "looking up": lookupMistakes,
};
describe.each(Object.entries(tables))("mistakes: %s", (_, mistakes) => {
  it.each(Object.entries(mistakes))("fails when there is %s", async (_, mistake) => {
    await mistake.before?.(setting);
    const before = await everything();
    const run = await make(mistake);
    await setting.bluemix.control.clearFaults();
    const expected = mistake.says(setting, await setting.bluemix.tokens());
    // What a plan warns of stands in the error as well.
    const found = findingsOf(run).filter(({ severity }) => severity === "error");
    expect(found).toEqual(expected.map((finding) => ({ severity: "error", ...finding })));
    expect(run.code).toBe(1);
    expect(await everything()).toEqual(before);
  });
});

describe("mistakes: an unknown CA, mended", () => {
  const mended: { readonly [name: string]: Pick<Mistake, "env"> & { readonly bluemix: () => Expressions } } = {
    "by ca_certificate": { bluemix: () => ({ ca_certificate: quoted(setting.ca) }) },
    "by SSL_CERT_FILE": { bluemix: () => ({}), env: ({ cluster }) => ({ SSL_CERT_FILE: cluster.state.caFile }) },
  };
  it.each(Object.entries(mended))("%s", async (_, { bluemix, env = () => ({}) }) => {
    const endpoint = quoted(setting.bluemix.tlsUrl);
    const attributes = { api_endpoint: endpoint, registry_endpoint: endpoint, ...bluemix() };
    const hcl = () => providerOf(setting, attributes) + block('data "registry_token" "ci"', CI);
    expect(findingsOf(await make({ found: "plan", hcl, env, says: () => [] }))).toEqual([]);
  });
});
