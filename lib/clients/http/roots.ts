import { rootCertificates } from "node:tls";
import { type Environment, readBundles, readExtraBundle } from "./certificate-bundles";
import { certificatesIn, readStoreFile, readStoreFolders, SYSTEM_STORE, type SystemStore } from "./system-store";

/**
 * The CA certificates that are trusted where none is given, as PEM: those of the system, so that what `update-ca-certificates` or
 * `update-ca-trust` was told holds here as in Go's tools (Terraform, kubectl). `SSL_CERT_FILE` takes the place of the store's file and
 * `SSL_CERT_DIR` that of its folders, as in Go; `NODE_EXTRA_CA_CERTS` comes on top. Where the system has no store that can be read,
 * Mozilla's list that Node brings along stands in for it, or (undefined) is all there is. Unlike Go, the store's folders are not read
 * where its file is there and nothing is named: the file is made from them, and a hundred more would have to be read.
 * Throws ClientError("invalid") as readBundles does.
 */
export async function readRoots(
  env: Environment,
  store: SystemStore | null = SYSTEM_STORE,
): Promise<readonly string[] | undefined> {
  const named = (await readBundles(env)).flatMap(({ pem }) => certificatesIn(pem));
  const system = store === null ? [] : readStore(env, store);
  if (named.length + system.length === 0) return undefined;
  const extra = (await readExtraBundle(env)).flatMap(({ pem }) => certificatesIn(pem));
  // A store that is there is the whole of it: a CA that was taken out of it is not trusted.
  return [...new Set([...(store === null ? rootCertificates : system), ...named, ...extra])];
}

function readStore(env: Environment, { files, folders }: SystemStore): string[] {
  const found = env.SSL_CERT_FILE ? [] : readStoreFile(files);
  if (env.SSL_CERT_DIR || found.length > 0) return found;
  return readStoreFolders(folders);
}
