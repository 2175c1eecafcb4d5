import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");

/** All sources of a folder. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** `file:line name` of every exported declaration without a documentation comment. */
function undocumented(name: string, text: string): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!isExported || ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    const { line } = source.getLineAndCharacterOfPosition(statement.getStart(source));
    return [`${name}:${line + 1} ${declaredName(statement)}`];
  });
}

function declaredName(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText()).join(", ");
  return (ts.isDeclarationStatement(statement) && statement.name?.getText()) || "?";
}

describe("documentation", () => {
  it("says what every exported name of lib is", () => {
    const files = sourcesOf(join(root, "lib"));
    expect(files.flatMap((file) => undocumented(relative(root, file), readFileSync(file, "utf8")))).toEqual([]);
  });

  it("fails when an exported name has no comment", () => {
    const text =
      'import { a } from "./a";\n/** Has one. */\nexport const b = a;\nexport interface C {}\n// not this\nexport function d() {}\nconst e = 1;\n';
    expect(undocumented("x.ts", text)).toEqual(["x.ts:4 C", "x.ts:6 d"]);
  });
});
