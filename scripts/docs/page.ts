import type { TypeSchema } from "../../lib/schema";
import { renderAttributes } from "./attribute-table";
import { blockHeader, pageId } from "./type-text";

/** Stands first in every generated file. */
const GENERATED = "<!-- Generated from lib/schema and docs/examples by `npm run docs`: edit there. -->";

/** What a page needs beside its type. */
export interface PageParts {
  /** The example's text (HCL). */
  readonly example: string;
  /** The construct that stands for the type. */
  readonly construct: string;
  /** Where its props are not the attributes; follows "whose props have the names of the column prop". @default - nothing */
  readonly note?: string | undefined;
  /** A section before the attributes. @default - none */
  readonly section?: string | undefined;
}

/** The reference page of one type. */
export function renderPage(type: TypeSchema, { example, construct, note = "", section }: PageParts): string {
  if (type.blocks !== undefined)
    throw new Error(`${type.name} has nested blocks, which the reference pages don't show: use nested attributes.`);
  const file = `../examples/${pageId(type)}/main.tf`;
  return `${[
    GENERATED,
    `# ${type.kind === "provider" ? `The ${type.name} provider` : `${type.name} (${type.kind})`}`,
    type.description,
    `In HCL \`${blockHeader(type)}\`; in the constructs \`${construct}\`, whose props have the names of the column "prop"${note}.`,
    "## Example",
    `From [docs/examples/${pageId(type)}](${file}):`,
    `\`\`\`terraform\n${example.trimEnd()}\n\`\`\``,
    ...(section === undefined ? [] : [section]),
    "## Attributes",
    renderAttributes(type.attributes),
    ...renderImport(type),
  ].join("\n\n")}\n`;
}

/** How to import a resource; nothing for a type that can't be. */
function renderImport({ name, importId }: TypeSchema): readonly string[] {
  if (importId === undefined) return [];
  const { format, example, description } = importId;
  return [
    "## Import",
    `The id is \`${format}\`.`,
    `\`\`\`terraform\nimport {\n  to = ${name}.example\n  id = "${example}"\n}\n\`\`\``,
    `\`\`\`sh\nterraform import ${name}.example '${example}'\n\`\`\``,
    description,
  ];
}

/** The list of all pages. */
export function renderIndex(types: readonly TypeSchema[], constructs: { readonly [page: string]: string }): string {
  const rows = types.map((type) => {
    const [summary] = type.description.split(/\n\n|(?<=\.) (?=[A-Z])/);
    return `| [\`${type.name}\`](${pageId(type)}.md) | ${type.kind} | \`${constructs[pageId(type)]}\` | ${summary} |`;
  });
  return [
    GENERATED,
    "# Reference",
    "One page for each type of the `registry` provider (source `registry.terraform.io/registry-access/registry`). The constructs take the same attributes, in camelCase.",
    `${["| type | kind | construct | |", "|---|---|---|---|", ...rows].join("\n")}\n`,
  ].join("\n\n");
}
