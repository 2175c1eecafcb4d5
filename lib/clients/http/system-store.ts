import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a system keeps the CA certificates that it trusts. */
export interface SystemStore {
  /** Of these, the first that can be read counts. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Where distributions of Linux keep theirs: the places that Go looks in, in its order (crypto/x509, root_linux.go). */
const LINUX: SystemStore = {
  files: [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ],
  folders: ["/etc/ssl/certs", "/etc/pki/tls/certs"],
};

/** The store of this machine; null on other systems than Linux, which keep theirs in no file. */
export const SYSTEM_STORE: SystemStore | null = process.platform === "linux" ? LINUX : null;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** How `c_rehash` calls its links to what lies beside them: OpenSSL's hash of a certificate's name, and a number. */
const HASH_LINK = /^[0-9a-f]{8}\.\d+$/;

/**
 * The certificates of the first file that can be read; none where there is none. Nobody has named these places, so what is not there, or
 * is none, is passed over. Read at once, which for a hundred small files takes a quarter of the time.
 */
export function readStoreFile(files: readonly string[]): string[] {
  for (const file of files) {
    const text = readText(file);
    if (text !== undefined) return certificatesIn(text);
  }
  return [];
}

/** The certificates of all files of the folders. */
export function readStoreFolders(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    listFolder(folder)
      .filter((entry) => !(entry.isSymbolicLink() && HASH_LINK.test(entry.name)))
      .flatMap(({ name }) => certificatesIn(readText(join(folder, name)) ?? "")),
  );
}

/** The certificates of a text, one by one: OpenSSL reads none that stand after a damaged one in the same text. */
export function certificatesIn(text: string): string[] {
  return text.match(CERTIFICATE) ?? [];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
