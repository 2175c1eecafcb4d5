import type { Reply } from "../../http";

/** What a Kubernetes API answers where it refuses: a Status. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly name?: string;
}

/** A refusal of the project API. */
export function refuse({ code, reason, message, name }: Refusal): Reply {
  const details = { ...(name !== undefined && { name }), group: "project.openshift.io", kind: "projects" };
  return {
    status: code,
    json: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code },
  };
}

/** A success without an object. */
export function succeed(details: object = {}): Reply {
  return { status: 200, json: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", ...details } };
}
