/** Ephemeral resources: values for one run, never stored, one file per type. */
import { processRedactor } from "../../domain/redaction";
import { ephemeralRegistryToken } from "../../schema/registry-token";
import { during } from "../client-diagnostics";
import type { ConfiguredProvider } from "../configured/provider";
import type { EphemeralResourceType } from "../framework/definition";
import { DiagnosticError } from "../framework/diagnostic";
import { exportedOf } from "../resources/registry-token/model";
import { lookUpToken } from "../token-lookup";

/** The ephemeral resource `registry_token`: opened at plan and again at apply, so it looks up and never issues. */
export const registryTokenEphemeral: EphemeralResourceType<ConfiguredProvider> = {
  schema: ephemeralRegistryToken,
  async open(config, { provider, signal }) {
    const { token, issuer, status } = await lookUpToken(config, provider, signal);
    const revealed = await during(
      { what: `The registry token ${JSON.stringify(token.id)} could not be fetched`, path: ["issuer"] },
      () => issuer.reveal(token.id, signal),
    );
    if (revealed === undefined || status !== "active") {
      throw DiagnosticError.at(
        [config.id === null ? "description" : "id"],
        "The registry token can't be used",
        `Registry token ${JSON.stringify(token.id)} of issuer ${JSON.stringify(issuer.name)} is ${status === "active" ? "no longer there" : status}. Name one that is active (bx cr token-list).`,
      );
    }
    const value = revealed.password;
    processRedactor.remember(value);
    return {
      ...config,
      id: config.id ?? token.id,
      description: token.description,
      ...(await exportedOf(token, issuer, signal)),
      status,
      value: value.reveal(),
    };
  },
};
