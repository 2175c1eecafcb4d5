import type { StateFile } from "../engine";
import type { Held } from "./session";

/** What a state holds of one resource. */
export interface Instance {
  readonly current?: Held;
  /** An apply ended in the middle of its creation: it is to be replaced. */
  readonly tainted?: true;
  /** What was replaced, and is to be destroyed yet. */
  readonly deposed: readonly Held[];
}

/** A state, by type: every type stands once. */
export interface State {
  of(type: string): Instance;
  set(type: string, instance: Instance): void;
  copy(): State;
  isEmpty(): boolean;
  file(): StateFile;
}

/** Makes a state. @default instances - it is empty */
export function createState(instances: ReadonlyMap<string, Instance> = new Map()): State {
  const all = new Map(instances);
  return {
    of: (type) => all.get(type) ?? { deposed: [] },
    set(type, instance) {
      if (instance.current === undefined && instance.deposed.length === 0) all.delete(type);
      else all.set(type, instance);
    },
    copy: () => createState(all),
    isEmpty: () => all.size === 0,
    file: () => ({
      resources: [...all].map(([type, { current, deposed }]) => ({
        type,
        instances: [
          ...(current === undefined ? [] : [{ attributes: current.value }]),
          ...deposed.map(({ value }, index) => ({ deposed: `${index}`, attributes: value })),
        ],
      })),
    }),
  };
}
