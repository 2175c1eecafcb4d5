/** docs/guides/many-namespaces.md: its program, as it stands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transpileModule } from "typescript";
import * as library from "../../lib";
import { newStack, synthesize } from "./stack";

const GUIDE = readFileSync(join(__dirname, "../../docs/guides/many-namespaces.md"), "utf8");

test("the guide's program selects by labels, and skips what is refused", () => {
  const program = /^```ts\n(.*?)^```$/ms.exec(GUIDE)?.[1] ?? "";
  const names = ["RegistryAccess", "Cluster", "PrivateRegistry", "Secret", "Namespaces"] as const;
  const run = new Function("stack", ...names, transpileModule(program, {}).outputText);
  const stack = newStack();
  run(stack, ...names.map((name) => library[name]));
  const selector = {
    match_labels: { pulls: "yes" },
    match_expressions: [{ key: "stage", operator: "In", values: ["prod", "staging"] }],
    except: ["sandbox-*"],
  };
  const { resource } = synthesize(stack) as { resource: { [type: string]: { [id: string]: object } } };
  for (const type of ["registry_pull_secret", "registry_service_account_patch"])
    expect(Object.values(resource[type] ?? {})).toMatchObject([{ namespace_selector: selector, on_refused: "skip" }]);
});
