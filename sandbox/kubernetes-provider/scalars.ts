import { qualified, type Trail } from "./schema-facts";

/** Numbers that the schema has as text, so that "not set" and 0 differ. */
const NUMBER_AS_TEXT = /^(spec\.replicas|security_context\.(fs_group|run_as_user|run_as_group)|toleration\.toleration_seconds)$/;
/** File modes: text in octal here, a plain number in Kubernetes. */
const MODE = /\.(default_mode|mode)$/;
/** IntOrString: `8080` or `http`, `1` or `25%`. */
const NUMBER_OR_TEXT = /^((http_get|tcp_socket)\.port|rolling_update\.(max_surge|max_unavailable))$/;

/** What a string attribute is in a Kubernetes object. */
export function parseText(trail: Trail, name: string, text: string): string | number {
  const at = qualified(trail, name);
  if (MODE.test(at)) return Number.parseInt(text, 8);
  if (NUMBER_AS_TEXT.test(at)) return Number(text);
  return NUMBER_OR_TEXT.test(at) && /^\d+$/.test(text) ? Number(text) : text;
}

/** What a field of a Kubernetes object is in a string attribute. */
export function formatText(trail: Trail, name: string, field: unknown): string {
  if (field === undefined || field === null) return qualified(trail, name) === "volume_mount.mount_propagation" ? "None" : "";
  return typeof field === "number" && MODE.test(qualified(trail, name)) ? `0${field.toString(8)}` : String(field);
}
