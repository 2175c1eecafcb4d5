import { join } from "node:path";

/** Everything that the node of a sandbox writes lies in here. */
export const nodeFolder = (sandbox: string): string => join(sandbox, "node");

/** Where the relay is asked for connections. */
export const relaySocket = (sandbox: string): string => join(nodeFolder(sandbox), "relay.sock");

/** containerd reads it at each pull: `HOST/hosts.toml`. */
export const registryHostsFolder = (sandbox: string): string => join(nodeFolder(sandbox), "certs.d");

/** Holds the process id, on the host, of the first process of the node's namespaces. */
export const initPidFile = (sandbox: string): string => join(nodeFolder(sandbox), "pid");
