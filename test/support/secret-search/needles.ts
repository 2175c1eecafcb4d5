/** Every form in which a marker is looked for as it stands. */
export interface Needle {
  readonly marker: string;
  /** From the outside in. */
  readonly encoding: string;
  readonly bytes: Buffer;
}

interface Encoding {
  readonly name: string;
  encode(bytes: Buffer): Buffer[];
}

/** Encodings that a marker may lie in as a part of something longer; each is also applied to each of the others. */
const ENCODINGS: readonly Encoding[] = [
  { name: "base64", encode: (bytes) => alignments(bytes, "base64") },
  { name: "base64url", encode: (bytes) => alignments(bytes, "base64url") },
  { name: "hex", encode: (bytes) => hex(bytes) },
];

/** Shorter forms match by chance. */
const SHORTEST = 6;

/** Makes the needles of all markers: plain, as strings are written in JSON and URLs, UTF-16, encoded, and encoded twice. */
export function createNeedles(markers: ReadonlyMap<string, string>): Needle[] {
  return [...markers].flatMap(([marker, value]) => {
    const forms = new Map<string, Needle>();
    const add = (encoding: string, bytes: Buffer): void => {
      const key = bytes.toString("latin1");
      if (bytes.length >= SHORTEST && !forms.has(key)) forms.set(key, { marker, encoding, bytes });
    };
    for (const [name, text] of spellings(value)) add(name, Buffer.from(text));
    add("utf16le", Buffer.from(value, "utf16le"));
    for (let round = 0; round < 2; round += 1) {
      for (const needle of [...forms.values()]) {
        for (const { name, encode } of ENCODINGS) {
          for (const bytes of encode(needle.bytes))
            add(needle.encoding === "plain" ? name : `${name} > ${needle.encoding}`, bytes);
        }
      }
    }
    return [...forms.values()];
  });
}

/** The ways a string is commonly spelled inside something that is encoded further; most are the plain one. */
function spellings(value: string): [string, string][] {
  const json = JSON.stringify(value).slice(1, -1);
  // Go's JSON writer escapes these three on top, unless it is told not to.
  const goJson = json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return [
    ["plain", value],
    ["json", json],
    ["json", goJson],
    ["url", encodeURIComponent(value)],
  ];
}

/** The characters that only the marker decides, for each of the three places in a group at which it may begin. */
function alignments(bytes: Buffer, alphabet: "base64" | "base64url"): Buffer[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString(alphabet)
      .replace(/=+$/, "");
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    return Buffer.from(encoded.slice(from, to));
  });
}

function hex(bytes: Buffer): Buffer[] {
  const lower = bytes.toString("hex");
  return [Buffer.from(lower), Buffer.from(lower.toUpperCase())];
}
