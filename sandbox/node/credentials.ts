import { join } from "node:path";
import { issueCertificate, type KeyPair } from "../certificates";
import type { KeyPairFiles } from "../control-plane/credentials";
import { writePrivateFile } from "../files";
import { NODE_NAME } from "./kubelet";
import { NETWORK } from "./network";
import { relaySocket } from "./paths";

/**
 * Lays what an API server needs to reach the kubelet and the Pods, which are out of its network, and returns its flags: it goes through
 * the relay, by HTTP CONNECT over a unix socket.
 *
 * @param folder - the sandbox's
 */
export async function prepareApiServer(folder: string, authority: KeyPair): Promise<string[]> {
  const client = await storePair(
    folder,
    "kube-apiserver-kubelet-client",
    await issueCertificate(authority, { commonName: "kube-apiserver-kubelet-client", organizations: ["system:masters"] }),
  );
  const egress = join(folder, "egress.json");
  const transport = { uds: { udsName: relaySocket(folder) } };
  const configuration = {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [{ name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport } }],
  };
  await writePrivateFile(egress, `${JSON.stringify(configuration, null, 2)}\n`);
  return [
    `--egress-selector-config-file=${egress}`,
    `--kubelet-client-certificate=${client.certificate}`,
    `--kubelet-client-key=${client.key}`,
    `--kubelet-certificate-authority=${join(folder, "certificates", "ca.crt")}`,
    "--kubelet-preferred-address-types=InternalIP",
  ];
}

/** The certificate that the kubelet shows to the API server. */
export async function issueKubeletServer(folder: string, authority: KeyPair): Promise<KeyPairFiles> {
  const subject = {
    commonName: `system:node:${NODE_NAME}`,
    organizations: ["system:nodes"],
    hosts: [NETWORK.address, NODE_NAME],
  };
  return await storePair(folder, "kubelet-server", await issueCertificate(authority, subject));
}

async function storePair(folder: string, name: string, pair: KeyPair): Promise<KeyPairFiles> {
  const [certificate, key] = ["crt", "key"].map((kind) => join(folder, "certificates", `${name}.${kind}`)) as [string, string];
  await writePrivateFile(certificate, `${pair.certificate}\n`);
  await writePrivateFile(key, `${pair.key}\n`);
  return { certificate, key };
}
