/** A definition of a service or a pattern: the content of hzn's file, or the same as an object. */
export type HorizonDefinition = string | { readonly [field: string]: unknown };

/**
 * A definition as Terraform takes it: JSON, in which hzn's `${NAME}` is no expression of Terraform's, while cdktf's own tokens stay what
 * they are.
 */
export function definitionText(definition: HorizonDefinition): string {
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  return text.replace(/\$\{(?!TfToken\[)/g, "$$${").replace(/%\{/g, "%%{");
}
