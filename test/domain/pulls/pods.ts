/** Pods as an API server gives them, for tables. */
import type { Pod } from "../../../lib/domain/pulls/pod";

/** A Pod of one container, `app`, whose status is given; on a node. */
export function podWith(status: object | undefined, more: Partial<Pod["metadata"]> = {}, spec: Partial<Pod["spec"]> = {}): Pod {
  return {
    metadata: { name: "shop-1", uid: "uid-1", labels: { app: "shop" }, ...more },
    spec: { nodeName: "node-1", containers: [{ name: "app", image: "r.example/shop:1" }], ...spec },
    status: { phase: "Pending", ...(status === undefined ? {} : { containerStatuses: [{ name: "app", ...status }] }) },
  };
}

export const waitingFor = (reason: string, message?: string) => ({
  imageID: "",
  state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
});
export const running = { imageID: "r.example/shop@sha256:0123", state: { running: {} } };
