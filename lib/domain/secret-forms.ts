/** Shorter values would mask half of every line and protect nobody. */
export const SHORTEST_REMEMBERED = 4;

/** Base64 of fewer characters turns up in texts that have nothing to do with the value. */
const SHORTEST_BASE64 = 6;

/** The forms in which a value turns up in requests, answers and logs. */
export function formsOf(value: string): readonly string[] {
  const once = quoted(value);
  const texts = [value, once, quoted(once), once.replaceAll("/", "\\/"), quotedByGo(value), ...inHtml(value), ...inUrls(value)];
  // A Secret's data is base64 of JSON, and the `auth` in it is base64 as well.
  const encoded = [value, once, quotedByGo(value)].flatMap(base64Cores);
  const twice = base64Cores(value).flatMap(base64Cores);
  return [...new Set([...texts, ...encoded, ...twice])].filter((form) => form.length >= SHORTEST_REMEMBERED);
}

/** As it stands between the quotes of a JSON string. */
function quoted(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** As Go quotes it, which Kubernetes and Terraform are written in. */
function quotedByGo(value: string): string {
  return quoted(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

function inHtml(value: string): readonly string[] {
  const escaped = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("'", "&#39;");
  return [escaped.replaceAll('"', "&quot;"), escaped.replaceAll('"', "&#34;")];
}

/** Percent-encoded, by the three rules there are for `!'()*~` and the space, in both cases. */
function inUrls(value: string): readonly string[] {
  const wellFormed = Buffer.from(value, "utf8").toString("utf8");
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ "": wellFormed }).toString().slice(1);
  const encoded = [component, strict, form, strict.replaceAll("%20", "+")];
  return encoded.flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())]);
}

/** Base64 of the value at each of the three alignments it can have inside a longer text, without the characters its neighbours share. */
function base64Cores(value: string): readonly string[] {
  const bytes = Buffer.from(value, "utf8");
  const cores = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = offset === 0 ? 0 : offset + 1;
    const core = padded.toString("base64url").slice(first, Math.floor((padded.length * 8) / 6));
    return [core, core.replace(/-/g, "+").replace(/_/g, "/")];
  });
  return cores.filter((core) => core.length >= SHORTEST_BASE64);
}
