import type { Value } from "../../lib/provider/framework/value";
import type { ValueType } from "../../lib/schema/attribute";

/**
 * What hashicorp/kubernetes 2.38.0 knows of its attributes and `terraform providers schema -json` does not say:
 * defaults, blocks that the cluster fills in, and what makes another object.
 * Names are `<block>.<attribute>`, since the same block means the same wherever it stands.
 */
const DEFAULTS: { readonly [name: string]: string | number | boolean } = {
  ".automount_service_account_token": true,
  ".type": "Opaque",
  ".wait_for_service_account_token": true,
  ".wait_for_default_service_account": false,
  ".wait_for_rollout": true,
  "container.stdin": false,
  "container.stdin_once": false,
  "container.termination_message_path": "/dev/termination-log",
  "container.tty": false,
  "config_map.default_mode": "0644",
  "downward_api.default_mode": "0644",
  "empty_dir.medium": "",
  "field_ref.api_version": "v1",
  "http_get.scheme": "HTTP",
  "init_container.stdin": false,
  "init_container.stdin_once": false,
  "init_container.termination_message_path": "/dev/termination-log",
  "init_container.tty": false,
  "liveness_probe.failure_threshold": 3,
  "liveness_probe.period_seconds": 10,
  "liveness_probe.success_threshold": 1,
  "liveness_probe.timeout_seconds": 1,
  "port.protocol": "TCP",
  "projected.default_mode": "0644",
  "readiness_probe.failure_threshold": 3,
  "readiness_probe.period_seconds": 10,
  "readiness_probe.success_threshold": 1,
  "readiness_probe.timeout_seconds": 1,
  "resource_field_ref.divisor": "1",
  "rolling_update.max_surge": "25%",
  "rolling_update.max_unavailable": "25%",
  "secret.default_mode": "0644",
  "security_context.allow_privilege_escalation": true,
  "security_context.privileged": false,
  "security_context.read_only_root_filesystem": false,
  "service_account_token.expiration_seconds": 3600,
  "spec.automount_service_account_token": true,
  "spec.dns_policy": "ClusterFirst",
  "spec.enable_service_links": true,
  "spec.host_ipc": false,
  "spec.host_network": false,
  "spec.host_pid": false,
  "spec.min_ready_seconds": 0,
  "spec.paused": false,
  "spec.progress_deadline_seconds": 600,
  "spec.restart_policy": "Always",
  "spec.revision_history_limit": 10,
  "spec.share_process_namespace": false,
  "spec.termination_grace_period_seconds": 30,
  "subject.namespace": "default",
  "startup_probe.failure_threshold": 3,
  "startup_probe.period_seconds": 10,
  "startup_probe.success_threshold": 1,
  "startup_probe.timeout_seconds": 1,
  "strategy.type": "RollingUpdate",
  "toleration.operator": "Equal",
  "topology_spread_constraint.max_skew": 1,
  "topology_spread_constraint.when_unsatisfiable": "DoNotSchedule",
  "volume_mount.mount_propagation": "None",
  "volume_mount.read_only": false,
};

const COMPUTED_BLOCKS = new Set(["image_pull_secrets", "readiness_gate", "resources", "rolling_update", "strategy"]);

/** Where in a type an attribute stands: the names of the blocks around it, from the outside in, without indexes. */
export type Trail = readonly string[];

/** The name of an attribute or block together with the block around it: `spec.replicas`; `.id` at the top. */
export function qualified(trail: Trail, name: string): string {
  return `${trail.at(-1) ?? ""}.${name}`;
}

/** What the provider sets where the user sets nothing. */
export function defaultOf(trail: Trail, name: string): string | number | boolean | undefined {
  // A template's metadata has no namespace; an object's is "default".
  if (name === "namespace" && trail.length === 1 && trail[0] === "metadata") return "default";
  // Of the default ServiceAccount alone: every other object's name is computed where it is not set.
  if (name === "name" && trail.length === 1 && trail[0] === "metadata") return "default";
  return DEFAULTS[qualified(trail, name)];
}

/** True for a block that is planned from the cluster where the user writes none. */
export function isComputedBlock(name: string): boolean {
  return COMPUTED_BLOCKS.has(name);
}

/** True where a change means another object. */
export function makesAnother(type: string, trail: Trail, name: string): boolean {
  if (trail.at(-1) === "metadata") return name === "name" || name === "namespace" || name === "generate_name";
  if (type === "kubernetes_secret_v1") return trail.length === 0 && name === "type";
  if (type === "kubernetes_role_binding_v1") return trail.at(-1) === "role_ref";
  if (type === "kubernetes_deployment_v1") return trail[0] === "spec" && (trail[1] ?? name) === "selector";
  return type === "kubernetes_pod_v1" && trail[0] === "spec" && name !== "active_deadline_seconds";
}

/** What HashiCorp's old SDK keeps in the state for "not set". */
export function zeroOf(type: ValueType): Value {
  if (type === "number") return 0;
  if (type === "bool") return false;
  if (type === "string") return "";
  if (type === "dynamic") return null;
  return "map" in type || "object" in type ? {} : [];
}

/** True for null and for what the old SDK can't tell from it. */
export function isZero(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
