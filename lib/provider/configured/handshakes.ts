import { rootCertificates } from "node:tls";
import type { Handshake, HandshakeTarget } from "../../clients/tls/handshake";
import { type Certificate, readCertificates } from "../../domain/certificates/certificate";
import type { ClientSettings } from "../configuration/client-settings";
import type { Runtime } from "./runtime";

/** TLS handshakes, to look at what is presented. */
export interface ConfiguredHandshakes {
  /** One handshake, and nothing after it. @throws ClientError */
  shake(target: HandshakeTarget, signal: AbortSignal): Promise<Handshake>;
  /** What is trusted where no CA is given. @throws ClientError("invalid") where the environment names a file that can't be read */
  roots(): Promise<readonly Certificate[]>;
}

/** Through the environment's proxies and with its roots, as every other connection; contacts nothing yet. */
export function createHandshakes({ random }: Runtime, { log, env, timeouts }: ClientSettings): ConfiguredHandshakes {
  return {
    async shake(target, signal) {
      // Loaded here, as they are for one type alone.
      const { shakeHands } = require("../../clients/tls/handshake") as typeof import("../../clients/tls/handshake");
      const times = timeouts === undefined ? {} : { attemptTime: timeouts.headers, totalTime: timeouts.total };
      return shakeHands(target, { log, env, random, ...times }, signal);
    },
    async roots() {
      const { readRoots } = require("../../clients/http/roots") as typeof import("../../clients/http/roots");
      return ((await readRoots(env)) ?? rootCertificates).flatMap(readCertificates);
    },
  };
}
