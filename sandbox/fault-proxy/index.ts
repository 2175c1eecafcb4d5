/**
 * A proxy that stands before the sandbox's services, writes down which calls reach them, and does to one of them what a bad network
 * or a bad day of the service does. It runs in the test's own process, and knows nothing of the clients it is put before.
 */
export { type Call, type CallCount, formatCall } from "./calls";
export { actsBefore, FAULTS, type FaultName } from "./faults";
export { type FaultProxy, type ProxiedService, type Struck, startFaultProxy } from "./proxy";
export { bluemixRefusal, cloudFoundryRefusal, exchangeRefusal, iamRefusal, kubernetesRefusal, registryRefusal } from "./refusals";
export { startWitness, type Witness } from "./witness";
