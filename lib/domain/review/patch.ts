import type { PlanChange } from "../plan-json/read-plan";
import { type Before, type Editors, namesIn, rewriteOf, type TargetChange, targetsOf } from "./targets";

/** A ServiceAccount, and what becomes of one pull secret in it; undefined where nothing does. */
type AccountChange = readonly [account: string, change: TargetChange | undefined];

/** A `registry_service_account_patch`, before and after. */
export interface Patch {
  /** The pull secrets that it names, or named. */
  readonly secrets: ReadonlySet<string>;
  readonly namespaces: readonly string[];
  /** The ServiceAccounts of a namespace that have a pull secret by it, or had. */
  changesOf(pullSecret: string, namespace: string): readonly AccountChange[];
}

/** What the plan tells besides. */
export interface PatchContext {
  readonly drifted: Before;
  /** Those that may be named. */
  readonly attributes: readonly string[];
  readonly editors: Editors;
}

/** What becomes of a patch. */
export function patchOf(change: PlanChange, { drifted, attributes, editors }: PatchContext): Patch {
  const { before, after } = change;
  const targets = targetsOf(change, { drifted, rewrite: rewriteOf(change, attributes), editors, isOf: "patch" });
  const [was, will] = [before, after].map((values) => new Set(namesIn(values?.pull_secrets)));
  const byNamespace = new Map<string, AccountChange[]>();
  for (const [key, own] of targets) {
    const [namespace = "", account = ""] = key.split("/");
    const group = byNamespace.get(namespace);
    if (group === undefined) byNamespace.set(namespace, [[account, own]]);
    else group.push([account, own]);
  }
  const isNew = (name: string) => before !== null && will?.has(name) === true && was?.has(name) === false;
  const isGoing = (name: string) => after !== null && was?.has(name) === true && will?.has(name) === false;
  return {
    secrets: new Set([...(was ?? []), ...(will ?? [])]),
    namespaces: [...byNamespace.keys()],
    changesOf(name, namespace) {
      const accounts = byNamespace.get(namespace) ?? [];
      // A ServiceAccount that comes gets the old name never, and one that goes has the new one never had.
      if (isNew(name))
        return accounts.flatMap(([account, own]): readonly AccountChange[] =>
          own?.action === "remove" ? [] : [[account, { action: "add", reason: "the patch names it now" }]],
        );
      if (isGoing(name))
        return accounts.flatMap(([account, own]): readonly AccountChange[] =>
          own?.action === "add" ? [] : [[account, { action: "remove", reason: "the patch no longer names it" }]],
        );
      return accounts;
    },
  };
}
