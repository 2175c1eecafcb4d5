/**
 * The forges' emulator: the comments of GitHub's pull requests and of GitLab's merge requests, as their REST APIs have them, who a token
 * belongs to, and what an apply asks for: which pull request a commit was merged from, and what its pipelines left. Built from the forges' API references and what users report of them; it knows nothing of the client it serves.
 *
 * This file says what it is configured with: `main.ts` reads it as JSON, {@link startForgeEmulator} takes it as it is.
 * The configuration holds tokens: its file must be readable by its owner only.
 */
export interface ForgeEmulatorConfig {
  /** Where comments are kept over a restart (JSON, mode 0600). */
  readonly dataFile: string;
  /** Address to listen on. @default 127.0.0.1 */
  readonly address?: string;
  /** PEM files; with them each forge's port has a TLS twin. @default - plain HTTP only */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  readonly control: {
    /** Wanted in the header `x-control-secret` of every request. */
    readonly secret: string;
    /** @default 0 - a free port */
    readonly port?: number;
  };
  readonly users: readonly ForgeUser[];
  readonly projects: readonly ForgeProject[];
}

/** Somebody with tokens; the same on both forges. */
export interface ForgeUser {
  readonly id: number;
  /** `octocat`; an App's ends with `[bot]`. */
  readonly login: string;
  /** Tokens by what they are; each is unique. */
  readonly tokens: readonly ForgeToken[];
}

/** A token, and what it may do. */
export interface ForgeToken {
  readonly value: string;
  /** `user`: a personal or project access token. `installation`: an App's or a workflow's, which may not ask GitHub's `/user`. `job`: GitLab's CI_JOB_TOKEN. */
  readonly kind: "user" | "installation" | "job";
  /** `none` sees no private project: 404. */
  readonly access: "none" | "read" | "write";
}

/** A repository or project with its pull requests. */
export interface ForgeProject {
  /** GitLab's. */
  readonly id: number;
  /** `acme/infra`. */
  readonly path: string;
  /** Numbers of its pull requests and merge requests. */
  readonly numbers: readonly number[];
}
