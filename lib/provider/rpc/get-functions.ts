import { defineRpc } from "./rpc";

/** The provider has no functions. It says so, since Terraform and OpenTofu may ask before they call one. */
export const getFunctions = defineRpc("GetFunctions", async () => ({}));
