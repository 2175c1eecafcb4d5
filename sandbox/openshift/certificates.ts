import { join } from "node:path";
import { createAuthority, issueCertificate, type KeyPair } from "../certificates";
import type { KeyPairFiles } from "../control-plane/credentials";
import { writePrivateFile } from "../files";
import { issueServerCertificate } from "../systems/server-certificate";
import { APPS_DOMAIN } from "./names";

/** As in OpenShift two authorities of its own: one for what is reached by a route, one for Services. */
export interface OpenShiftCertificates {
  readonly ingressCaFile: string;
  readonly serviceCaFile: string;
  /** The router's default certificate. */
  readonly route: KeyPairFiles;
  readonly service: KeyPairFiles;
  readonly projectApi: KeyPairFiles;
  /** Client certificates by the cluster's own authority. */
  readonly operator: KeyPairFiles;
  readonly registry: KeyPairFiles;
}

/** Makes them, as files in the sandbox's folder. */
export async function makeOpenShiftCertificates(folder: string, authority: KeyPair): Promise<OpenShiftCertificates> {
  const ingress = await createAuthority("ingress-operator");
  const serviceSigner = await createAuthority("openshift-service-serving-signer");
  const issue = (name: string, by: KeyPair, hosts: readonly string[]) =>
    issueServerCertificate(folder, by, `openshift-${name}`, hosts);
  const service = "image-registry.openshift-image-registry.svc";
  return {
    ingressCaFile: (await store(folder, "openshift-ingress-ca", ingress)).certificate,
    serviceCaFile: (await store(folder, "openshift-service-ca", serviceSigner)).certificate,
    route: await issue("route", ingress, [`*.${APPS_DOMAIN}`]),
    service: await issue("service", serviceSigner, [service, `${service}.cluster.local`]),
    projectApi: await issue("project-api", serviceSigner, ["api.openshift-apiserver.svc"]),
    operator: await store(
      folder,
      "openshift-operator",
      await issueCertificate(authority, { commonName: "system:openshift-operators", organizations: ["system:masters"] }),
    ),
    registry: await store(
      folder,
      "openshift-registry",
      await issueCertificate(authority, { commonName: "system:serviceaccount:openshift-image-registry:registry" }),
    ),
  };
}

async function store(folder: string, name: string, pair: KeyPair): Promise<KeyPairFiles> {
  const file = (extension: string): string => join(folder, "certificates", `${name}.${extension}`);
  await writePrivateFile(file("crt"), `${pair.certificate}\n`);
  await writePrivateFile(file("key"), `${pair.key}\n`);
  return { certificate: file("crt"), key: file("key") };
}
