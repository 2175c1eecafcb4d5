import { createHash } from "node:crypto";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import type { ClusterIdentity } from "../../../domain/cluster-identity";
import type { PrivateData } from "../../framework/definition";

/** The cluster that a client reaches. */
export function identityOf({ server, context, ca }: KubernetesClient, id: string | null): ClusterIdentity {
  return {
    id,
    server,
    context: context ?? null,
    ca: ca === undefined ? null : createHash("sha256").update(ca.trim()).digest("hex"),
  };
}

/** What the private data remembers of a cluster, beside its UID, which stands in the state. */
export function formatCluster({ server, context, ca }: ClusterIdentity): NonNullable<PrivateData> {
  return { cluster_server: server, cluster_context: context, cluster_ca: ca };
}

/** What {@link formatCluster} gave, with the state's UID; other private data remembers nothing. */
export function parseCluster(id: string | null, data: PrivateData): ClusterIdentity {
  const text = (name: string) => {
    const value = data?.[name];
    return typeof value === "string" ? value : null;
  };
  return { id, server: text("cluster_server"), context: text("cluster_context"), ca: text("cluster_ca") };
}

/** What the last refresh saw in place of the state's cluster. */
export interface Seen {
  readonly isOther: boolean;
  /** The UID of the cluster that it saw, where that was another one. */
  readonly id: string | null;
}

/** Remembers beside {@link formatCluster} what a refresh saw: so that a plan, also one made once more at apply, needs not ask. */
export function formatSeen({ isOther, id }: Seen): NonNullable<PrivateData> {
  return { cluster_seen: isOther ? "other" : "same", cluster_seen_id: isOther ? id : null };
}

/** What {@link formatSeen} gave; undefined where the last refresh saw no cluster. */
export function parseSeen(data: PrivateData): Seen | undefined {
  if (data?.cluster_seen !== "other" && data?.cluster_seen !== "same") return undefined;
  const id = data.cluster_seen_id;
  return { isOther: data.cluster_seen === "other", id: typeof id === "string" ? id : null };
}

/** For a refresh that saw no cluster: what an earlier one saw is not to be taken for its own. */
export function withoutSeen(data: PrivateData): PrivateData {
  if (data === null) return null;
  const { cluster_seen: _, cluster_seen_id: __, ...rest } = data;
  return rest;
}
