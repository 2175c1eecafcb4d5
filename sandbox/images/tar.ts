/** Container images made from nothing but bytes, and pushed: no network and no Docker. */

const BLOCK = 512;

/** A file of an image's layer. */
export interface TarFile {
  /** Without a leading slash, at most 100 bytes of ASCII; with one at the end it is a folder. */
  readonly path: string;
  readonly content: string | Buffer;
  /** @default - 0o644, and 0o755 for a folder */
  readonly mode?: number;
  /** What it points at, at most 100 bytes: it is a symbolic link then, without content. @default - it is none */
  readonly link?: string;
}

/** A tar archive (POSIX ustar) of files owned by root and dated 1970: the same files are the same bytes. */
export function createTar(files: readonly TarFile[]): Buffer {
  const entries = files.flatMap((file) => {
    const content = Buffer.from(file.content);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [header(file, content.length), content, padding];
  });
  return Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, mode, link }: TarFile, size: number): Buffer {
  const folder = path.endsWith("/");
  if (!/^[\x21-\x7e]{1,100}$/.test(path) || path.startsWith("/")) {
    throw new RangeError(
      `Invalid path ${JSON.stringify(path)} of a file in a layer: up to 100 bytes of ASCII without a leading slash.`,
    );
  }
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
  block.write(path, 0, "ascii");
  block.write(octal(mode ?? (folder ? 0o755 : 0o644), 7), 100, "ascii");
  block.write(octal(0, 7), 108, "ascii");
  block.write(octal(0, 7), 116, "ascii");
  block.write(octal(size, 11), 124, "ascii");
  block.write(octal(0, 11), 136, "ascii");
  block.write(link !== undefined ? "2" : folder ? "5" : "0", 156, "ascii");
  block.write(link ?? "", 157, 100, "ascii");
  block.write("ustar\x0000", 257, "ascii");
  // The checksum is the sum of all bytes, its own field read as blanks.
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}
