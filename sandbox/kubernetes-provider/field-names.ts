import type { NestedBlock } from "../../lib/schema/attribute";
import { qualified, type Trail } from "./schema-facts";

/** Kubernetes' names where they are not simply the camel-cased ones; by `<block>.<name>` or by name alone. */
const FIELDS: { readonly [name: string]: string } = {
  ".image_pull_secret": "imagePullSecrets",
  ".secret": "secrets",
  "container.env": "env",
  "container.port": "ports",
  "dns_config.option": "options",
  "init_container.port": "ports",
  "azure_disk.data_disk_uri": "diskURI",
  "rbd.ceph_monitors": "monitors",
  "rbd.rados_user": "user",
  "rbd.rbd_image": "image",
  "rbd.rbd_pool": "pool",
  aws_elastic_block_store: "awsElasticBlockStore",
  ceph_fs: "cephfs",
  container: "containers",
  dataset_uuid: "datasetUUID",
  downward_api: "downwardAPI",
  host_ip: "hostIP",
  host_ipc: "hostIPC",
  host_pid: "hostPID",
  http_header: "httpHeaders",
  init_container: "initContainers",
  node_selector_term: "nodeSelectorTerms",
  pd_id: "pdID",
  readiness_gate: "readinessGates",
  run_as_username: "runAsUserName",
  subject: "subjects",
  sysctl: "sysctls",
  target_ww_ns: "targetWWNs",
  toleration: "tolerations",
  topology_spread_constraint: "topologySpreadConstraints",
  volume: "volumes",
  volume_device: "volumeDevices",
  volume_id: "volumeID",
  volume_mount: "volumeMounts",
};

/** Lists in the schema that are one object in Kubernetes, though no `max_items` says so. */
const ONE_OBJECT = new Set([
  "label_selector",
  "namespace_selector",
  "post_start",
  "pre_stop",
  "tcp_socket",
  "grpc",
  "projected",
  "sources.config_map",
  "sources.secret",
]);

/** The name of an attribute or block in a Kubernetes object. */
export function fieldName(trail: Trail, name: string): string {
  const camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  // `volume` is also a plain string of quobyte's.
  if (name === "volume" && trail.at(-1) === "quobyte") return camel;
  return FIELDS[qualified(trail, name)] ?? FIELDS[name] ?? camel;
}

/** True where Kubernetes has a list of objects and not one object. */
export function isArray(trail: Trail, name: string, block: NestedBlock): boolean {
  return block.maxItems !== 1 && !ONE_OBJECT.has(name) && !ONE_OBJECT.has(qualified(trail, name));
}
