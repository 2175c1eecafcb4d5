/** The real control plane: etcd, kube-apiserver, kube-controller-manager and kube-scheduler, and what they need to trust each other. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DEDICATED, REGIONAL } from "../bluemix/accounts";
import { createAuthority, createSigningKey, issueCertificate, type KeyPair } from "../certificates";
import { writePrivateFile } from "../files";
import { LOOPBACK } from "../process/ports";

/** The name in the API server's certificate as a front proxy. */
export const FRONT_PROXY = "front-proxy-client";

/** A certificate and its key as files. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** All certificates and keys of a control plane, as files in its folder and, where we use them ourselves, as texts. */
export interface ControlPlaneCredentials {
  readonly authority: KeyPair;
  readonly authorityFiles: KeyPairFiles;
  readonly etcdAuthority: KeyPair;
  readonly etcdAuthorityFile: string;
  readonly etcd: KeyPairFiles;
  readonly etcdClient: KeyPair;
  readonly etcdClientFiles: KeyPairFiles;
  readonly server: KeyPairFiles;
  readonly frontProxy: FrontProxyFiles;
  readonly serviceAccountPublicKey: string;
  readonly serviceAccountPrivateKey: string;
}

/** By which an API server behind the API server knows that it is really asked by that one, which then says for whom. */
export interface FrontProxyFiles {
  readonly authority: string;
  readonly client: KeyPairFiles;
}

/** Where the files of the front proxy lie in a sandbox's folder. */
export function frontProxyFiles(folder: string): FrontProxyFiles {
  const file = (name: string): string => join(folder, "certificates", name);
  const client = { certificate: file("front-proxy-client.crt"), key: file("front-proxy-client.key") };
  return { authority: file("front-proxy-ca.crt"), client };
}

/** etcd has an authority of its own: who may use the API must not thereby read its storage. */
export async function createCredentials(folder: string): Promise<ControlPlaneCredentials> {
  const certificates = join(folder, "certificates");
  await mkdir(certificates, { recursive: true, mode: 0o700 });
  const store = async (name: string, pair: KeyPair): Promise<KeyPairFiles> => {
    const files = { certificate: join(certificates, `${name}.crt`), key: join(certificates, `${name}.key`) };
    await writePrivateFile(files.certificate, `${pair.certificate}\n`);
    await writePrivateFile(files.key, `${pair.key}\n`);
    return files;
  };
  const authority = await createAuthority("sandbox cluster");
  const etcdAuthority = await createAuthority("sandbox etcd");
  const cluster = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "10.0.0.1"];
  // The emulator shows it too, under the names that it stands in for where a test's proxy leads them to it.
  const emulated = [`api.${DEDICATED.domain}`, ...DEDICATED.hosts, ...REGIONAL.hosts];
  const hosts = [LOOPBACK, "::1", "localhost", ...cluster, ...emulated];
  const frontProxyAuthority = await createAuthority("sandbox front proxy");
  await store("front-proxy-ca", frontProxyAuthority);
  await store("front-proxy-client", await issueCertificate(frontProxyAuthority, { commonName: FRONT_PROXY }));
  const etcdClient = await issueCertificate(etcdAuthority, { commonName: "kube-apiserver" });
  const serviceAccount = await createSigningKey();
  const serviceAccountPublicKey = join(certificates, "service-account.pub");
  const serviceAccountPrivateKey = join(certificates, "service-account.key");
  await writePrivateFile(serviceAccountPublicKey, `${serviceAccount.publicKey}\n`);
  await writePrivateFile(serviceAccountPrivateKey, `${serviceAccount.privateKey}\n`);
  return {
    authority,
    authorityFiles: await store("ca", authority),
    etcdAuthority,
    etcdAuthorityFile: (await store("etcd-ca", etcdAuthority)).certificate,
    etcd: await store("etcd", await issueCertificate(etcdAuthority, { commonName: "etcd", hosts: [LOOPBACK, "localhost"] })),
    etcdClient,
    etcdClientFiles: await store("etcd-client", etcdClient),
    server: await store("server", await issueCertificate(authority, { commonName: "kube-apiserver", hosts })),
    frontProxy: frontProxyFiles(folder),
    serviceAccountPublicKey,
    serviceAccountPrivateKey,
  };
}
