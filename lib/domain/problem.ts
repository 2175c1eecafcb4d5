/** Pure rules of the product: no I/O, no framework, nothing but Node's own pure built-ins (crypto). */

/** One step into a value: an attribute's name, a list's index or a map's key. */
export type PathStep = string | number;

/** Where in a configuration something stands, from the outside in: `["registries", 0, "hosts", 1]`. */
export type Path = readonly PathStep[];

/**
 * Something wrong with what a user wrote. The same problem becomes a Terraform diagnostic (provider)
 * and an error at synth (constructs), so it is written once, here.
 *
 * The recipe of `detail`: what happened, the value received (never a secret), what is allowed, how to fix it.
 */
export interface Problem {
  /** The attribute at fault, in the schema's own names (snake_case). */
  readonly path: Path;
  /** One line, no full stop: `Invalid registry host`. */
  readonly summary: string;
  /** Full sentences. */
  readonly detail: string;
}

/** Renders a path as Terraform prints it: `registries[0].hosts[1]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number"
        ? `[${step}]`
        : index === 0
          ? step
          : /^[A-Za-z_][\w-]*$/.test(step)
            ? `.${step}`
            : `[${JSON.stringify(step)}]`,
    )
    .join("");
}
