import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { faultOfCertificates } from "../../domain/certificates/certificate";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";

/** Environment variables by name. */
export type Environment = { readonly [name: string]: string | undefined };

/** CA certificates that the environment names. */
export interface CertificateBundle {
  readonly pem: string;
  /** The environment variable. */
  readonly source: string;
  readonly file: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;

/**
 * The CA certificates of `SSL_CERT_FILE` (a file) and `SSL_CERT_DIR` (folders, separated by ":"), which Go and OpenSSL read too.
 * Throws ClientError("invalid") where a file can't be read or has no certificate, or no folder can be read: what was named is needed.
 */
export async function readBundles(env: Environment): Promise<CertificateBundle[]> {
  return [...(await readFileBundle(env, "SSL_CERT_FILE")), ...(await readFolderBundles(env, "SSL_CERT_DIR"))];
}

/** The CA certificates of Node's own `NODE_EXTRA_CA_CERTS`, which Node adds to its built-in ones alone. Throws as readBundles does. */
export async function readExtraBundle(env: Environment): Promise<CertificateBundle[]> {
  return readFileBundle(env, "NODE_EXTRA_CA_CERTS");
}

async function readFileBundle(env: Environment, source: string): Promise<CertificateBundle[]> {
  const file = env[source];
  if (!file) return [];
  const pem = await readFile(file, "utf8").catch((cause: unknown) => {
    throw invalid(source, file, `which can't be read (${errorCode(cause)}). Name a file of PEM certificates, or unset it.`);
  });
  return [whole({ pem, source, file })];
}

/** Such folders hold other things too, and a list of them often names some that are not there. */
async function readFolderBundles(env: Environment, source: string): Promise<CertificateBundle[]> {
  const named = (env[source] ?? "").split(":").filter((folder) => folder !== "");
  const listed = await Promise.all(named.map((folder) => listFolder(folder)));
  const files = listed.flatMap((found) => found.files ?? []);
  const [first] = listed;
  if (first !== undefined && listed.every((found) => found.files === undefined)) {
    const why = `which can't be read (${errorCode(first.cause)}). Name folders of PEM certificates, or unset it.`;
    throw invalid(source, named.join(":"), why);
  }
  const read = await Promise.all(
    files.map(async (file) => ({ source, file, pem: await readFile(file, "utf8").catch(() => "") })),
  );
  // The same certificate often lies there twice, once under OpenSSL's hash of its name.
  const different = new Map(read.filter(({ pem }) => CERTIFICATE.test(pem)).map((bundle) => [bundle.pem, bundle]));
  return [...different.values()].map(whole);
}

function whole(bundle: CertificateBundle): CertificateBundle {
  const fault = faultOfCertificates(bundle.pem);
  if (fault === undefined) return bundle;
  const advice = `Name PEM certificates ("-----BEGIN CERTIFICATE-----"), or unset it.`;
  throw invalid(bundle.source, bundle.file, `which can't be read (${fault}). ${advice}`);
}

async function listFolder(folder: string): Promise<{ readonly files?: readonly string[]; readonly cause?: unknown }> {
  try {
    return { files: (await readdir(folder)).sort().map((name) => join(folder, name)) };
  } catch (cause) {
    return { cause };
  }
}

function invalid(source: string, file: string, rest: string): ClientError {
  return new ClientError("invalid", `${source} names ${JSON.stringify(file)}, ${rest}`);
}
