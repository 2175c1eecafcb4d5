import { version } from "../../package.json";
import { horizonPattern } from "../schema/horizon/pattern";
import { horizonRegistryAuth } from "../schema/horizon/registry-auth";
import { horizonService } from "../schema/horizon/service";
import { ibmcloudApiKey } from "../schema/ibmcloud-api-key";
import { ibmcloudNamespace } from "../schema/ibmcloud-namespace";
import { openshiftProject } from "../schema/openshift-project";
import { openshiftRoute } from "../schema/openshift-route";
import { openshiftToken } from "../schema/openshift-token";
import { provider } from "../schema/provider";
import { pullCheck } from "../schema/pull-check";
import { pullSecret } from "../schema/pull-secret";
import { registryCertificate } from "../schema/registry-certificate";
import { registryImage } from "../schema/registry-image";
import { registryNamespaces } from "../schema/registry-namespaces";
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
      { schema: openshiftProject, load: async () => projectModule().openshiftProjectResource },
      { schema: openshiftRoute, load: async () => routeModule().openshiftRouteResource },
      { schema: openshiftToken, load: async () => openshiftTokenModule().openshiftTokenResource },
      { schema: ibmcloudApiKey, load: async () => apiKeyModule().ibmcloudApiKeyResource },
      { schema: ibmcloudNamespace, load: async () => icrNamespaceModule().ibmcloudNamespaceResource },
      { schema: pullSecret, load: async () => pullSecretModule().pullSecretResource },
      { schema: serviceAccountPatch, load: async () => patchModule().serviceAccountPatchResource },
      { schema: pullCheck, load: async () => pullCheckModule().pullCheckResource },
      { schema: horizonService, load: async () => horizonServiceModule().horizonServiceResource },
      { schema: horizonRegistryAuth, load: async () => horizonAuthModule().horizonRegistryAuthResource },
      { schema: horizonPattern, load: async () => horizonPatternModule().horizonPatternResource },
    ],
    dataSources: [
      { schema: dataRegistryToken, load: async () => tokenDataModule().registryTokenDataSource },
      { schema: registryCertificate, load: async () => certificateModule().registryCertificateDataSource },
      { schema: registryImage, load: async () => imageModule().registryImageDataSource },
      { schema: registryNamespaces, load: async () => namespacesModule().registryNamespacesDataSource },
    ],
    ephemeralResources: [{ schema: ephemeralRegistryToken, load: async () => ephemeralTokenModule().registryTokenEphemeral }],
    configure: async (config, context) => createConfiguredProvider(config, runtime, context.log),
  };
}

const tokenModule = () => require("./resources/registry-token") as typeof import("./resources/registry-token");
const projectModule = () => require("./resources/openshift-project") as typeof import("./resources/openshift-project");
const routeModule = () => require("./resources/openshift-route") as typeof import("./resources/openshift-route");
const openshiftTokenModule = () => require("./resources/openshift-token") as typeof import("./resources/openshift-token");
const apiKeyModule = () => require("./resources/ibmcloud-api-key") as typeof import("./resources/ibmcloud-api-key");
const icrNamespaceModule = () => require("./resources/ibmcloud-namespace") as typeof import("./resources/ibmcloud-namespace");
const pullSecretModule = () => require("./resources/pull-secret") as typeof import("./resources/pull-secret");
const patchModule = () => require("./resources/service-account-patch") as typeof import("./resources/service-account-patch");
const pullCheckModule = () => require("./resources/pull-check") as typeof import("./resources/pull-check");
const tokenDataModule = () => require("./data-sources/registry-token") as typeof import("./data-sources/registry-token");
const certificateModule = () =>
  require("./data-sources/registry-certificate") as typeof import("./data-sources/registry-certificate");
const imageModule = () => require("./data-sources/registry-image") as typeof import("./data-sources/registry-image");
const namespacesModule = () =>
  require("./data-sources/registry-namespaces") as typeof import("./data-sources/registry-namespaces");
const ephemeralTokenModule = () => require("./ephemeral/registry-token") as typeof import("./ephemeral/registry-token");
const horizonServiceModule = () => require("./resources/horizon-service") as typeof import("./resources/horizon-service");
const horizonAuthModule = () =>
  require("./resources/horizon-registry-auth") as typeof import("./resources/horizon-registry-auth");
const horizonPatternModule = () => require("./resources/horizon-pattern") as typeof import("./resources/horizon-pattern");
