import { InvalidArgumentError, Option } from "commander";

/** `--expiring-within`: when a credential that still works begins to count as expiring. */
export function expiringOption(): Option {
  return new Option("--expiring-within <days>", "days before its end from which a credential counts as expiring")
    .argParser(parseDays)
    .default(7);
}

function parseDays(text: string): number {
  const days = Number(text);
  if (text.trim() !== "" && Number.isFinite(days) && days >= 0 && days <= 36_500) return days;
  throw new InvalidArgumentError(`It is ${JSON.stringify(text)}. Give a number of days, such as 7 or 0.5.`);
}

/** Seconds of so many days. */
export function daysInSeconds(days: number): number {
  return days * 86_400;
}
