import type { Secret } from "../../domain/secret";

/** Runs a program that prints a credential (client.authentication.k8s.io). */
export interface ExecSettings {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** What to do where the program is missing, from the kubeconfig. */
  readonly installHint?: string;
  /** Whether it is told which cluster it is for. @default - false */
  readonly provideClusterInfo?: boolean;
  /** `Always`: it can't do without a terminal, which a provider does not have. @default IfAvailable */
  readonly interactiveMode?: string;
}

/** Whom the API server is asked to take the caller for. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra: { readonly [key: string]: readonly string[] };
}

/** Who the caller is; the first of exec, token file, token, user name counts, beside a client certificate. */
export interface UserSettings {
  /** For messages: `user "admin" of the kubeconfig`, `the attribute token`. */
  readonly source: string;
  readonly clientCertificate?: string;
  readonly clientKey?: Secret;
  readonly token?: Secret;
  /** Read again within a minute: the kubelet and others rotate it. Where it can't be read and never was, `token` counts. */
  readonly tokenFile?: string;
  readonly basic?: { readonly username: string; readonly password: Secret };
  readonly exec?: ExecSettings;
  readonly impersonate?: Impersonation;
}

/** Everything needed to talk to one API server. */
export interface ClusterConnection {
  readonly server: string;
  /** The kubeconfig's context. @default - none was used */
  readonly context?: string;
  readonly ca?: string;
  readonly insecure: boolean;
  readonly serverName?: string;
  readonly proxyUrl?: string;
  /** Which kubeconfig's `proxy-url` that is. @default - it is the attribute proxy_url */
  readonly proxySetting?: string;
  /** What the kubeconfig tells an exec plugin about the cluster (extension `client.authentication.k8s.io/exec`). */
  readonly execConfig?: unknown;
  readonly user: UserSettings;
}
