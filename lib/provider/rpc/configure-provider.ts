import { configureProvider as configure } from "../framework/configure-provider";
import { formatDiagnostics } from "../protocol/diagnostics";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Hands the provider its configuration. */
export const configureProvider = defineRpc<WireConfigRequest>("ConfigureProvider", async (session, request, signal) => {
  const { schema } = session.definition;
  const { diagnostics } = await session.run({ name: "configure", type: schema.name, signal }, (context) =>
    configure(session, receiveConfig(request.config, schema), context),
  );
  return { diagnostics: formatDiagnostics(diagnostics, schema) };
});
