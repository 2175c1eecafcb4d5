import { version } from "../../package.json";
import { provider } from "../schema/provider";
import { pullCheck } from "../schema/pull-check";
import { pullSecret } from "../schema/pull-secret";
import { registryImage } from "../schema/registry-image";
import { dataRegistryToken, ephemeralRegistryToken, registryToken } from "../schema/registry-token";
import { serviceAccountPatch } from "../schema/service-account-patch";
import { type ConfiguredProvider, createConfiguredProvider } from "./configured/provider";
import { type Runtime, realRuntime } from "./configured/runtime";
import type { ProviderDefinition } from "./framework/definition";

/** The provider `registry`. The code of a type is loaded when the type is first used. */
export function createRegistryProvider(runtime: Runtime = realRuntime): ProviderDefinition<ConfiguredProvider> {
  return {
    schema: provider,
    version,
    resources: [
      { schema: registryToken, load: async () => tokenModule().registryTokenResource },
      { schema: pullSecret, load: async () => pullSecretModule().pullSecretResource },
      { schema: serviceAccountPatch, load: async () => patchModule().serviceAccountPatchResource },
      { schema: pullCheck, load: async () => pullCheckModule().pullCheckResource },
    ],
    dataSources: [
      { schema: dataRegistryToken, load: async () => tokenDataModule().registryTokenDataSource },
      { schema: registryImage, load: async () => imageModule().registryImageDataSource },
    ],
    ephemeralResources: [{ schema: ephemeralRegistryToken, load: async () => ephemeralTokenModule().registryTokenEphemeral }],
    configure: async (config, context) => createConfiguredProvider(config, runtime, context.log),
  };
}

const tokenModule = () => require("./resources/registry-token") as typeof import("./resources/registry-token");
const pullSecretModule = () => require("./resources/pull-secret") as typeof import("./resources/pull-secret");
const patchModule = () => require("./resources/service-account-patch") as typeof import("./resources/service-account-patch");
const pullCheckModule = () => require("./resources/pull-check") as typeof import("./resources/pull-check");
const tokenDataModule = () => require("./data-sources/registry-token") as typeof import("./data-sources/registry-token");
const imageModule = () => require("./data-sources/registry-image") as typeof import("./data-sources/registry-image");
const ephemeralTokenModule = () => require("./ephemeral/registry-token") as typeof import("./ephemeral/registry-token");
