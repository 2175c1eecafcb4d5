import { defineRpc } from "./rpc";

/** Nothing to close: what is opened was looked up, and others may use it. Terraform closes after the plan and after the apply. */
export const closeEphemeralResource = defineRpc("CloseEphemeralResource", async () => ({}));
