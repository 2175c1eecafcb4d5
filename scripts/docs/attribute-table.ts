import type { Attribute, Attributes, NestedAttribute, Presence } from "../../lib/schema";
import { isNested, toCamelCase } from "../../lib/schema";
import { attributeType } from "./type-text";

/** One section's tables: the attributes of a type, or of a nested object at `path`. */
interface Section {
  readonly path: readonly string[];
  readonly attributes: Attributes;
}

const GROUPS: readonly { readonly title: string; readonly presences: readonly Presence[] }[] = [
  { title: "Required", presences: ["required"] },
  { title: "Optional", presences: ["optional", "optional_computed"] },
  { title: "Read-only", presences: ["computed"] },
];

/** The attributes of a type as Markdown: its own tables first, then a section for each nested object, in reading order. */
export function renderAttributes(attributes: Attributes): string {
  const [own, ...nested] = sectionsOf({ path: [], attributes });
  return [own === undefined ? "" : renderTables(own), ...nested.map(renderSection)].join("\n\n");
}

/** Every attribute's path, such as `registries.hosts`; the step below a map is `<name>`. */
export function attributePaths(attributes: Attributes): string[] {
  return sectionsOf({ path: [], attributes }).flatMap((section) =>
    Object.keys(section.attributes).map((name) => [...section.path, name].join(".")),
  );
}

function sectionsOf(section: Section): Section[] {
  const nested = Object.entries(section.attributes).filter((entry): entry is [string, NestedAttribute] => isNested(entry[1]));
  return [
    section,
    ...nested.flatMap(([name, attribute]) =>
      sectionsOf({ path: [...section.path, ...stepsInto(name, attribute)], attributes: attribute.attributes }),
    ),
  ];
}

function stepsInto(name: string, attribute: NestedAttribute): string[] {
  return attribute.nesting === "map" ? [name, "<name>"] : [name];
}

function renderSection(section: Section): string {
  return `<a id="${anchor(section.path)}"></a>\n\n### \`${section.path.join(".")}\`\n\n${renderTables(section)}`;
}

function renderTables(section: Section): string {
  return GROUPS.flatMap(({ title, presences }) => {
    const rows = Object.entries(section.attributes).filter(([, attribute]) => presences.includes(attribute.presence));
    if (rows.length === 0) return [];
    const table = rows.map(([name, attribute]) => renderRow(section.path, name, attribute));
    return [[`**${title}**`, "", "| attribute | prop | type | |", "|---|---|---|---|", ...table].join("\n")];
  }).join("\n\n");
}

function renderRow(path: readonly string[], name: string, attribute: Attribute): string {
  const type = attributeType(attribute);
  const typeCell = isNested(attribute) ? `[${type}](#${anchor([...path, ...stepsInto(name, attribute)])})` : type;
  const text = [attribute.description, ...notesOn(attribute)].join(" ");
  return `| \`${name}\` | \`${toCamelCase(name)}\` | ${typeCell} | ${text.replace(/\|/g, "\\|").replace(/\n+/g, "<br>")} |`;
}

/** What the reader has to know beside the description, each a sentence. */
function notesOn(attribute: Attribute): string[] {
  const notes: string[] = [];
  if (attribute.default !== undefined) notes.push(`Default: \`${JSON.stringify(attribute.default)}\`.`);
  if (attribute.whenUnset !== undefined) notes.push(`When unset: ${attribute.whenUnset}.`);
  if (attribute.environment !== undefined)
    notes.push(`Environment: ${attribute.environment.map((name) => `\`${name}\``).join(", ")}.`);
  if (attribute.writeOnly) notes.push("**Write-only**: never stored.");
  if (attribute.sensitive)
    notes.push(attribute.presence === "computed" ? "**Sensitive**." : "**Sensitive**: a `Secret` in the constructs.");
  if (attribute.requiresReplace) notes.push("**A change replaces it.**");
  if (attribute.deprecated) notes.push("**Deprecated.**");
  return notes;
}

function anchor(path: readonly string[]): string {
  return path.join("-").replace(/[<>]/g, "");
}
