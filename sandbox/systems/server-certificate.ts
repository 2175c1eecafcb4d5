import { join } from "node:path";
import { issueCertificate, type KeyPair } from "../certificates";
import type { KeyPairFiles } from "../control-plane/credentials";
import { writePrivateFile } from "../files";
import { LOOPBACK } from "../process/ports";

/**
 * A server's certificate by the sandbox's authority, as files in the sandbox's folder.
 *
 * @param hosts - names that it is for besides the loopback address and `localhost`
 */
export async function issueServerCertificate(
  folder: string,
  authority: KeyPair,
  name: string,
  hosts: readonly string[] = [],
): Promise<KeyPairFiles> {
  const pair = await issueCertificate(authority, { commonName: name, hosts: [LOOPBACK, "::1", "localhost", ...hosts] });
  const file = (extension: string): string => join(folder, "certificates", `${name}.${extension}`);
  await writePrivateFile(file("crt"), `${pair.certificate}\n`);
  await writePrivateFile(file("key"), `${pair.key}\n`);
  return { certificate: file("crt"), key: file("key") };
}
