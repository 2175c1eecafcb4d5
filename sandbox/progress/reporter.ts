import { type Progress, type ProgressStep } from "./progress";

/** The part of a stream that a reporter needs. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Options of {@link createProgress}. */
export interface ProgressOptions {
  /** @default - the environment of the process: `NO_COLOR` switches colours off. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. @default - the clock of the machine. */
  readonly now?: () => number;
}

const FIRST_LINE_MS = 2_000;
const NEXT_LINE_MS = 20_000;
const FRAME_MS = 200;

interface RunningStep {
  readonly label: string;
  readonly since: number;
  detail: string;
  nextLine: number;
}

/**
 * A reporter on a stream. On a terminal one live line says what runs; elsewhere a step that takes over two seconds gets a line,
 * and another every 20 seconds. Every finished step leaves a line with its time.
 */
export function createProgress(stream: ProgressStream, options: ProgressOptions = {}): Progress {
  const now = options.now ?? Date.now;
  const live = stream.isTTY === true;
  const coloured = live && !(options.environment ?? process.env).NO_COLOR;
  const running = new Set<RunningStep>();
  let timer: NodeJS.Timeout | undefined;

  const seconds = (step: RunningStep): string => `${((now() - step.since) / 1000).toFixed(1)} s`;
  const describe = (step: RunningStep): string => `${step.label}${step.detail && `: ${step.detail}`} (${seconds(step)})`;
  const paint = (code: number, text: string): string => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
  const clear = (): void => void (live && stream.write("\r\x1b[K"));
  const line = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
  };

  const tick = (): void => {
    if (live) {
      const text = `… ${[...running].map(describe).join(" · ")}`;
      stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
      return;
    }
    for (const step of running) {
      if (now() >= step.nextLine) {
        step.nextLine = now() + NEXT_LINE_MS;
        line(`… ${describe(step)}`);
      }
    }
  };

  const end = (step: RunningStep, text: string): void => {
    if (!running.delete(step)) {
      return;
    }
    line(text);
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    note: (text) => line(text),
    step(label): ProgressStep {
      const step: RunningStep = { label, since: now(), detail: "", nextLine: now() + FIRST_LINE_MS };
      running.add(step);
      timer ??= setInterval(tick, FRAME_MS);
      timer.unref();
      return {
        update: (detail) => {
          step.detail = detail;
        },
        done: (detail) => end(step, `${paint(32, "✓")} ${label}${detail ? `: ${detail}` : ""} (${seconds(step)})`),
        fail: () => end(step, `${paint(31, "✗")} ${label} (${seconds(step)})`),
      };
    },
  };
}
