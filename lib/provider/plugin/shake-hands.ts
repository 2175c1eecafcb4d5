import { createCertificate, type SelfSigned } from "./certificate";
import { formatHandshake, type Handshake } from "./handshake";
import { followParent } from "./lifetime";
import { type Listener, listen } from "./socket";

/** A connection promised to Terraform: it may come any moment, and waits in the listener. */
export interface Shaken {
  readonly listener: Listener;
  /** Mutual TLS with this one client; undefined for a plain connection. */
  readonly tls: { readonly own: SelfSigned; readonly clientCertificate: string } | undefined;
}

/** Listens, and says where on stdout. */
export async function shakeHands({ clientCertificate }: Handshake): Promise<Shaken> {
  followParent();
  const listener = await listen();
  const tls = clientCertificate === undefined ? undefined : { own: createCertificate(), clientCertificate };
  process.stdout.write(formatHandshake(listener.path, tls?.own.certificateDer));
  return { listener, tls };
}
