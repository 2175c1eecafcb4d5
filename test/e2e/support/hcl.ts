/** Attributes of a block: names and HCL expressions, such as `"text"` with its quotes, `var.password`; undefined leaves one out. */
export interface Expressions {
  readonly [name: string]: string | undefined;
}

/** A block: `block('resource "registry_token" "t"', { name: quoted("t") })`. */
export function block(head: string, attributes: Expressions): string {
  return `${head} ${object(attributes)}\n`;
}

/** An object, one attribute a line, so that a message's line is the attribute at fault. */
export function object(attributes: Expressions): string {
  const lines = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${value}`]));
  return `{\n${lines.join("\n")}\n}`;
}

/** A string, or a list of strings, as an expression. */
export function quoted(value: string | readonly string[]): string {
  return JSON.stringify(value).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

/** A variable whose value is never stored. */
export function ephemeralVariable(name: string): string {
  return block(`variable "${name}"`, { type: "string", ephemeral: "true" });
}

/** Something that is only known after an apply: `terraform_data.NAME.output`. */
export function later(name: string, expression: string): string {
  return block(`resource "terraform_data" "${name}"`, { input: expression });
}
