import { createRedactor } from "../../../lib/domain/redaction";
import { applyResourceChange } from "../../../lib/provider/framework/apply-resource-change";
import { createSession } from "../../../lib/provider/framework/call";
import type { ProviderDefinition, ResourceType, TypeContext } from "../../../lib/provider/framework/definition";
import { formatError } from "../../../lib/provider/framework/diagnose";
import { type Diagnostic, DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import { equal } from "../../../lib/provider/framework/equal";
import { openEphemeralResource } from "../../../lib/provider/framework/open-ephemeral-resource";
import { planResourceChange } from "../../../lib/provider/framework/plan-resource-change";
import { type ObjectValue, UNKNOWN } from "../../../lib/provider/framework/value";
import type { TypeSchema } from "../../../lib/schema/attribute";

const SCHEMA: TypeSchema = {
  name: "t_one",
  kind: "resource",
  description: "",
  attributes: {
    id: { type: "string", presence: "computed", description: "" },
    name: { type: "string", presence: "required", description: "" },
    secret_wo: { type: "string", presence: "optional", writeOnly: true, description: "" },
  },
};

function context(): TypeContext<null> & { readonly lines: string[]; readonly reported: Diagnostic[] } {
  const lines: string[] = [];
  const reported: Diagnostic[] = [];
  const at = (level: string) => (message: string, fields?: object) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  const log = { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return {
    provider: null,
    signal: new AbortController().signal,
    log,
    report: (diagnostic) => void reported.push(diagnostic),
    lines,
    reported,
  };
}

function lazy(methods: Partial<ResourceType<null>>): { schema: TypeSchema; load: () => Promise<ResourceType<null>> } {
  const type: ResourceType<null> = {
    schema: SCHEMA,
    create: async ({ planned }) => ({ state: { ...planned, id: "1" } }),
    read: async ({ state }) => ({ state }),
    update: async ({ planned }) => ({ state: planned }),
    delete: async () => {},
    ...methods,
  };
  return { schema: SCHEMA, load: async () => type };
}

const config: ObjectValue = { id: null, name: "n", secret_wo: "s" };
const state: ObjectValue = { id: "1", name: "n", secret_wo: null };

describe("planResourceChange", () => {
  it("takes the proposal where the type has no plan of its own", async () => {
    expect(await planResourceChange(lazy({}), { config, prior: null, privateData: null }, context())).toEqual({
      planned: { id: UNKNOWN, name: "n", secret_wo: null },
      requiresReplace: [],
      privateData: null,
      legacyTypeSystem: false,
    });
  });

  it("counts the type's own replacements only where the value differs, and keeps private data", async () => {
    const requiresReplace = [["name"], ["id"]];
    const type = lazy({ plan: async ({ proposed }) => ({ planned: { ...proposed, secret_wo: "s" }, requiresReplace }) });
    const change = { config, prior: { ...state, name: "old" }, privateData: { a: 1 } };
    expect(await planResourceChange(type, change, context())).toMatchObject({
      planned: { id: "1", name: "n", secret_wo: null },
      requiresReplace: [["name"]],
      privateData: { a: 1 },
    });
  });

  it("asks planDestroy for a destroy", async () => {
    const type = lazy({
      planDestroy: async (_prior, { report }) => report({ severity: "warning", summary: "Goes", detail: "It goes." }),
    });
    const at = context();
    expect(await planResourceChange(type, { config: null, prior: state, privateData: null }, at)).toMatchObject({
      planned: null,
    });
    expect(at.reported).toHaveLength(1);
  });

  it("logs where a plan departs from the configuration, without values", async () => {
    const at = context();
    const type = lazy({ plan: async ({ proposed }) => ({ planned: { ...proposed, name: "other" } }) });
    await planResourceChange(type, { config, prior: null, privateData: null }, at);
    expect(at.lines).toEqual(['error bug: the plan departs from the configuration {"type":"t_one","at":"name"}']);
  });
});

describe("applyResourceChange", () => {
  const planned: ObjectValue = { id: UNKNOWN, name: "n", secret_wo: null };

  it("creates, with the configuration's write-only values, and stores none of them", async () => {
    let seen: unknown;
    const type = lazy({
      create: async (request) => {
        seen = request.config.secret_wo;
        return { state: { ...request.planned, id: "1", secret_wo: "s" }, privateData: { made: true } };
      },
    });
    const applied = await applyResourceChange(type, { prior: null, planned, config, privateData: null }, context());
    expect({ applied, seen }).toEqual({ applied: { state, privateData: { made: true }, legacyTypeSystem: false }, seen: "s" });
  });

  it("keeps part of an update beside a reported error, and is not called a departure", async () => {
    const at = context();
    const type = lazy({
      update: async ({ prior }, { report }) => {
        report({ severity: "error", summary: "Half", detail: "Only half was done." });
        return { state: prior };
      },
    });
    const change = { prior: { ...state, name: "old" }, planned: state, config, privateData: null };
    expect(await applyResourceChange(type, change, at)).toMatchObject({ state: { name: "old" } });
    expect(at).toMatchObject({ lines: [], reported: [{ summary: "Half" }] });
  });

  it("deletes", async () => {
    const deleted: unknown[] = [];
    const type = lazy({ delete: async ({ prior }) => void deleted.push(prior) });
    expect(
      await applyResourceChange(type, { prior: state, planned: null, config: null, privateData: null }, context()),
    ).toMatchObject({ state: null });
    expect(deleted).toEqual([state]);
  });

  it("takes what is computed inside a nested attribute as unknown (issue 4)", async () => {
    const part: TypeSchema["attributes"] = {
      name: { type: "string", presence: "required", description: "" },
      size: { type: "number", presence: "computed", description: "" },
    };
    const parts = { nesting: "list", presence: "optional", description: "", attributes: part } as const;
    const schema: TypeSchema = { ...SCHEMA, attributes: { parts } };
    const made: ObjectValue = { parts: [{ name: "p", size: 2 }] };
    const planned: ObjectValue = { parts: [{ name: "p", size: UNKNOWN }] };
    const load = async () => ({ ...(await lazy({}).load()), schema, create: async () => ({ state: made }) });
    const change = { prior: null, planned, config: { parts: [{ name: "p", size: null }] }, privateData: null };
    expect(await applyResourceChange({ schema, load }, change, context())).toMatchObject({ state: made });
  });
});

describe("applyResourceChange fails, before anything is written, when", () => {
  const failing: Record<string, { planned: ObjectValue; config: ObjectValue }> = {
    "the configuration is not known (found by fuzzing, issue 4)": { planned: state, config: { ...config, name: UNKNOWN } },
    "what the user chooses is not known in the plan (found by fuzzing, issue 4)": {
      planned: { ...state, name: UNKNOWN },
      config,
    },
  };
  it.each(Object.entries(failing))("%s", async (_, { planned, config: chosen }) => {
    const create = jest.fn();
    const change = { prior: null, planned, config: chosen, privateData: null };
    await expect(applyResourceChange(lazy({ create }), change, context())).rejects.toMatchObject({
      diagnostics: [{ summary: "Value not known yet", detail: "t_one needs name to be known at the apply.", path: ["name"] }],
    });
    expect(create).not.toHaveBeenCalled();
  });
});

describe("openEphemeralResource", () => {
  it("fails when its configuration is not known yet, and names what is not", async () => {
    const schema: TypeSchema = { ...SCHEMA, kind: "ephemeral resource" };
    const type = { schema, load: async () => ({ schema, open: async () => ({}) }) };
    await expect(openEphemeralResource(type, { ...config, name: UNKNOWN }, context())).rejects.toMatchObject({
      diagnostics: [
        { summary: "Value not known yet", detail: "t_one needs name to be known before it is opened.", path: ["name"] },
      ],
    });
  });
});

describe("equal", () => {
  const odd = (json: string) => JSON.parse(json) as ObjectValue;
  const cases: Record<string, { a: ObjectValue; b: ObjectValue; result: boolean }> = {
    "the same": { a: { x: [1, UNKNOWN] }, b: { x: [1, UNKNOWN], y: null }, result: true },
    "another element": { a: { x: [1] }, b: { x: [2] }, result: false },
    "a key that objects inherit, as null": { a: odd('{"__proto__":null}'), b: {}, result: true },
    "a key that objects inherit": { a: odd('{"constructor":{}}'), b: {}, result: false },
  };
  it.each(Object.entries(cases))("compares %s", (_, { a, b, result }) => {
    expect(equal(a, b)).toBe(result);
  });
});

describe("session", () => {
  const definition = {
    schema: SCHEMA,
    version: "1.2.3",
    resources: [],
    dataSources: [],
    ephemeralResources: [],
    configure: async () => null,
  };
  const session = () => {
    const at = context();
    const redactor = createRedactor();
    redactor.remember("hunter22");
    return createSession<null>(definition satisfies ProviderDefinition<null>, at.log, redactor, { crashGraceMs: 20 });
  };
  const operation = { name: "plan", type: "t_one" };

  it("passes foreseen errors on, beside what was reported, without remembered secrets", async () => {
    const { diagnostics } = await session().run(operation, async ({ report }) => {
      report({ severity: "warning", summary: "W", detail: "first" });
      throw DiagnosticError.at(["name"], "Refused", "The server said: no hunter22 here.");
    });
    expect(diagnostics).toEqual([
      { severity: "warning", summary: "W", detail: "first" },
      { severity: "error", summary: "Refused", detail: "The server said: no [redacted] here.", path: ["name"] },
    ]);
  });

  it("cancels what is under way at stop, and nothing after it", async () => {
    const one = session();
    const hanging = one.run(
      operation,
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    one.stop();
    expect((await hanging).diagnostics).toMatchObject([{ summary: "Cancelled" }]);
    expect(await one.run(operation, async ({ signal }) => signal.aborted)).toEqual({ result: false, diagnostics: [] });
  });

  it("issue 4: a terminal's Ctrl-C ends what only reads, also what comes after it, and leaves a change to Terraform", async () => {
    const one = session();
    const untilAborted = ({ signal }: { readonly signal: AbortSignal }) =>
      new Promise((_, reject) => {
        const end = () => reject(signal.reason);
        if (signal.aborted) end();
        else signal.addEventListener("abort", end);
      });
    const reading = one.run({ name: "read", type: "t_one" }, untilAborted);
    const changing = one.run({ name: "apply", type: "t_one" }, untilAborted);
    one.interrupt();
    const cancelled = (name: string) => [
      { detail: `${name} of t_one was cancelled before it was done. Run it again to finish.` },
    ];
    expect((await reading).diagnostics).toMatchObject(cancelled("read"));
    expect((await one.run(operation, untilAborted)).diagnostics).toMatchObject(cancelled("plan"));
    expect(await Promise.race([changing, Promise.resolve("goes on")])).toBe("goes on");
    one.stop();
    expect((await changing).diagnostics).toMatchObject(cancelled("apply"));
  });

  it("stop resolves when what is under way has been undone", async () => {
    const one = session();
    let undone = false;
    const call = one.run(operation, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await new Promise((resolve) => setTimeout(resolve, 20));
      undone = true;
    });
    await one.stop();
    expect(undone).toBe(true);
    await call;
  });

  it("gives a crashed call up where it does not end, and lets the others go on", async () => {
    const one = session();
    const crashing = one.run(operation, async () => {
      one.crash(new TypeError("nobody caught this", { cause: new Error("the root") }));
      return new Promise(() => {});
    });
    const other = one.run(operation, async () => "fine");
    expect(await crashing).toMatchObject({ diagnostics: [{ summary: "Bug in the t_one provider" }] });
    expect(await other).toEqual({ result: "fine", diagnostics: [] });
  });

  it("ends all calls at a crash that belongs to none", async () => {
    const one = session();
    const calls = [1, 2].map(() => one.run(operation, () => new Promise(() => {})));
    one.crash(new Error("from nowhere"));
    for (const { diagnostics } of await Promise.all(calls)) expect(diagnostics).toMatchObject([{ severity: "error" }]);
  });
});

describe("formatError", () => {
  it("tells the causes of an exception, each with its stack, also in a circle", () => {
    const root = new Error("the root");
    const text = formatError(new TypeError("on top", { cause: root }));
    expect(text).toMatch(/^TypeError: on top\n {4}at [\s\S]*\ncaused by: Error: the root\n {4}at /);
    root.cause = root;
    expect(formatError(root).match(/caused by/g)).toHaveLength(4);
  });
});
