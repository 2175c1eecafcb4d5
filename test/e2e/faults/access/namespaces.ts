import type { ServiceAccountObject } from "../../../../lib/clients/kubernetes/client";
import { type Cluster, until } from "../../support/cluster";
import { SECRET_NAME } from "./configuration";

/** Somebody else's, on every ServiceAccount: it has to be there after every case. */
export const FOREIGN = { entry: "somebody-elses", annotation: ["example.com/keep", "this"] } as const;

/** Makes a namespace with what is somebody else's in it. */
export async function prepareNamespace(cluster: Cluster, namespace: string): Promise<void> {
  await cluster.createNamespace(namespace);
  await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  await cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: [{ name: FOREIGN.entry }],
    metadata: { ...account.metadata, annotations: { [FOREIGN.annotation[0]]: FOREIGN.annotation[1] } },
  }));
}

/** All Secrets are deleted and our entries taken out, so that the credential has to be fetched again. */
export async function breakEverything(cluster: Cluster, namespaces: readonly string[]): Promise<void> {
  await Promise.all(
    namespaces.map(async (namespace) => {
      if ((await cluster.secret(namespace, SECRET_NAME)) !== undefined) await cluster.delete("secrets", namespace, SECRET_NAME);
      await cluster.edit<ServiceAccountObject>(
        "serviceaccounts",
        namespace,
        "default",
        ({ imagePullSecrets = [], ...account }) => ({
          ...account,
          imagePullSecrets: imagePullSecrets.filter(({ name }) => name !== SECRET_NAME),
        }),
      );
    }),
  );
}
