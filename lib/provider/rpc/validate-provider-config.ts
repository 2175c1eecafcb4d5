import { validateProviderConfig as validate } from "../framework/validate-provider-config";
import { formatDiagnostics } from "../protocol/diagnostics";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Checks the provider's configuration. */
export const validateProviderConfig = defineRpc<WireConfigRequest>("ValidateProviderConfig", async (session, request, signal) => {
  const { schema } = session.definition;
  const { diagnostics } = await session.run({ name: "validate", type: schema.name, signal }, (context) =>
    validate(session.definition, receiveConfig(request.config, schema), context),
  );
  return { diagnostics: formatDiagnostics(diagnostics, schema) };
});
