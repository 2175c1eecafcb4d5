import { defineRpc } from "./rpc";

/** The provider has no functions. */
export const getFunctions = defineRpc("GetFunctions", async () => ({}));
