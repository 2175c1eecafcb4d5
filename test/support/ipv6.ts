import { networkInterfaces } from "node:os";

/** Whether this machine has the loopback address of IPv6. */
export const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

/** The title of a test or a group that needs it. */
export function withIPv6(title: string): string {
  return HAS_IPV6 ? title : `${title} (skipped: no IPv6 loopback on this machine)`;
}
