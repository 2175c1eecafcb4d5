import { request } from "node:http";
import { launch } from "../process/launch";
import { LOOPBACK, PortTakenError } from "../process/ports";
import { waitUntilReady } from "../process/ready";
import { SandboxError } from "../sandbox-error";
import { relaySocket } from "./paths";

/**
 * Starts the relay between the node and the host's loopback: both ways by sockets alone, so the host's network stays as it is.
 *
 * @param ports - of the host's loopback, that the node has under the same numbers
 */
export async function startRelay(
  sandbox: string,
  program: string,
  initPid: number,
  ports: readonly number[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const socket = relaySocket(sandbox);
  const relay = launch(sandbox, "node-relay", {
    command: program,
    args: [`-namespace=/proc/${initPid}/ns/net`, `-socket=${socket}`, `-ports=${ports.join(",")}`],
  });
  await waitUntilReady(relay, { signal, check: async () => (await ask(socket, "GET", "/ready")).status === 200 });
}

/**
 * Opens one more port of the host's loopback to the node, under the same number, such as that of a registry of one's own.
 * It stays open until the node ends. Where nothing listens on the host the node gets "connection refused".
 *
 * @throws PortTakenError where the node has the port itself: also a connection of its own may begin there
 */
export async function openPortToNode(sandbox: string, port: number): Promise<void> {
  const { status, body } = await ask(relaySocket(sandbox), "PUT", `/ports/${port}`);
  if (status === 200) return;
  const message = `Port ${port} could not be opened to the node: ${body.trim()}`;
  throw /address already in use/.test(body) ? new PortTakenError(message) : new SandboxError(message);
}

/** The port of a URL on the loopback address. */
export function loopbackPort(url: string): number {
  const { hostname, port } = new URL(url);
  if (hostname !== LOOPBACK || port === "") throw new SandboxError(`${url} is not on the loopback address ${LOOPBACK}.`);
  return Number(port);
}

function ask(socketPath: string, method: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers: { host: "relay" } }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body })).on("error", reject);
    });
    asked.on("error", reject).end();
  });
}
