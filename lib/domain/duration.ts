import type { Path, Problem } from "./problem";

const DURATION = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/** Milliseconds of a duration as Terraform's `timeouts` have it (`90s`, `5m`, `1h30m`), or undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || text === "") return undefined;
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0)) as [number, number, number];
  // Timers take whole milliseconds, and 1.1 hours are none in binary.
  const milliseconds = Math.ceil(((hours * 60 + minutes) * 60 + seconds) * 1000);
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** Says what is wrong with a duration, or nothing. */
export function checkDuration(value: string | number, path: Path): Problem | undefined {
  const milliseconds = parseDuration(String(value));
  if (milliseconds !== undefined && milliseconds > 0) return undefined;
  return {
    path,
    summary: "Invalid duration",
    detail: `${JSON.stringify(value)} is not a duration above zero. Write hours, minutes and seconds in that order, such as "90s", "5m" or "1h30m".`,
  };
}
