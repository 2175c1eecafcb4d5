import { issueCertificate, type KeyPair } from "../certificates";
import { writePrivateFile } from "../files";

/** A user as a client certificate states it. */
export interface ClusterUser {
  /** `system:admin`, or any name that a RoleBinding names. */
  readonly name: string;
  /** @default - none; `system:masters` may do everything */
  readonly groups?: readonly string[];
}

/** What a kubeconfig points at. */
export interface KubeconfigTarget {
  /** The name of cluster and context. */
  readonly context: string;
  /** `https://127.0.0.1:PORT`. */
  readonly apiServer: string;
  /** Signs the user's certificate, and the server's. */
  readonly authority: KeyPair;
}

/** Writes a kubeconfig for a user, with everything embedded, and returns the user's certificate. */
export async function writeKubeconfig(file: string, target: KubeconfigTarget, user: ClusterUser): Promise<KeyPair> {
  const pair = await issueCertificate(target.authority, { commonName: user.name, organizations: user.groups ?? [] });
  await writePrivateFile(file, formatKubeconfig(target, user.name, pair));
  return pair;
}

/** The text of a kubeconfig. JSON is YAML, so nothing needs quoting rules of its own. */
export function formatKubeconfig(target: KubeconfigTarget, user: string, pair: KeyPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": target.context,
    clusters: [
      {
        name: target.context,
        cluster: { server: target.apiServer, "certificate-authority-data": base64(target.authority.certificate) },
      },
    ],
    users: [{ name: user, user: { "client-certificate-data": base64(pair.certificate), "client-key-data": base64(pair.key) } }],
    contexts: [{ name: target.context, context: { cluster: target.context, user } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
