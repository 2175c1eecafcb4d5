import { hasColours } from "../../lib/cli/io";
import { runCli } from "./support/run";

const plan = JSON.stringify({
  format_version: "1.2",
  prior_state: {
    values: {
      root_module: {
        resources: [
          {
            address: "registry_token.a",
            mode: "managed",
            type: "registry_token",
            provider_name: "registry.terraform.io/registry-access/registry",
            values: { status: "revoked" },
          },
        ],
      },
    },
  },
});
const ESCAPE = "\u001b";
const drift = (isTTY: boolean, env = {}) => runCli(["drift", "--from", "-"], env, { isTTY, stdin: async () => plan });

test("colours and lines that are written over are for terminals alone", async () => {
  const file = await drift(false);
  expect([file.stdout, file.stderr]).toEqual([
    "1 stack: 1 drifted\n\n\u2717 standard input: revoked\n\n  \u2717 revoked: registry_token.a\n",
    "",
  ]);
  const terminal = await drift(true);
  expect(terminal.stdout).toContain(`${ESCAPE}[31m\u2717 standard input: revoked${ESCAPE}[39m`);
  expect((await drift(true, { NO_COLOR: "1" })).stdout).toBe(file.stdout);
});

const cases: { readonly [name: string]: readonly [env: object, isTTY: boolean, colours: boolean] } = {
  "a terminal": [{}, true, true],
  "a file": [{}, false, false],
  "NO_COLOR wins": [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  "an empty NO_COLOR is none": [{ NO_COLOR: "" }, true, true],
  FORCE_COLOR: [{ FORCE_COLOR: "1" }, false, true],
  "FORCE_COLOR=0": [{ FORCE_COLOR: "0" }, true, false],
  "a dumb terminal": [{ TERM: "dumb" }, true, false],
};

test.each(Object.entries(cases))("colours: %s", (_, [env, isTTY, colours]) => {
  expect(hasColours({ env: { ...env }, stdout: { isTTY, write: () => undefined } })).toBe(colours);
});

test.each([[], ["status"], ["drift"]])("--help of %s says how it ends", async (...command) => {
  const { code, stdout, stderr } = await runCli([...command, "--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(command.length === 0 ? /Commands:[\s\S]*drift[\s\S]*status/ : /--json[\s\S]*Exit codes:/);
});
