/** Every resource of every release's states (test/fixtures/states), as another version of the provider would have written it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { WireDiagnostic, WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { types } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { buildProvider } from "../../../scripts/build-provider";
import { connect, type Handshaken, handshake, type ProviderClient } from "../client";

const FIXTURES = resolve(__dirname, "../../fixtures/states");

interface Attributes {
  readonly [name: string]: unknown;
}
interface StateFile {
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly schema_version: number; readonly attributes: Attributes }[];
  }[];
}

const states = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".tfstate"))
  .flatMap((path) => {
    const { resources: found } = JSON.parse(readFileSync(join(FIXTURES, path), "utf8")) as StateFile;
    return found
      .filter(({ mode }) => mode === "managed")
      .flatMap(({ type, name, instances }) =>
        instances.map(({ schema_version: version, attributes }) => ({
          title: `${path}: ${type}.${name}`,
          type,
          version,
          attributes,
        })),
      );
  });

let provider: Handshaken;
let client: ProviderClient;
beforeAll(async () => {
  provider = await handshake((await buildProvider("registry")) ?? "");
  client = connect(provider);
}, 120_000);
afterAll(() => {
  client?.close();
  provider?.process.kill("SIGKILL");
});

/** As the schema has it: never null in a state. */
function isNeverNull(typeName: string, attribute: string): boolean {
  const { presence, identifies } = schemaOf(typeName).attributes[attribute] ?? {};
  return presence === "required" || identifies === true;
}

function schemaOf(typeName: string): TypeSchema {
  const schema = types.find(({ kind, name }) => kind === "resource" && name === typeName);
  if (schema === undefined) throw new Error(`${typeName} is gone: a release that had it can't be upgraded.`);
  return schema;
}

async function upgrade(typeName: string, version: number, json: unknown) {
  const schema = schemaOf(typeName);
  const { diagnostics, upgradedState } = await client.call<{
    readonly diagnostics: readonly WireDiagnostic[];
    readonly upgradedState: WireDynamicValue | null;
  }>("UpgradeResourceState", { typeName, version, rawState: { json: Buffer.from(JSON.stringify(json)) } });
  const state = upgradedState === null ? null : (decodeObject(upgradedState, schema) as ObjectValue);
  return { messages: diagnostics.map(({ summary, detail }) => ({ summary, detail })), state };
}

describe.each(states.map((state) => [state.title, state] as const))("%s", (_, { type, version, attributes }) => {
  it("keeps every attribute that it has", async () => {
    const { messages, state } = await upgrade(type, version, attributes);
    expect(messages).toEqual([]);
    expect(state).toMatchObject(attributes);
  });

  it("an attribute that it does not have yet is null, whichever may be", async () => {
    for (const missing of Object.keys(attributes).filter((name) => !isNeverNull(type, name))) {
      const { [missing]: _, ...rest } = attributes;
      const { messages, state } = await upgrade(type, version, rest);
      expect({ missing, messages, value: state?.[missing] }).toEqual({ missing, messages: [], value: null });
      expect(state).toMatchObject(rest);
    }
  });

  it.each([
    ["absent", (name: string) => Object.fromEntries(Object.entries(attributes).filter(([other]) => other !== name))],
    ["null", (name: string) => ({ ...attributes, [name]: null })],
  ])("fails when what is required or identifies it is %s: no release wrote that at this schema version", async (_, damaged) => {
    for (const name of Object.keys(attributes).filter((other) => isNeverNull(type, other))) {
      expect(await upgrade(type, version, damaged(name))).toEqual({
        messages: [
          {
            summary: "State that can't be read",
            detail: expect.stringMatching(
              `${name} of this ${type} is missing or null in the state, and every state has to have it\\..*terraform state rm`,
            ),
          },
        ],
        state: null,
      });
    }
  });

  it("an attribute of the past is dropped", async () => {
    const whole = await upgrade(type, version, attributes);
    expect(await upgrade(type, version, { ...attributes, of_the_past: { any: ["thing"] } })).toEqual(whole);
  });

  it("fails when a newer provider wrote it, and says what to do", async () => {
    expect(await upgrade(type, 99, attributes)).toEqual({
      messages: [
        {
          summary: "State of a newer provider",
          detail: expect.stringMatching(
            `The state of this ${type} has version 99; .* Use the provider version that wrote it, or a later one`,
          ),
        },
      ],
      state: null,
    });
  });
});
