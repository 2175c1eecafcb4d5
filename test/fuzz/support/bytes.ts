import { encode } from "@msgpack/msgpack";
import fc, { type Arbitrary } from "fast-check";

const B = (...bytes: readonly number[]) => Buffer.from(bytes);

/** Beginnings of msgpack that claim more than there is, or that are of a kind that nobody expects. */
const BEGINNINGS = [
  B(0xdd, 0xff, 0xff, 0xff, 0xff),
  B(0xdd, 0x01, 0xff, 0xff, 0xff),
  B(0xdf, 0xff, 0xff, 0xff, 0xff),
  B(0xdb, 0xff, 0xff, 0xff, 0xff),
  B(0xc6, 0xff, 0xff, 0xff, 0xff),
  B(0xc9, 0xff, 0xff, 0xff, 0xff, 0x00),
  B(0xc1),
  B(0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0),
  B(0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0),
  B(0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  B(0xd4, 0x00, 0x00),
  B(0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2),
  B(0xd6, 0xff, 0x00, 0x00, 0x00, 0x00),
  B(0xa4, 0xff, 0xfe, 0x80, 0x80),
  B(0x81, 0x01, 0x02),
  B(0x92, 0xc4, 0x01, 0x22),
];

/** Any bytes, and bytes that look like msgpack or JSON at first. */
export const anyBytes: Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.array(fc.constantFrom(...BEGINNINGS), { maxLength: 4 }).map((parts) => Buffer.concat(parts)),
  fc
    .tuple(fc.constantFrom(0x91, 0x81, 0xdc, 0x0b, 0x5b, 0x7b), fc.integer({ min: 1, max: 20_000 }))
    .map(([byte, length]) => Buffer.alloc(length, byte)),
  fc.integer({ min: 1, max: 3_000 }).map((times) => Buffer.concat(Array<Buffer>(times).fill(B(0xdd, 0x00, 0x00, 0xff, 0xff)))),
  fc.jsonValue({ maxDepth: 3 }).map((value) => encode(value)),
);

/** Bytes with a few of them changed, taken out or doubled. */
export const damaged = (bytes: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> =>
  fc
    .tuple(
      bytes,
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom("change", "cut", "insert", "end"), fc.nat(255)),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([original, changes]) =>
      changes.reduce<Buffer>((current, [where, kind, byte]) => {
        const at = Math.floor(where * current.length);
        const [before, after] = [current.subarray(0, at), current.subarray(at + 1)];
        if (kind === "end") return before;
        if (kind === "cut") return Buffer.concat([before, after]);
        return Buffer.concat([before, B(byte), kind === "change" ? after : current.subarray(at)]);
      }, Buffer.from(original)),
    );
