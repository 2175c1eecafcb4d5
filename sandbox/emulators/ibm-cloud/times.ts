/** As IAM writes times: `2026-11-22T19:30+0000`. Seconds are left out. */
export function formatTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}+0000`;
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Reads an ISO 8601 time; undefined where it is none. */
export function parseTime(text: string): number | undefined {
  const [, minutes, seconds = ":00", zone = ""] = TIME.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  const milliseconds = Date.parse(`${minutes}${seconds}${zone === "Z" ? "Z" : zone.replace(/(\d\d):?(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
