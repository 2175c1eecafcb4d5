/**
 * The hidden first line of a stack's comment in a pull request, by which the next run finds it again. Of what a folder may be called and
 * an HTML comment can't hold, each character is percent-encoded.
 */
export function commentMarker(stack: string): string {
  return `<!-- registry-access: stack ${stack.replace(/[^\w./ -]|-(?=[->])|^[ -]| $/g, encoded)} -->`;
}

function encoded(text: string): string {
  const bytes = [...Buffer.from(text, "utf8")];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
