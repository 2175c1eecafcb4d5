/** What Node's own `X509Certificate` does not tell of a certificate: its serial number as it is, and its extensions (RFC 5280, §4.1). */
export interface CertificateFields {
  /** The bytes of a signed number, the highest first. */
  readonly serialNumber: Buffer;
  /** DER of an extension's value by its object identifier, in hexadecimal: `551d13` is basicConstraints. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/** DER tags. */
const TAG = { boolean: 0x01, integer: 0x02, version: 0xa0, extensions: 0xa3 } as const;

/** One element of DER: its tag, and what is in it. */
interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

/** The elements that stand one after another. @throws RangeError where it is no DER */
export function readDer(der: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der.readUInt8(at);
    const first = der.readUInt8(at + 1);
    const size = first < 0x80 ? 0 : first & 0x7f;
    const length = size === 0 ? first : der.readUIntBE(at + 2, size);
    const start = at + 2 + size;
    if (start + length > der.length) throw new RangeError("DER ends too early");
    elements.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

/** Reads a certificate's DER. @throws RangeError where it is none */
export function readCertificateFields(der: Buffer): CertificateFields {
  const inside = (element: DerElement | undefined) => readDer(element?.content ?? Buffer.alloc(0));
  const [signed] = inside(readDer(der)[0]);
  const fields = inside(signed).filter(({ tag }) => tag !== TAG.version);
  const [serial] = fields;
  if (serial?.tag !== TAG.integer) throw new RangeError("a certificate without a serial number");
  const [list] = inside(fields.find(({ tag }) => tag === TAG.extensions));
  const extensions = inside(list).map((extension) => {
    // Whether it is critical may stand between its name and its value.
    const [name, value] = inside(extension).filter(({ tag }) => tag !== TAG.boolean);
    return [name?.content.toString("hex") ?? "", value?.content ?? Buffer.alloc(0)] as const;
  });
  return { serialNumber: serial.content, extensions: new Map(extensions) };
}
