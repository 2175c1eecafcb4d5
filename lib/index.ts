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
export { DataRegistryCertificate, type DataRegistryCertificateProps } from "./constructs/data-registry-certificate";
export { DataRegistryImage, type DataRegistryImageProps } from "./constructs/data-registry-image";
export { DataRegistryNamespaces, type DataRegistryNamespacesProps } from "./constructs/data-registry-namespaces";
export { DataRegistryToken, type DataRegistryTokenProps } from "./constructs/data-registry-token";
export { DockerHub } from "./constructs/docker-hub";
export { EdgeNodeTrust, type EdgeNodeTrustProps } from "./constructs/edge-node-trust";
export { EphemeralRegistryToken, type EphemeralRegistryTokenProps } from "./constructs/ephemeral-registry-token";
export type { HorizonDefinition } from "./constructs/horizon-definition";
export { HorizonPattern, type HorizonPatternProps } from "./constructs/horizon-pattern";
export { HorizonPublishedService, type HorizonPublishedServiceProps } from "./constructs/horizon-published-service";
export { HorizonRegistryAuth, type HorizonRegistryAuthProps } from "./constructs/horizon-registry-auth";
export { HorizonService, type HorizonServiceProps } from "./constructs/horizon-service";
export { IbmCloudApiKey, type IbmCloudApiKeyProps } from "./constructs/ibmcloud-api-key";
export { IbmCloudNamespace, type IbmCloudNamespaceProps } from "./constructs/ibmcloud-namespace";
export { IbmCloudRegistry, type IbmCloudRegistryProps, type IssuedApiKey } from "./constructs/ibmcloud-registry";
export { type NamespaceReference, type NamespaceSelectorProps, Namespaces } from "./constructs/namespaces";
export { OpenShiftProject, type OpenShiftProjectProps } from "./constructs/openshift-project";
export { OpenShiftRegistry, type OpenShiftRegistryProps } from "./constructs/openshift-registry";
export { OpenShiftRoute, type OpenShiftRouteProps } from "./constructs/openshift-route";
export { OpenShiftToken, type OpenShiftTokenProps } from "./constructs/openshift-token";
export type { PinDigest } from "./constructs/pin-digest";
export { PrivateRegistry, type PrivateRegistryProps } from "./constructs/private-registry";
export { PullCheck, type PullCheckProps } from "./constructs/pull-check";
export { PullSecret, type PullSecretProps } from "./constructs/pull-secret";
export { type CopyOptions, PullSecretCopy, type PullSecretCopyProps } from "./constructs/pull-secret-copy";
export type { Registry, RegistryEntry } from "./constructs/registry";
export { RegistryAccess } from "./constructs/registry-access";
export {
  type HorizonExchange,
  type Issuer,
  type Issuers,
  RegistryProvider,
  type RegistryProviderProps,
} from "./constructs/registry-provider";
export { RegistryToken, type RegistryTokenProps } from "./constructs/registry-token";
export type { SampleCheck } from "./constructs/sample-check";
export { SampleDeployment, type SampleDeploymentProps } from "./constructs/sample-deployment";
export { SamplePod, type SamplePodProps } from "./constructs/sample-pod";
export { Secret } from "./constructs/secret";
export { ServiceAccountPatch, type ServiceAccountPatchProps } from "./constructs/service-account-patch";
export type { OnOtherCluster } from "./domain/cluster-identity";
export type { IcrRegion } from "./domain/icr-hosts";
