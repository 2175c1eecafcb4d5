/** All types of the provider, in the order in which the reference pages list them. */
import { provider } from "./provider";
import { pullCheck } from "./pull-check";
import { pullSecret } from "./pull-secret";
import { registryImage } from "./registry-image";
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
  provider,
  pullCheck,
  pullSecret,
  registryImage,
  registryToken,
  serviceAccountPatch,
};

/** Every type, the provider first. */
export const types = [
  provider,
  registryToken,
  dataRegistryToken,
  ephemeralRegistryToken,
  pullSecret,
  serviceAccountPatch,
  pullCheck,
  registryImage,
] as const;
