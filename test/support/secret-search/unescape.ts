/** Data as it reads after undoing escapes, and which ones were undone, from the outside in. */
export interface EscapedView {
  readonly path: readonly string[];
  readonly data: Buffer;
}

/** How many layers of escapes are undone: JSON in JSON in JSON. */
const LAYERS = 3;

/** The data itself, then every reading that undoes up to three layers of JSON and URL escapes and differs from what it was made of. */
export function* escapedViews(data: Buffer): Generator<EscapedView> {
  let layer: EscapedView[] = [{ path: [], data }];
  yield* layer;
  for (let depth = 0; depth < LAYERS; depth += 1) {
    const next: EscapedView[] = [];
    for (const view of layer) {
      for (const [name, undo] of [
        ["json", unescapeJson],
        ["url", unescapeUrl],
      ] as const) {
        const undone = undo(view.data);
        if (undone === undefined) continue;
        const inner = { path: [...view.path, name], data: undone };
        yield inner;
        next.push(inner);
      }
    }
    layer = next;
  }
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const SIMPLE = new Map([...'"\\/bfnrt'].map((letter, index) => [letter.charCodeAt(0), '"\\/\b\f\n\r\t'.charCodeAt(index)]));

/** Undoes one layer of `\"`, `\\`, `\n`, `\uXXXX` and so on; undefined where there is none. Anything else stays as it is. */
function unescapeJson(data: Buffer): Buffer | undefined {
  return undoEscapes(data, BACKSLASH, (at) => {
    const simple = SIMPLE.get(data[at + 1] ?? 0);
    if (simple !== undefined) return { taken: 2, bytes: [simple] };
    if (data[at + 1] !== 0x75) return undefined;
    const unit = hexAt(data, at + 2, 4);
    if (unit === undefined) return undefined;
    const isHigh = unit >= 0xd800 && unit < 0xdc00;
    const low = isHigh && data[at + 6] === BACKSLASH && data[at + 7] === 0x75 ? hexAt(data, at + 8, 4) : undefined;
    const pair = low !== undefined && low >= 0xdc00 && low < 0xe000;
    return {
      taken: pair ? 12 : 6,
      bytes: Buffer.from(pair ? String.fromCharCode(unit, low) : String.fromCharCode(unit)),
    };
  });
}

/** Undoes one layer of `%XX`; undefined where there is none. A `+` stays: it may be one. */
function unescapeUrl(data: Buffer): Buffer | undefined {
  return undoEscapes(data, PERCENT, (at) => {
    const byte = hexAt(data, at + 1, 2);
    return byte === undefined ? undefined : { taken: 3, bytes: [byte] };
  });
}

type Escape = { readonly taken: number; readonly bytes: Uint8Array | readonly number[] };

function undoEscapes(data: Buffer, sign: number, read: (at: number) => Escape | undefined): Buffer | undefined {
  let at = data.indexOf(sign);
  if (at < 0) return undefined;
  // Undoing never makes anything longer.
  const output = Buffer.allocUnsafe(data.length);
  let [length, copied, changed] = [0, 0, false];
  while (at >= 0) {
    const found = read(at);
    if (found !== undefined) {
      length += data.copy(output, length, copied, at);
      for (const byte of found.bytes) output[length++] = byte;
      copied = at + found.taken;
      changed = true;
    }
    at = data.indexOf(sign, found === undefined ? at + 1 : copied);
  }
  if (!changed) return undefined;
  length += data.copy(output, length, copied);
  return output.subarray(0, length);
}

function hexAt(data: Buffer, at: number, digits: number): number | undefined {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) {
    const digit = hexDigit(data[index] ?? 0);
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
