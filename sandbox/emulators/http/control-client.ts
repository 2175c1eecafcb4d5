import type { Fault } from "./faults";
import type { LoggedRequest } from "./request-log";

/** What every emulator's control port does, for tests. Every call throws where the emulator refuses. */
export interface EmulatorControl {
  /** The requests after a sequence number, oldest first. @default 0 - all */
  requests(afterSequence?: number): Promise<readonly LoggedRequest[]>;
  clearRequests(): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
}

/** The same, with what an emulator's own calls are made of. */
export interface ControlClient extends EmulatorControl {
  /** The answer's JSON. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** For calls that answer nothing of use. */
  act(method: string, path: string, body?: unknown): Promise<void>;
}

/** Creates a client for the control port of a running emulator. */
export function createControlClient(url: string, secret: string): ControlClient {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = { method, headers: { "x-control-secret": secret }, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}/control${path}`, init);
    if (!response.ok) throw new Error(`The emulator's control port answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const act = async (method: string, path: string, body?: unknown): Promise<void> => {
    await call(method, path, body);
  };
  return {
    call,
    act,
    requests: async (after = 0) => (await call("GET", `/requests?after=${after}`)) as LoggedRequest[],
    clearRequests: () => act("DELETE", "/requests"),
    addFault: (fault) => act("POST", "/faults", fault),
    clearFaults: () => act("DELETE", "/faults"),
  };
}
