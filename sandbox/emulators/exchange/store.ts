import { type DataFile, openDataFile } from "../http";

/** A service this one needs. */
export interface RequiredService {
  readonly url: string;
  readonly org: string;
  readonly version?: string;
  readonly versionRange?: string;
  readonly arch: string;
}

/** A service as `GET` tells it. */
export interface ServiceRecord {
  /** `ORG/USER`. */
  owner: string;
  label: string;
  description: string;
  public: boolean;
  documentation: string;
  url: string;
  version: string;
  arch: string;
  sharable: string;
  matchHardware: unknown;
  requiredServices: readonly RequiredService[];
  userInput: readonly unknown[];
  /** A JSON string, or empty. */
  deployment: string;
  deploymentSignature: string;
  clusterDeployment: string;
  clusterDeploymentSignature: string;
  imageStore: unknown;
  lastUpdated: string;
}

/** A login of a registry that agents pull a service's images with. */
export interface DockAuthRecord {
  readonly dockAuthId: number;
  /** `ORG/ID` of the service. */
  readonly service: string;
  registry: string;
  username: string;
  token: string;
  lastUpdated: string;
}

/** A pattern as `GET` tells it. */
export interface PatternRecord {
  /** `ORG/USER`. */
  owner: string;
  label: string;
  description: string;
  public: boolean;
  services: readonly unknown[];
  userInput: readonly unknown[];
  secretBinding: readonly unknown[];
  agreementProtocols: readonly unknown[];
  lastUpdated: string;
  clusterNamespace: string;
}

/** A public key or a certificate that belongs to a service or a pattern. */
export interface KeyRecord {
  readonly of: "service" | "pattern";
  /** `ORG/ID` of the service or pattern. */
  readonly owner: string;
  readonly id: string;
  text: string;
}

/** Everything that outlives a restart. */
export interface StoredData {
  readonly version: 1;
  /** One sequence for all services; an insert that failed uses a number up, too. */
  lastDockAuthId: number;
  /** By `ORG/ID`. */
  services: Record<string, ServiceRecord>;
  /** By `ORG/ID`. */
  patterns: Record<string, PatternRecord>;
  dockAuths: DockAuthRecord[];
  keys: KeyRecord[];
}

/** The exchange's data, in memory and in its file. */
export type Store = DataFile<StoredData>;

/** Opens the data file, or begins a new one. Throws on a file of another version. */
export function openStore(file: string): Store {
  return openDataFile<StoredData>(file, () => ({
    version: 1,
    lastDockAuthId: 0,
    services: {},
    patterns: {},
    dockAuths: [],
    keys: [],
  }));
}
