import { createControlClient, type EmulatorControl } from "../http";
import type { StoredData } from "./store";

/** The emulator's control port, for tests. Every call throws where the emulator refuses. */
export interface ExchangeControl extends EmulatorControl {
  /** All that the exchange holds, tokens of dockauths included. */
  data(): Promise<StoredData>;
  /** Changes what it holds, behind everybody's back. */
  edit(change: (data: StoredData) => void): Promise<void>;
}

/** Creates a client for the control port of a running emulator. */
export function createExchangeControl(url: string, secret: string): ExchangeControl {
  const { call, act, ...common } = createControlClient(url, secret);
  const data = async () => (await call("GET", "/data")) as StoredData;
  return {
    ...common,
    data,
    async edit(change) {
      const held = await data();
      change(held);
      await act("PUT", "/data", held);
    },
  };
}
