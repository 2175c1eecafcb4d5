import type { TypeSchema } from "../../../lib/schema";
import { renderIndex, renderPage } from "../../../scripts/docs/page";

const shelf = {
  name: "toy_shelf",
  kind: "resource",
  description: "A shelf. It holds boxes.\n\nIt stands still.",
  attributes: {
    id: { type: "string", presence: "computed", description: "Its id." },
    max_weight: { type: "number", presence: "required", description: "In grams, a | b.", requiresReplace: true },
    secret_word: {
      type: "string",
      presence: "optional",
      description: "Opens it.",
      writeOnly: true,
      sensitive: true,
      environment: ["TOY_WORD", "WORD"],
    },
    labels: { type: { map: "string" }, presence: "optional_computed", default: ["a"], description: "Labels." },
    boxes: {
      nesting: "map",
      presence: "optional",
      description: "What stands on it.",
      whenUnset: "it is empty",
      attributes: {
        colours: { type: { set: "string" }, presence: "optional", description: "Its colours.", deprecated: true },
      },
    },
  },
} as const satisfies TypeSchema;

const parts = { example: 'resource "toy_shelf" "a" {}\n', construct: "Shelf" };

test("a page shows everything the schema says", () => {
  expect(renderPage(shelf, parts)).toBe(`<!-- Generated from lib/schema and docs/examples by \`npm run docs\`: edit there. -->

# toy_shelf (resource)

A shelf. It holds boxes.

It stands still.

In HCL \`resource "toy_shelf"\`; in the constructs \`Shelf\`, whose props have the names of the column "prop".

## Example

From [docs/examples/resource-toy_shelf](../examples/resource-toy_shelf/main.tf):

\`\`\`terraform
resource "toy_shelf" "a" {}
\`\`\`

## Attributes

**Required**

| attribute | prop | type | |
|---|---|---|---|
| \`max_weight\` | \`maxWeight\` | number | In grams, a \\| b. **A change replaces it.** |

**Optional**

| attribute | prop | type | |
|---|---|---|---|
| \`secret_word\` | \`secretWord\` | string | Opens it. Environment: \`TOY_WORD\`, \`WORD\`. **Write-only**: never stored. **Sensitive**: a \`Secret\` in the constructs. |
| \`labels\` | \`labels\` | map of string | Labels. Default: \`["a"]\`. |
| \`boxes\` | \`boxes\` | [map of objects](#boxes-name) | What stands on it. When unset: it is empty. |

**Read-only**

| attribute | prop | type | |
|---|---|---|---|
| \`id\` | \`id\` | string | Its id. |

<a id="boxes-name"></a>

### \`boxes.<name>\`

**Optional**

| attribute | prop | type | |
|---|---|---|---|
| \`colours\` | \`colours\` | set of string | Its colours. **Deprecated.** |
`);
});

test("the index has a row for each type, with the first sentence", () => {
  expect(renderIndex([shelf], { "resource-toy_shelf": "Shelf" })).toContain(
    "| [`toy_shelf`](resource-toy_shelf.md) | resource | `Shelf` | A shelf. |\n",
  );
});

test("fails when a type has nested blocks, which the page would hide", () => {
  const withBlocks: TypeSchema = { ...shelf, blocks: { metadata: { nesting: "list", attributes: {} } } };
  expect(() => renderPage(withBlocks, parts)).toThrow("toy_shelf has nested blocks");
});
