/** What a Terraform template is made of, as far as a secret's reference needs it. */
export interface Template {
  /** Whether it is `${…}` expressions and nothing else. */
  readonly isReference: boolean;
  /** What the expressions refer to, without indices: `var.password`, `random_password.mine.result`. */
  readonly traversals: readonly string[];
}

/** What an expression may refer to besides a secret; it is no secret, and chooses among several at most. */
const KEYWORDS = new Set(["true", "false", "null", "for", "in", "if"]);

/**
 * Reads a template as Terraform would, without judging its grammar: text outside `${…}`, and an expression that never ends or
 * starts with no name, make it a literal.
 */
export function parseTemplate(text: string): Template {
  const expressions: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.startsWith("${", at) ? endOf(text, at + 2) : undefined;
    if (end === undefined) return { isReference: false, traversals: [] };
    expressions.push(text.slice(at + 2, end));
    at = end + 1;
  }
  const isReference = expressions.length > 0 && expressions.every((expression) => /^~?\s*[A-Za-z_([{]/.test(expression));
  return { isReference, traversals: isReference ? expressions.flatMap(traversalsOf) : [] };
}

/** Where the brace stands that closes an expression: braces in strings don't count, but those of templates in them do. */
function endOf(text: string, start: number): number | undefined {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') {
      const end = endOfString(text, at + 1);
      if (end === undefined) return undefined;
      at = end;
    } else if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
    else if (opensTemplate(text, at)) {
      const end = endOf(text, at + 2);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return undefined;
}

function opensTemplate(text: string, at: number): boolean {
  return /^[$%]\{/.test(text.slice(at, at + 2)) && text[at - 1] !== text[at];
}

function traversalsOf(expression: string): readonly string[] {
  const code = withoutStrings(expression);
  const bound = new Set([...code.matchAll(/\bfor\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\b/g)].flatMap(([, one, two]) => [one, two]));
  // A call's name ends in "(", and a name behind a dot or a bracket belongs to what stands before it.
  const names = code.matchAll(/(?<![\w.\])-])[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*(?![\w-]*(?:\s*\(|::))/g);
  return [...names].map(([name]) => name).filter((name) => !KEYWORDS.has(name) && !bound.has(name.split(".")[0]));
}

/** The expression with what its strings say left out, but not what templates in them refer to. */
function withoutStrings(expression: string): string {
  let code = "";
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] !== '"') {
      code += expression[at];
      continue;
    }
    const end = endOfString(expression, at + 1) ?? expression.length;
    code += ` ${templatesIn(expression.slice(at + 1, end))
      .map(withoutStrings)
      .join(" ")} `;
    at = end;
  }
  return code;
}

function templatesIn(text: string): readonly string[] {
  const templates: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (opensTemplate(text, at)) {
      const end = endOf(text, at + 2) ?? text.length;
      templates.push(text.slice(at + 2, end));
      at = end;
    }
  }
  return templates;
}
