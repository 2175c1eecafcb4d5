import { isUtf8 } from "node:buffer";

/** Deeper than the values of any type, and far from the end of the stack. */
const DEEPEST = 200;

/** How many bytes follow the head of a value of a fixed size (msgpack: nil, bool, float, uint, int, fixext). */
const FIXED: ReadonlyMap<number, number> = new Map([
  ...([0xc0, 0xc2, 0xc3] as const).map((head) => [head, 0] as const),
  ...([0xcc, 0xd0] as const).map((head) => [head, 1] as const),
  ...([0xcd, 0xd1, 0xd4] as const).map((head) => [head, 2] as const),
  [0xd5, 3],
  ...([0xca, 0xce, 0xd2] as const).map((head) => [head, 4] as const),
  [0xd6, 5],
  ...([0xcb, 0xcf, 0xd3] as const).map((head) => [head, 8] as const),
  [0xd7, 9],
  [0xd8, 17],
]);

/** How many bytes say the length, and what it counts. */
const SIZED: ReadonlyMap<number, readonly [bytes: number, of: "bytes" | "text" | "ext" | "list" | "map"]> = new Map([
  [0xc4, [1, "bytes"]],
  [0xc5, [2, "bytes"]],
  [0xc6, [4, "bytes"]],
  [0xc7, [1, "ext"]],
  [0xc8, [2, "ext"]],
  [0xc9, [4, "ext"]],
  [0xd9, [1, "text"]],
  [0xda, [2, "text"]],
  [0xdb, [4, "text"]],
  [0xdc, [2, "list"]],
  [0xdd, [4, "list"]],
  [0xde, [2, "map"]],
  [0xdf, [4, "map"]],
]);

/**
 * What is wrong with bytes as one msgpack value; undefined where nothing is. Asked before they are decoded: the library makes room
 * for as many elements as a list says it has, so that a few bytes could fill the memory.
 */
export function faultOfMsgpack(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Elements that are still to come, of each list and map around, from the outside in. */
  const open: number[] = [1];
  let [at, due] = [0, 1];
  while (open.length > 0) {
    const left = open.at(-1) ?? 0;
    if (left === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    due -= 1;
    const head = bytes[at];
    if (head === undefined) return "it ends too early";
    const read = sizeOf(head, view, at + 1);
    if (read === undefined) return `no value begins with the byte ${head}`;
    const start = at + 1 + read.header;
    if (start + read.bytes > bytes.length) return "it ends too early";
    if (read.isText && !isUtf8(bytes.subarray(start, start + read.bytes))) return "a text in it is no UTF-8";
    at = start + read.bytes;
    due += read.elements;
    // Every element takes a byte at least.
    if (due > bytes.length - at) return "it ends too early";
    if (read.elements > 0) open.push(read.elements);
    if (open.length > DEEPEST) return `it is nested deeper than ${DEEPEST} levels`;
  }
  return at === bytes.length ? undefined : "something follows behind its end";
}

interface Size {
  /** Bytes that say the length, behind the first. */
  readonly header: number;
  readonly bytes: number;
  readonly elements: number;
  readonly isText?: boolean;
}

function sizeOf(head: number, view: DataView, at: number): Size | undefined {
  if (head <= 0x7f || head >= 0xe0) return { header: 0, bytes: 0, elements: 0 };
  if (head <= 0x8f) return { header: 0, bytes: 0, elements: 2 * (head & 0x0f) };
  if (head <= 0x9f) return { header: 0, bytes: 0, elements: head & 0x0f };
  if (head <= 0xbf) return { header: 0, bytes: head & 0x1f, elements: 0, isText: true };
  const fixed = FIXED.get(head);
  if (fixed !== undefined) return { header: 0, bytes: fixed, elements: 0 };
  const sized = SIZED.get(head);
  if (sized === undefined) return undefined;
  const [header, of] = sized;
  // What is cut off counts as more than there can be.
  const length = at + header > view.byteLength ? 2 ** 32 : lengthAt(view, at, header);
  if (of === "list" || of === "map") return { header, bytes: 0, elements: of === "map" ? 2 * length : length };
  return { header, bytes: of === "ext" ? length + 1 : length, elements: 0, isText: of === "text" };
}

function lengthAt(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getUint16(at) : view.getUint32(at);
}
