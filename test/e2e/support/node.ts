import { whyNoNode } from "../../../sandbox";
import { sandboxFolder } from "../../../sandbox/folders";

/** Set by the global set-up where the machine is fit for a node, and its programs can't be had: why not. */
export const NO_NODE = "SANDBOX_NO_NODE";

/** Why tests can't have a node here; undefined where they can. */
export function whyNoTestNode(): string | undefined {
  return process.env[NO_NODE] ?? whyNoNode(sandboxFolder(`e2e-node-${process.pid}`));
}

/** `describe` for tests that need a node: elsewhere they are skipped, with the reason in their title. */
export function describeOnNode(title: string, tests: () => void): void {
  const why = whyNoTestNode();
  if (why === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: ${why})`, tests);
}

/** `it` for a test that needs a node, among others that don't. */
export function onNode(title: string, test: () => Promise<void>): void {
  const why = whyNoTestNode();
  if (why === undefined) it(title, test);
  else it.skip(`${title} (skipped: ${why})`, test);
}
