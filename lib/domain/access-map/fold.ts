import type { Access } from "./access-map";
import type { Finding } from "./findings";

/** The same access in many namespaces. */
export interface FoldedAccess extends Omit<Access, "namespace"> {
  readonly namespaces: readonly string[];
}

/** The same finding in many namespaces. */
export interface FoldedFinding extends Omit<Finding, "namespace"> {
  readonly namespaces: readonly string[];
}

/** Access that is the same in many namespaces as one, Pods added up: the broken first, then what most namespaces have. */
export function foldAccess(access: readonly Access[]): readonly FoldedAccess[] {
  const groups = fold(access, ({ namespace: _, pods, ...rest }) => [rest, pods === null]);
  const folded = groups.map(([first, group]) => {
    const { namespace: _, ...rest } = first;
    const pods = first.pods === null ? null : group.reduce((sum, one) => sum + (one.pods ?? 0), 0);
    return { ...rest, pods, namespaces: group.map(({ namespace }) => namespace) };
  });
  return folded.sort((a, b) => Number(b.isBroken) - Number(a.isBroken) || b.namespaces.length - a.namespaces.length);
}

/** Findings that are the same in many namespaces as one, in their order. */
export function foldFindings(findings: readonly Finding[]): readonly FoldedFinding[] {
  return fold(findings, ({ namespace: _, usedBy, ...rest }) => [rest, usedBy.map(withoutCount)]).map(([first, group]) => {
    const { namespace: _, ...rest } = first;
    return { ...rest, usedBy: addedUp(group.map(({ usedBy }) => usedBy)), namespaces: group.map(({ namespace }) => namespace) };
  });
}

/** `3 Pods of ServiceAccount default` of several namespaces are as many as they are together. */
function addedUp(lists: readonly (readonly string[])[]): readonly string[] {
  return (lists[0] ?? []).map((user, index) => {
    const counts = lists.map((list) => Number(/^\d+/.exec(list[index] ?? "")?.[0] ?? Number.NaN));
    if (counts.some(Number.isNaN)) return user;
    const sum = counts.reduce((total, count) => total + count, 0);
    return `${sum} ${sum === 1 ? "Pod" : "Pods"}${withoutCount(user)}`;
  });
}

function withoutCount(user: string): string {
  return user.replace(/^\d+ Pods?/, "");
}

function fold<T>(items: readonly T[], identity: (item: T) => unknown): readonly (readonly [T, readonly T[]])[] {
  const groups = new Map<string, [T, T[]]>();
  for (const item of items) {
    const key = JSON.stringify(identity(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item, [item]]);
    else group[1].push(item);
  }
  return [...groups.values()];
}
