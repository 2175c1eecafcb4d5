import { join } from "node:path";

/**
 * The node's network, seen only inside its own namespace, so that it can't clash with the host's. The bridge's address is the node's.
 * Its members' addresses are made up (RFC 1918).
 */
export const NETWORK = { bridge: "cni0", address: "10.244.0.1", prefixLength: 24, subnet: "10.244.0.0/24" } as const;

/** The configuration of the CNI plugins. Without masquerading no iptables is needed; where Pods may go to is on the bridge. */
export function formatCniConfiguration(folder: string): string {
  const configuration = {
    cniVersion: "1.0.0",
    name: "sandbox",
    plugins: [
      {
        type: "bridge",
        bridge: NETWORK.bridge,
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          dataDir: join(folder, "addresses"),
          ranges: [[{ subnet: NETWORK.subnet, gateway: NETWORK.address }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}
