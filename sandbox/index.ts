/**
 * The sandbox: a real Kubernetes control plane, two real container registries and emulators of cloud services on this machine, for
 * trying everything and for the tests. Nothing of it is part of the product.
 */

export { ENGINE_MODULES, type EngineModule, pinnedVersion } from "./binaries/modules";
export { DEDICATED, ORGANIZATION, REGIONAL, readCredentials, type SandboxCredentials, SEEDED_TOKEN } from "./bluemix/accounts";
export type { SandboxOptions } from "./bring-up";
export { type AuditedRequest, readAudit } from "./control-plane/audit";
export type { ClusterUser } from "./control-plane/kubeconfig";
export { buildEngine, type Engine, type EngineOptions, findEngine, minorOf, provideEngine } from "./engine";
export type { CatalogueEntry } from "./images/catalogue";
export { createImage, type Image, type ImageSource } from "./images/image";
export { whyNoNode } from "./node/availability";
export type { NodeWish } from "./node/choose";
export { fetchFromPod, type PodEndpoint } from "./node/fetch";
export { waitForNode } from "./node/ready";
export { addRegistryHost, type RegistryHost } from "./node/registry-hosts";
export { during, type Progress, type ProgressStep, silentProgress } from "./progress/progress";
export { createProgress } from "./progress/reporter";
export { pushTo } from "./registries/push-to";
export { restartProcess, stopProcess } from "./restart";
export { SandboxError } from "./sandbox-error";
export { type Registries, type Sandbox, startRegistries, startSandbox } from "./start-sandbox";
export { hasCluster, type NodeState, type RegistriesState, readSandbox, type SandboxState } from "./state";
export { listSandboxes, type SandboxStatus, sandboxStatus } from "./status";
export { type StopOptions, stopSandbox } from "./stop";
export { SYSTEM_NAMES } from "./systems/registered";
export type { SystemName } from "./systems/states";
export { createUserKubeconfig } from "./users";
