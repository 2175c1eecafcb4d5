/** Ends a message with a full stop, so that another sentence can follow. */
export function sentence(text: string): string {
  // U+2026 as an escape: the bundle is ASCII, and esbuild escapes strings but no regular expressions.
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}
