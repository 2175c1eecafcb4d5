/** What colours a terminal's text or moves its cursor: ESC [ … letter (ECMA-48 §5.4). */
const CONTROL_SEQUENCE = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-?]*[ -/]*[@-~]`, "g");
/** Control characters, and those that turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What somebody else wrote, on one line and without what would steer a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL_SEQUENCE, "").replace(/\s+/g, " ").replace(UNPRINTABLE, "").trim();
}
