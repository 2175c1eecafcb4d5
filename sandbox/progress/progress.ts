/** Says what takes so long: steps, and how they are shown on a terminal and elsewhere. */

/** One thing that takes a while. */
export interface ProgressStep {
  /** What it is at just now: `1,204 packages compiled`. */
  update(detail: string): void;
  /** It is done. */
  done(detail?: string): void;
  /** It did not work; why is said by the error. */
  fail(): void;
}

/** Where steps are told. */
export interface Progress {
  /** Begins a step; `label` is a noun phrase: `API server`. Steps may overlap. */
  step(label: string): ProgressStep;
  /** A line between the steps. */
  note(text: string): void;
}

/** Tells nothing. */
export const silentProgress: Progress = {
  step: () => ({ update: () => undefined, done: () => undefined, fail: () => undefined }),
  note: () => undefined,
};

/** Runs something as a step. */
export async function during<T>(progress: Progress, label: string, run: (step: ProgressStep) => Promise<T>): Promise<T> {
  const step = progress.step(label);
  try {
    const result = await run(step);
    step.done();
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}
