/** Characters of one quoted value in a message: enough to know it again. */
const QUOTED = 300;
/** Characters of a whole message: a service may say more than anybody reads. */
const WHOLE = 16_000;

/** A message whose quoted values, and which itself, are not longer than a person reads: the end of what is cut off is "…". */
export function clipMessage(text: string): string {
  const quoted = text.replace(/"((?:[^"\\\n]|\\.)*)"/g, (whole, value: string) =>
    value.length > QUOTED ? `"${withoutHalf(value.slice(0, QUOTED))}…" (${value.length} characters)` : whole,
  );
  return quoted.length > WHOLE ? `${withoutHalf(quoted.slice(0, WHOLE))}…` : quoted;
}

/** Without the first half of an escape or of a character that takes two units. */
function withoutHalf(text: string): string {
  return text.replace(/(?:^|[^\\])(?:\\\\)*\\(?:u[\da-f]{0,3})?$|[\ud800-\udbff]$/i, (half) =>
    /[\ud800-\udbff]$/.test(half) ? "" : half.slice(0, half.lastIndexOf("\\")),
  );
}
