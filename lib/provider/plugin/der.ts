/** DER, the binary form of certificates: just what a self-signed one needs. */

/** One element: a tag, its length, its content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | length.length, ...length];
  return Buffer.concat([Buffer.from(head), body]);
}

/** SEQUENCE */
export const sequence = (...content: readonly Uint8Array[]) => der(0x30, ...content);
/** SET */
export const set = (...content: readonly Uint8Array[]) => der(0x31, ...content);
/** BOOLEAN TRUE */
export const yes = () => der(0x01, Buffer.from([0xff]));
/** INTEGER, not negative */
export const integer = (bytes: Uint8Array) =>
  der(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
/** BIT STRING; `unused` counts the bits at the end that don't count. */
export const bits = (bytes: Uint8Array, unused = 0) => der(0x03, Buffer.from([unused]), bytes);
/** OCTET STRING */
export const octets = (bytes: Uint8Array) => der(0x04, bytes);
/** UTF8String */
export const utf8 = (text: string) => der(0x0c, Buffer.from(text, "utf8"));
/** GeneralizedTime, or UTCTime before 2050 as RFC 5280 wants it. */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

/** OBJECT IDENTIFIER in dotted form */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}
