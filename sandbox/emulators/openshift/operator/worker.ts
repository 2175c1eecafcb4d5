/** Does one thing again whenever something changed, never twice at once. */
export interface Worker {
  /** Something changed. */
  wake(): void;
  /** Does it now and waits for it. @throws what failed */
  run(): Promise<void>;
  /** While it is paused nothing is done; what changed meanwhile is looked at afterwards. */
  pause(paused: boolean): void;
}

const AGAIN_MS = 500;

/** Creates an idle worker. What fails is said on stderr and tried again. */
export function createWorker(work: () => Promise<void>): Worker {
  let [running, wanted, paused] = [false, false, false];
  const loop = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (wanted && !paused) {
      wanted = false;
      try {
        await work();
      } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : "unknown error"}\n`);
        wanted = true;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
      }
    }
    running = false;
  };
  const wake = (): void => {
    wanted = true;
    void loop();
  };
  return {
    wake,
    run: work,
    pause(value) {
      paused = value;
      void loop();
    },
  };
}
