/** Which namespaces and ServiceAccounts a configuration means: by labels, by name, and what is left out. */
import { checkObjectName } from "../kubernetes-name";
import type { Path, Problem } from "../problem";

const GLOB = /^[a-z0-9*?.-]+$/;

/** Says what is wrong with a glob for names of Kubernetes objects, or nothing. */
export function checkGlob(value: string | number, path: Path): Problem | undefined {
  const glob = String(value);
  if (GLOB.test(glob) && glob.length <= 253) return undefined;
  return {
    path,
    summary: "Invalid glob",
    detail: `${JSON.stringify(glob)} matches no name: a glob takes lower case letters, digits, '-' and '.', '*' for any number of characters and '?' for one, such as "team-*".`,
  };
}

/** True for a glob that may match more than the one name that it reads as. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** Says what is wrong with the name of an object, or with a glob for such names, or nothing. */
export function checkNameOrGlob(value: string | number, path: Path): Problem | undefined {
  return isGlob(String(value)) ? checkGlob(value, path) : checkObjectName(value, path);
}

/** Tells whether names match one of the globs, `*` standing for any number of characters and `?` for one. */
export function compileGlobs(globs: readonly string[]): (name: string) => boolean {
  const names = new Set(globs.filter((glob) => !isGlob(glob)));
  const patterns = globs.filter((glob) => !names.has(glob));
  return (name) => names.has(name) || patterns.some((glob) => matches(glob, name));
}

/**
 * Only the last star is ever tried anew: what an earlier one took needs no other length. So it takes at most a step for each pair of
 * characters, where a regular expression of many stars may take longer than anybody waits.
 */
function matches(glob: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let taken = 0;
  for (let next = 0; next < name.length; ) {
    if (glob[at] === "*") {
      star = at++;
      taken = next;
    } else if (at < glob.length && (glob[at] === "?" || glob[at] === name[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++taken;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
