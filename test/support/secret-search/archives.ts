import { constants, gunzipSync, inflateRawSync } from "node:zlib";

/** Bounds of unpacking. */
export interface ArchiveLimits {
  /** How deep archives may lie in each other. @default 6 */
  readonly depth?: number;
  /** Bytes that one source may unpack to in all. @default 1 GiB */
  readonly bytes?: number;
}

/** Something to search: a source, or what was unpacked from it. */
export interface Opened {
  /** `plan.tfplan > zip`, `state.txt > base64 > gzip`. */
  readonly name: string;
  readonly data: Buffer;
}

interface Format {
  readonly name: string;
  readonly magic: Buffer;
  /** Unpacks what begins here; undefined where it only looked like a beginning. What follows the end is ignored. */
  unpack(data: Buffer, limit: number): Buffer | undefined;
}

const GZIP: Format = {
  name: "gzip",
  magic: Buffer.from([0x1f, 0x8b, 0x08]),
  unpack: (data, limit) => inflated(() => gunzipSync(data, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit })),
};

/** One entry of a zip file, found by its local header: the directory at the end is not needed. Stored entries lie open anyway. */
const ZIP: Format = {
  name: "zip",
  magic: Buffer.from("PK\x03\x04", "latin1"),
  unpack(data, limit) {
    const deflated = data.length > 30 && data.readUInt16LE(8) === 8;
    if (!deflated) return undefined;
    const body = data.subarray(30 + data.readUInt16LE(26) + data.readUInt16LE(28));
    return inflated(() => inflateRawSync(body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit }));
  },
};

/** An archive written as base64, which begins a string, so its first bytes are always aligned. */
const asBase64 = (format: Format, magic: string): Format => ({
  name: `base64 > ${format.name}`,
  magic: Buffer.from(magic),
  unpack(data, limit) {
    const end = data.findIndex((byte) => !isBase64(byte));
    const text = data.subarray(0, end < 0 ? data.length : end).toString("latin1");
    return format.unpack(Buffer.from(text, "base64"), limit);
  },
});

const FORMATS = [GZIP, ZIP, asBase64(GZIP, "H4sI"), asBase64(ZIP, "UEsDB")];

/**
 * The data, then everything that is packed in it, at any place: entries of zips and gzips, also in tars and in each other.
 * Throws where more is packed than the limits allow.
 */
export function* openArchives(name: string, data: Buffer, limits: ArchiveLimits = {}): Generator<Opened> {
  const budget = { left: limits.bytes ?? 1024 * 1024 * 1024 };
  yield* open({ name, data }, limits.depth ?? 6, budget);
}

function* open(source: Opened, depth: number, budget: { left: number }): Generator<Opened> {
  yield source;
  for (const format of FORMATS) {
    for (let at = source.data.indexOf(format.magic); at >= 0; at = source.data.indexOf(format.magic, at + 1)) {
      const data = format.unpack(source.data.subarray(at), budget.left);
      if (data === undefined || data.length === 0) continue;
      budget.left -= data.length;
      if (budget.left <= 0 || depth === 0)
        throw new Error(`${source.name} is packed too deep or too big to be searched: raise the limits.`);
      yield* open({ name: `${source.name} > ${format.name}`, data }, depth - 1, budget);
    }
  }
}

function inflated(unpack: () => Buffer): Buffer | undefined {
  try {
    return unpack();
  } catch (error) {
    if (codeOf(error) === "ERR_BUFFER_TOO_LARGE")
      throw new Error("An archive unpacks to more than the limit: raise it.", { cause: error });
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

function isBase64(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    [0x2b, 0x2d, 0x2f, 0x3d, 0x5f].includes(byte)
  );
}
