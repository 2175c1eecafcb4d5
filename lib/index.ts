/** The public API: constructs for CDK for Terraform. */
export type { RegistryAccessProps } from "./constructs/access-props";
export { AccessRoles, type AccessRolesProps, type AccessSubject } from "./constructs/access-roles";
export type { BluemixRegion } from "./constructs/bluemix-regions";
export {
  type BluemixAccount,
  type BluemixDedicatedProps,
  type BluemixRegionProps,
  BluemixRegistry,
  type ExistingToken,
  type IssuedToken,
} from "./constructs/bluemix-registry";
export { Cluster, type ClusterOptions, type ClusterSettings, type KubeconfigOptions } from "./constructs/cluster";
export { DataRegistryImage, type DataRegistryImageProps } from "./constructs/data-registry-image";
export { DataRegistryToken, type DataRegistryTokenProps } from "./constructs/data-registry-token";
export { DockerHub } from "./constructs/docker-hub";
export { EphemeralRegistryToken, type EphemeralRegistryTokenProps } from "./constructs/ephemeral-registry-token";
export { type NamespaceReference, Namespaces } from "./constructs/namespaces";
export type { PinDigest } from "./constructs/pin-digest";
export { PrivateRegistry, type PrivateRegistryProps } from "./constructs/private-registry";
export { PullCheck, type PullCheckProps } from "./constructs/pull-check";
export { PullSecret, type PullSecretProps } from "./constructs/pull-secret";
export type { Registry, RegistryEntry } from "./constructs/registry";
export { RegistryAccess } from "./constructs/registry-access";
export { type Issuer, type Issuers, RegistryProvider, type RegistryProviderProps } from "./constructs/registry-provider";
export { RegistryToken, type RegistryTokenProps } from "./constructs/registry-token";
export type { SampleCheck } from "./constructs/sample-check";
export { SampleDeployment, type SampleDeploymentProps } from "./constructs/sample-deployment";
export { SamplePod, type SamplePodProps } from "./constructs/sample-pod";
export { Secret } from "./constructs/secret";
export { ServiceAccountPatch, type ServiceAccountPatchProps } from "./constructs/service-account-patch";
export type { OnOtherCluster } from "./domain/cluster-identity";
