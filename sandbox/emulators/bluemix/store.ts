import { randomBytes } from "node:crypto";
import { type DataFile, openDataFile } from "../http";
import type { RegistryNamespaceConfig } from "./config";

/** A registry token as the registry keeps it. */
export interface RegistryTokenRecord {
  readonly id: string;
  readonly region: string;
  readonly account: string;
  readonly owner: string;
  readonly description: string;
  readonly write: boolean;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds since 1970; null for a permanent one. */
  expiresAt: number | null;
  revoked: boolean;
  /** The JWT. */
  readonly value: string;
}

/** A registry namespace and where it is. */
export interface RegistryNamespaceRecord extends RegistryNamespaceConfig {
  readonly region: string;
}

/** Everything that outlives a restart. */
export interface StoredData {
  readonly version: 1;
  /** Base64; signs registry tokens and logins. */
  readonly signingKey: string;
  /** Logins of an older generation are no longer good. */
  loginGeneration: number;
  /** SHA-256 of one-time passcodes that were used. */
  usedPasscodes: string[];
  /** Parts of the configuration that were taken over already: what was deleted since must not come back. */
  seeded: string[];
  namespaces: RegistryNamespaceRecord[];
  tokens: RegistryTokenRecord[];
}

/** The emulator's data, in memory and in its file. */
export type Store = DataFile<StoredData>;

/** Opens the data file, or begins a new one. Throws on a file of another version. */
export function openStore(file: string): Store {
  return openDataFile(file, empty);
}

function empty(): StoredData {
  const signingKey = randomBytes(32).toString("base64");
  return { version: 1, signingKey, loginGeneration: 1, usedPasscodes: [], seeded: [], namespaces: [], tokens: [] };
}
