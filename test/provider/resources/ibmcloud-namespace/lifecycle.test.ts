import { ClientError } from "../../../../lib/clients/client-error";
import { createClaims } from "../../../../lib/provider/configured/claims";
import type { ConfiguredProvider } from "../../../../lib/provider/configured/provider";
import type { TypeContext } from "../../../../lib/provider/framework/definition";
import { type Diagnostic, DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { ibmcloudNamespaceResource as resource } from "../../../../lib/provider/resources/ibmcloud-namespace";

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const planned: ObjectValue = {
  issuer: "icr",
  name: "acme-apps",
  region: null,
  resource_group: null,
  force_destroy: false,
  timeouts: null,
};
const state: ObjectValue = { ...planned, id: "icr/acme-apps", resource_group: "g" };

/** A registry in memory; `put` may fail, before or after the work is done. */
function start({
  there = [] as string[],
  images = 0,
  put,
  isStubborn = false,
}: {
  there?: string[];
  images?: number;
  put?: "refused" | "taken" | "group" | "unlisted" | "lost" | "lost before";
  /** Says of a namespace that it lists that there is none. */
  isStubborn?: boolean;
}) {
  const names = new Set(there);
  const lost = new ClientError("unreachable", "PUT https://us.icr.io: cut", { ambiguous: true });
  const registry = {
    endpoint: "https://us.icr.io",
    listNamespaces: async () => [...names].map((name) => ({ name, resourceGroup: "g" })),
    async putNamespace(name: string) {
      if (put === "refused") throw new ClientError("forbidden", "PUT https://us.icr.io: 403", { status: 403 });
      if (put === "taken") throw new ClientError("conflict", "PUT https://us.icr.io: 409.", { status: 409 });
      if (put === "group") throw new ClientError("invalid", "PUT https://us.icr.io: 400.", { status: 400 });
      if (put === "unlisted") return false;
      if (put === "lost before") throw lost;
      names.add(name);
      if (put === "lost") throw lost;
      return true;
    },
    deleteNamespace: async (name: string) => !isStubborn && names.delete(name),
    listImages: async () => Array.from({ length: images }, (_, at) => ({ id: `sha256:${at}`, tags: [`app:${at}`], digests: [] })),
    close: async () => undefined,
  };
  const said: Diagnostic[] = [];
  const issuers = { names: ["icr"], isKnown: () => true, check: nothing, getOf: async () => ({ registry: () => registry }) };
  const provider = { issuers, claims: createClaims(), runtime: { random: () => 0 } } as unknown as ConfiguredProvider;
  const context: TypeContext<ConfiguredProvider> = {
    provider,
    signal: AbortSignal.timeout(20_000),
    log,
    report: (diagnostic) => void said.push(diagnostic),
  };
  return { names, context, said };
}

const errors = async (work: Promise<unknown>): Promise<readonly string[]> => {
  const thrown = await work.then(nothing, (error: unknown) => error);
  if (!(thrown instanceof DiagnosticError)) throw thrown;
  return thrown.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`);
};
const create = (context: TypeContext<ConfiguredProvider>) =>
  resource.create({ planned, config: planned, privateData: null }, context);

test("makes it, and says which resource group it is in", async () => {
  const { names, context } = start({});
  expect((await create(context)).state).toEqual(state);
  expect([...names]).toEqual(["acme-apps"]);
});

test("fails when it is there already: it is left as it is", async () => {
  const { names, context } = start({ there: ["acme-apps"] });
  expect(await errors(create(context))).toEqual([expect.stringMatching(/is there already.*import ADDRESS "icr\/acme-apps"/s)]);
  expect([...names]).toEqual(["acme-apps"]);
});

test.each([
  ["refused", /Not allowed/],
  ["taken", /Another account has it/],
  ["group", /Is resource_group = "g" the id/],
  ["unlisted", /is there already: .*what it may not see is left out/],
  ["lost before", /could not be made/],
] as const)("fails when the request is %s, and leaves nothing", async (put, words) => {
  const { names, context, said } = start({ put });
  const asked = { ...planned, resource_group: "g" };
  const made = resource.create({ planned: asked, config: asked, privateData: null }, context);
  expect(await errors(made)).toEqual([expect.stringMatching(words)]);
  expect([[...names], said]).toEqual([[], []]);
});

test("an answer that was lost: it is there now, and was not before", async () => {
  const { names, context } = start({ put: "lost" });
  expect((await create(context)).state).toEqual(state);
  expect([...names]).toEqual(["acme-apps"]);
});

test.each(["refused", "taken", "group", "unlisted"] as const)("%s: what somebody made meanwhile stays", async (put) => {
  const { names, context } = start({ put });
  const { getOf } = context.provider.issuers;
  const registry = (await getOf("ibmcloud", "icr", [])).registry(null);
  const { putNamespace } = registry;
  registry.putNamespace = (...request) => {
    names.add("acme-apps");
    return putNamespace(...request);
  };
  await errors(create(context));
  expect([...names]).toEqual(["acme-apps"]);
});

test("fails when two of a configuration have one name in one registry", async () => {
  const { context } = start({});
  const plan = (prior: ObjectValue | null) =>
    resource.plan?.({ config: planned, prior, proposed: planned, privateData: null }, context) ?? Promise.resolve();
  await plan(null);
  expect(await errors(plan(null))).toEqual([
    expect.stringMatching(/^Two registry namespaces of one name: .*"acme-apps" at https/),
  ]);
  const own = start({}).context;
  // A replacement is planned twice, and is one.
  const first = await resource.plan?.({ config: planned, prior: state, proposed: planned, privateData: null }, own);
  const again = { config: planned, prior: null, proposed: planned, privateData: first?.privateData ?? null };
  await expect(resource.plan?.(again, own)).resolves.toBeDefined();
});

test("a refresh sees that it is gone", async () => {
  expect(await resource.read({ state, privateData: null }, start({}).context)).toBeNull();
  expect(await resource.read({ state, privateData: null }, start({ there: ["acme-apps"] }).context)).toMatchObject({ state });
});

test("destroy: gone already, empty, and with images that may go", async () => {
  for (const world of [start({}), start({ there: ["acme-apps"] })]) {
    await resource.delete({ prior: state, privateData: null }, world.context);
    expect(world.names.size).toBe(0);
  }
  const world = start({ there: ["acme-apps"], images: 2 });
  await resource.delete({ prior: { ...state, force_destroy: true }, privateData: null }, world.context);
  expect(world.names.size).toBe(0);
});

test("fails when images would be lost", async () => {
  const { names, context } = start({ there: ["acme-apps"], images: 2 });
  const destroyed = resource.delete({ prior: state, privateData: null }, context);
  expect(await errors(destroyed)).toEqual([expect.stringMatching(/is not empty: .*holds 2 images \(app:0, app:1\)/)]);
  expect([...names]).toEqual(["acme-apps"]);
});

test("an import reads it, or says that it is not there", async () => {
  const read = await resource.importState?.("icr/acme-apps", start({ there: ["acme-apps"] }).context);
  expect(read?.state).toMatchObject({ id: "icr/acme-apps", name: "acme-apps", resource_group: "g" });
  const missing = resource.importState?.("icr/acme-apps", start({}).context) ?? Promise.resolve();
  expect(await errors(missing)).toEqual([expect.stringMatching(/^Nothing to import: /)]);
});

test("fails when the registry says that it is gone, and goes on listing it", async () => {
  const { context } = start({ there: ["acme-apps"], isStubborn: true });
  const destroyed = resource.delete({ prior: state, privateData: null }, context);
  expect(await errors(destroyed)).toEqual([expect.stringMatching(/could not be deleted.*goes on listing it/s)]);
});

test("one that is not listed counts as gone, and is told: the login may not see it any more", async () => {
  const { context, said } = start({});
  expect(await resource.read({ state, privateData: null }, context)).toBeNull();
  await resource.delete({ prior: state, privateData: null }, context);
  const warning = { severity: "warning", summary: "Registry namespace is not listed", path: ["name"] };
  expect(said).toMatchObject([warning, warning]);
});
