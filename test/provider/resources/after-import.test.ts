/** Issue 4: a plan after an import is empty, or in place and says why; what is edited later is no import's doing. */
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { PrivateData } from "../../../lib/provider/framework/definition";
import type { Diagnostic } from "../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { importedMemory, isImported, refreshedImport } from "../../../lib/provider/resources/placement/import-report";
import { pullSecretResource } from "../../../lib/provider/resources/pull-secret";
import { registryTokenResource } from "../../../lib/provider/resources/registry-token";
import { serviceAccountPatchResource } from "../../../lib/provider/resources/service-account-patch";
import { createFakeCluster } from "./fake-cluster";

const CHANGED = "Changed in place after the import";

function setting(...objects: readonly (readonly [string, object])[]) {
  const cluster = createFakeCluster();
  for (const [resource, object] of objects) cluster.put(resource, object as KubernetesObject);
  const said: Diagnostic[] = [];
  const context = () => ({ ...cluster.context("tests"), report: (diagnostic: Diagnostic) => void said.push(diagnostic) });
  return { context, said };
}

type Setting = ReturnType<typeof setting>;

/** Imports, refreshes, and plans these changes. Returns what the plan said of the import. */
async function planAfter(
  type: typeof pullSecretResource | typeof serviceAccountPatchResource,
  id: string,
  change: ObjectValue,
  { context, said }: Setting,
) {
  const imported = await type.importState?.(id, context());
  const read = await type.read({ state: imported?.state ?? {}, privateData: imported?.privateData ?? null }, context());
  const proposed = { ...read?.state, ...change };
  said.length = 0;
  await type.plan?.(
    { config: proposed, prior: read?.state ?? null, proposed, privateData: read?.privateData ?? null },
    context(),
  );
  return said.filter(({ summary }) => summary === CHANGED).map(({ detail }) => detail);
}

const patchedAccount = (register: object, ...names: readonly string[]) =>
  [
    "serviceaccounts",
    {
      metadata: {
        name: "default",
        namespace: "a",
        annotations: { "registry-access/entries": JSON.stringify({ tests: register }) },
      },
      imagePullSecrets: names.map((name) => ({ name })),
    },
  ] as const;

describe("a ServiceAccount patch", () => {
  const account = patchedAccount({ one: "1", two: "1" }, "two", "one");
  it.each<[string, ObjectValue, readonly string[]]>([
    ["that is the same says nothing", {}, []],
    [
      "in another order says so, and that nothing is written",
      { pull_secrets: ["one", "two"] },
      [expect.stringMatching(/: pull_secrets \(a ServiceAccount tells .*order.*\)\. Nothing is written for it\.$/)],
    ],
    [
      "with another namespace says so",
      { namespaces: ["a", "b"] },
      [expect.stringMatching(/: namespaces \(the id named others\)\. Where the entries differ, they are written\.$/)],
    ],
    [
      "with another ServiceAccount says so",
      { service_accounts: ["default", "builder"] },
      [expect.stringContaining("service_accounts (the id named others)")],
    ],
  ])("%s", async (_, change, expected) => {
    expect(await planAfter(serviceAccountPatchResource, "tests/one@a/default", change, setting(account))).toEqual(expected);
  });

  it.each(["constructor", "valueOf"])("fails for an entry %j that is not there, as for any other", async (name) => {
    const { context } = setting(account);
    await expect(serviceAccountPatchResource.importState?.(`tests/${name}@a/default`, context())).rejects.toMatchObject({
      diagnostics: [{ summary: "Entry belongs to somebody else", detail: expect.stringContaining(`"${name}" is not there`) }],
    });
  });

  it("fails for an owner that is called as what every object knows", async () => {
    const { context } = setting(account);
    await expect(serviceAccountPatchResource.importState?.("constructor/one@a/default", context())).rejects.toMatchObject({
      diagnostics: [{ detail: expect.stringContaining("It registered none there.") }],
    });
  });
});

describe("a pull secret", () => {
  const annotations = { "registry-access/owner": "tests", "registry-access/instance": "1" };
  const labels = { "app.kubernetes.io/managed-by": "registry-access", team: "x" };
  const secret = [
    "secrets",
    {
      type: "kubernetes.io/dockerconfigjson",
      metadata: { name: "pull", namespace: "a", labels, annotations },
      data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
    },
  ] as const;
  it.each<[string, ObjectValue, readonly string[]]>([
    ["that is the same says nothing", {}, []],
    [
      "with labels that something else wrote first says so",
      { labels: { team: "x" }, annotations: { note: "y" } },
      [
        expect.stringMatching(
          /: labels \(only those are read that this provider was the first to write.*\), annotations \(only.*content stays\.$/,
        ),
      ],
    ],
    [
      "with other registries says that it is configured otherwise",
      { registries: [{ hosts: ["r.example"], username: "u", password_wo: "hunter22", credential_id: null }] },
      [expect.stringMatching(/: registries \(configured otherwise than the Secrets hold\), fingerprint \(the content changes\)/)],
    ],
  ])("%s", async (_, change, expected) => {
    expect(await planAfter(pullSecretResource, "tests/pull@a", change, setting(secret))).toEqual(expected);
  });
});

describe("a registry token", () => {
  const prior: ObjectValue = {
    id: "dedicated/1",
    credential_id: "dedicated/1",
    issuer: "dedicated",
    name: "pull",
    expires_at: null,
    status: "active",
    number: 1,
    revoke_on_destroy: true,
    renew_before_seconds: null,
    timeouts: null,
  };
  const said = async (change: ObjectValue, privateData: PrivateData) => {
    const { context, said } = setting();
    const { provider, ...rest } = context();
    const proposed = { ...prior, ...change };
    const unknownIssuers = { ...provider, issuers: { ...provider.issuers, names: undefined } };
    const request = { config: proposed, prior, proposed, privateData };
    await registryTokenResource.plan?.(request, { ...rest, provider: unknownIssuers });
    return said.map(({ summary, detail }) => `${summary}: ${detail}`);
  };

  it("says why it changes in place, and nothing where it doesn't", async () => {
    expect(await said({}, importedMemory)).toEqual([]);
    expect(await said({ renew_before_seconds: 60, timeouts: { read: "1m" } }, importedMemory)).toEqual([
      `${CHANGED}: The registry token "dedicated/1" was imported, and an import can't tell all that is configured. The plan takes this from the configuration, in place: renew_before_seconds (it stands in the configuration alone), timeouts (it stands in the configuration alone). It stays as it is at its issuer.`,
    ]);
    expect(await said({ renew_before_seconds: 60 }, null)).toEqual([]);
  });

  it("forgets the import with an update, and in what replaces it", async () => {
    const { context } = setting();
    const request = { prior, planned: prior, config: prior, privateData: importedMemory };
    expect((await registryTokenResource.update(request, context())).privateData).toEqual({});
  });
});

test("an import is over after the refreshes of its own and of the first plan", () => {
  const seen: boolean[] = [];
  let data: PrivateData = importedMemory;
  for (let refresh = 0; refresh < 4; refresh++) {
    data = { ...data, ...refreshedImport(data) };
    seen.push(isImported(data));
  }
  expect(seen).toEqual([true, true, false, false]);
});
