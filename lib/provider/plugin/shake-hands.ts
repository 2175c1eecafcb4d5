import { createCertificate, type SelfSigned } from "./certificate";
import { formatHandshake, type Handshake } from "./handshake";
import { followParent, type Parent } from "./lifetime";
import { type Listener, listen } from "./socket";

/** A connection promised to Terraform: it may come any moment, and waits in the listener. */
export interface Shaken {
  readonly parent: Parent;
  readonly listener: Listener;
  /** Mutual TLS with this one client; undefined for a plain connection. */
  readonly tls: Tls | undefined;
}

/** Both ends of mutual TLS. */
export interface Tls {
  readonly own: SelfSigned;
  readonly clientCertificate: string;
}

/** Listens, and says where on stdout. */
export async function shakeHands({ clientCertificate }: Handshake): Promise<Shaken> {
  const parent = followParent();
  const listener = await listen();
  const tls = clientCertificate === undefined ? undefined : { own: createCertificate(), clientCertificate };
  process.stdout.write(formatHandshake(listener.path, tls?.own.certificateDer));
  return { parent, listener, tls };
}
