/** One schema, three uses: what is in lib/schema is in the protocol's schema, in the props and on the page, and a change of it changes all three. */
import { Testing } from "../../../lib/constructs/cdktf";
import { resourceOf } from "../../../lib/constructs/from-schema";
import type { WireAttribute } from "../../../lib/provider/protocol/messages";
import { formatSchema } from "../../../lib/provider/protocol/schema";
import type { Attributes, Props, TypeSchema } from "../../../lib/schema";
import { pullSecret, toCamelCase, toSnakeCase, types } from "../../../lib/schema";
import { attributePaths } from "../../../scripts/docs/attribute-table";
import { renderPage } from "../../../scripts/docs/page";
import { pageId } from "../../../scripts/docs/type-text";

const MAP = 4;

/** Every attribute's path in the protocol's schema, written as {@link attributePaths} writes it. */
function wirePaths(attributes: readonly WireAttribute[], prefix: readonly string[] = []): string[] {
  const own = attributes.map(({ name }) => [...prefix, name].join("."));
  const nested = attributes.flatMap(({ name, nestedType }) =>
    nestedType ? wirePaths(nestedType.attributes, [...prefix, name, ...(nestedType.nesting === MAP ? ["<name>"] : [])]) : [],
  );
  return [...own, ...nested];
}

function wireOf(type: TypeSchema): string[] {
  return wirePaths(formatSchema(type).block.attributes);
}

function pageOf(type: TypeSchema): string {
  return renderPage(type, { example: "", construct: "X" });
}

/** The attribute's row stands in its section of the page, with its prop's name. */
function isOnPage(page: string, path: string): boolean {
  const steps = path.split(".");
  const name = steps.at(-1) ?? "";
  const section = steps.slice(0, -1).join(".");
  const text =
    section === "" ? page.split("\n### ")[0] : page.split("\n### ").find((part) => part.startsWith(`\`${section}\`\n`));
  return (text ?? "").includes(`\n| \`${name}\` | \`${toCamelCase(name)}\` | `);
}

describe.each(types.map((type): [string, TypeSchema] => [pageId(type), type]))("%s", (_, type) => {
  const paths = attributePaths(type.attributes);

  it("has every attribute in the protocol's schema", () => {
    expect(wireOf(type).sort()).toEqual([...paths].sort());
  });

  it("has every attribute on its page", () => {
    const page = pageOf(type);
    expect(paths.filter((path) => !isOnPage(page, path))).toEqual([]);
  });

  it("has a prop name for every attribute that leads back to it", () => {
    const names = paths.flatMap((path) => path.split(".")).filter((step) => step !== "<name>");
    expect(names.filter((name) => toSnakeCase(toCamelCase(name)) !== name)).toEqual([]);
  });

  it("says what each attribute is, in sentences", () => {
    const described = descriptions(type.attributes);
    expect(described.filter(([, text]) => !/[.:]$|`\.?$/.test(text.trim())).map(([name]) => name)).toEqual([]);
  });
});

function descriptions(attributes: Attributes): [string, string][] {
  return Object.entries(attributes).flatMap(([name, attribute]): [string, string][] => [
    [name, attribute.description],
    ...("attributes" in attribute ? descriptions(attribute.attributes) : []),
  ]);
}

describe("an attribute more", () => {
  const extended = {
    ...pullSecret,
    attributes: {
      ...pullSecret.attributes,
      new_thing: { type: "bool", presence: "required", description: "A new thing." },
    },
  } as const satisfies TypeSchema;

  it("is in the protocol's schema", () => {
    expect(wireOf(extended).filter((path) => !wireOf(pullSecret).includes(path))).toEqual(["new_thing"]);
  });

  it("is on the page", () => {
    const before = pageOf(pullSecret).split("\n");
    expect(
      pageOf(extended)
        .split("\n")
        .filter((line) => !before.includes(line)),
    ).toEqual(["| `new_thing` | `newThing` | bool | A new thing. |"]);
  });

  it("is in the props, required, and reaches Terraform's configuration", () => {
    // The types are half of the test: `npm run check:types` fails where the props lack it, or don't require it.
    const required: undefined extends Props<typeof extended>["newThing"] ? false : true = true;
    class Extended extends resourceOf(extended) {}
    const json = Testing.synthScope((scope) => {
      new Extended(scope, "it", {
        name: "pull",
        namespaces: ["team-a"],
        registries: [{ hosts: ["r.example.com"] }],
        newThing: required,
      });
    });
    expect(JSON.parse(json).resource.registry_pull_secret.it).toMatchObject({ name: "pull", new_thing: true });
  });
});
