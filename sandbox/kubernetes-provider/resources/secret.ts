import type { Manifest, ObjectKind } from "../object-kind";

type Data = { readonly [key: string]: string } | undefined;

function mapData(object: Manifest, convert: (value: string) => string): Manifest {
  const entries = Object.entries((object.data as Data) ?? {}).map(([key, value]) => [key, convert(value)] as const);
  return { ...object, data: Object.fromEntries(entries) };
}

/** kubernetes_secret_v1, with `data` as plain text in the state. `binary_data` and the write-only attributes are not served. */
export const secret: ObjectKind = {
  type: "kubernetes_secret_v1",
  apiVersion: "v1",
  kind: "Secret",
  resource: "secrets",
  namespaced: true,
  stateOnly: [
    "binary_data",
    "binary_data_wo",
    "binary_data_wo_revision",
    "data_wo",
    "data_wo_revision",
    "wait_for_service_account_token",
  ],

  encode: (object) => mapData(object, (value) => Buffer.from(value, "utf8").toString("base64")),
  hide: (object) => mapData(object, (value) => Buffer.from(value, "base64").toString("utf8")),
  change: (current, wanted) => ({ ...current, data: wanted.data, immutable: wanted.immutable }),
};
