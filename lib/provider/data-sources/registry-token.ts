/** Data sources: look-ups free of side effects, one file per type. */
import { dataRegistryToken } from "../../schema/registry-token";
import type { ConfiguredProvider } from "../configured/provider";
import type { DataSourceType } from "../framework/definition";
import { exportedOf } from "../resources/registry-token/model";
import { lookUpToken } from "../token-lookup";

/** The data source `registry_token`. */
export const registryTokenDataSource: DataSourceType<ConfiguredProvider> = {
  schema: dataRegistryToken,
  async read(config, { provider, signal }) {
    const { token, issuer, status } = await lookUpToken(config, provider, signal);
    return {
      ...config,
      id: config.id ?? token.id,
      description: token.description,
      ...(await exportedOf(token, issuer, signal)),
      status,
      read_only: token.readOnly,
    };
  },
};
