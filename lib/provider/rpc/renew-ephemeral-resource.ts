import { defineRpc } from "./rpc";

/** Nothing to renew: open asks for no renewal. */
export const renewEphemeralResource = defineRpc("RenewEphemeralResource", async () => ({}));
