/** All types of the provider, in the order in which the reference pages list them. */

import { horizonPattern } from "./horizon/pattern";
import { horizonRegistryAuth } from "./horizon/registry-auth";
import { horizonService } from "./horizon/service";
import { ibmcloudApiKey } from "./ibmcloud-api-key";
import { ibmcloudNamespace } from "./ibmcloud-namespace";
import { openshiftProject } from "./openshift-project";
import { openshiftRoute } from "./openshift-route";
import { openshiftToken } from "./openshift-token";
import { provider } from "./provider";
import { pullCheck } from "./pull-check";
import { pullSecret } from "./pull-secret";
import { registryCertificate } from "./registry-certificate";
import { registryImage } from "./registry-image";
import { registryNamespaces } from "./registry-namespaces";
import { dataRegistryToken, ephemeralRegistryToken, registryToken } from "./registry-token";
import { serviceAccountPatch } from "./service-account-patch";

export type {
  Attribute,
  Attributes,
  Check,
  ImportId,
  Kind,
  NestedAttribute,
  NestedBlock,
  PartlyKnown,
  PartlyKnownValue,
  PlainAttribute,
  Presence,
  Rule,
  TypeSchema,
  ValueType,
} from "./attribute";
export { checkImportId, isNested } from "./attribute";
export type { CamelCase, Props, PropsOf, PropTypes, State, StateOf } from "./model";
export { toCamelCase, toSnakeCase } from "./model";
export {
  dataRegistryToken,
  ephemeralRegistryToken,
  horizonPattern,
  horizonRegistryAuth,
  horizonService,
  ibmcloudApiKey,
  ibmcloudNamespace,
  openshiftProject,
  openshiftRoute,
  openshiftToken,
  provider,
  pullCheck,
  pullSecret,
  registryCertificate,
  registryImage,
  registryNamespaces,
  registryToken,
  serviceAccountPatch,
};

/** Every type, the provider first. */
export const types = [
  provider,
  registryToken,
  dataRegistryToken,
  ephemeralRegistryToken,
  openshiftProject,
  openshiftRoute,
  openshiftToken,
  ibmcloudApiKey,
  ibmcloudNamespace,
  pullSecret,
  serviceAccountPatch,
  pullCheck,
  registryCertificate,
  registryImage,
  registryNamespaces,
  horizonService,
  horizonRegistryAuth,
  horizonPattern,
] as const;
