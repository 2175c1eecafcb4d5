import type { Secret } from "../../domain/secret";

/** A service or a pattern as JSON. */
export interface Published {
  readonly [name: string]: unknown;
}

/** Services, or patterns, of one organization. Every call may throw a ClientError; a 404 of the exchange's own is an answer. */
export interface Publications {
  /** `service`, for messages. */
  readonly noun: "service" | "pattern";
  /** Undefined where there is none of this id. */
  get(id: string, signal: AbortSignal): Promise<Published | undefined>;
  /** Never sent twice: a failure may be `ambiguous`. `conflict` where there is one already. */
  create(id: string, body: Published, signal: AbortSignal): Promise<void>;
  /** False where there is none of this id. */
  replace(id: string, body: Published, signal: AbortSignal): Promise<boolean>;
  /** With its keys and registry credentials. False where it was gone already. */
  delete(id: string, signal: AbortSignal): Promise<boolean>;
  /** The names of its public keys; none also where there is no such publication. */
  keyNames(id: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A public key's PEM by its name; undefined where there is none. */
  getKey(id: string, name: string, signal: AbortSignal): Promise<string | undefined>;
  putKey(id: string, name: string, pem: string, signal: AbortSignal): Promise<void>;
  /** False where it was gone already. */
  deleteKey(id: string, name: string, signal: AbortSignal): Promise<boolean>;
}

/** What edge nodes pull a service's images with: a "dockauth". */
export interface RegistryAuth {
  readonly registry: string;
  readonly username: string;
  readonly token: Secret;
}

/** One that the exchange has. */
export interface StoredRegistryAuth extends RegistryAuth {
  readonly id: number;
}

/** The registry credentials of the services of one organization. */
export interface RegistryAuths {
  /** All of a service, by id; none also where there is no such service. */
  list(service: string, signal: AbortSignal): Promise<readonly StoredRegistryAuth[]>;
  /**
   * Adds one. The exchange does not say its id, and adds none where an equal one is there: look it up in the list.
   * Never sent twice: a failure may be `ambiguous`.
   */
  create(service: string, auth: RegistryAuth, signal: AbortSignal): Promise<void>;
  /** False where there is none of this id. */
  replace(service: string, id: number, auth: RegistryAuth, signal: AbortSignal): Promise<boolean>;
  /** False where it was gone already. */
  delete(service: string, id: number, signal: AbortSignal): Promise<boolean>;
}

/** Who has logged in. */
export interface HorizonLogin {
  /** `org/user`, as in the `owner` of what this login publishes. */
  readonly id: string;
  /** Of the organization: it sees and writes what others own. False where the exchange does not tell. */
  readonly isAdmin: boolean;
}

/** Open Horizon's exchange (facts: registry APIs §6), for one organization. */
export interface HorizonClient {
  /** The exchange's URL with its `/v1`, for messages. */
  readonly endpoint: string;
  readonly org: string;
  /** `org/user`. */
  readonly user: string;
  /** What the exchange calls who has logged in; of a login by API key the user whose key it is. */
  login(signal: AbortSignal): Promise<HorizonLogin>;
  readonly services: Publications;
  readonly patterns: Publications;
  readonly registryAuths: RegistryAuths;
  close(): Promise<void>;
}
