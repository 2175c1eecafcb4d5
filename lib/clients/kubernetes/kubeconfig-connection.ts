import { readFile } from "node:fs/promises";
import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import type { KubernetesSettings } from "./client";
import type { ClusterConnection, ExecSettings, UserSettings } from "./connection";
import { readImpersonation } from "./impersonation";
import { loadKubeconfig } from "./kubeconfig";

type Entry = { readonly [name: string]: unknown };

/** What the kubeconfig files say about the chosen context. `server` is empty where no cluster is named there, but a host is set beside. */
export async function connectionOfKubeconfig(settings: KubernetesSettings): Promise<ClusterConnection> {
  const config = await loadKubeconfig(settings.configPaths);
  const files = settings.configPaths.map((path) => JSON.stringify(path)).join(", ");
  const contextName = settings.configContext ?? config.currentContext;
  const chosen = choose(config.contexts, contextName, "context", "config_context", files);
  if (chosen === undefined && settings.configContextCluster === null && settings.host === null) {
    throw new ClientError(
      "invalid",
      `The kubeconfig ${files} has no current context. Set config_context (environment variable KUBE_CTX) to one of its contexts: ${list(config.contexts)}.`,
    );
  }
  const clusterName = settings.configContextCluster ?? text(chosen, "cluster");
  const cluster = choose(config.clusters, clusterName, "cluster", "config_context_cluster", files) ?? {};
  const userName = settings.configContextAuthInfo ?? text(chosen, "user");
  const user = choose(config.users, userName, "user", "config_context_auth_info", files) ?? {};
  const server = text(cluster, "server") ?? "";
  if (server === "" && settings.host === null) {
    throw new ClientError(
      "invalid",
      `Cluster ${JSON.stringify(clusterName ?? "")} of the kubeconfig ${files} has no server. Set its server there, or the attribute host.`,
    );
  }
  const ca = await pem(cluster, "certificate-authority");
  const serverName = text(cluster, "tls-server-name");
  const proxyUrl = text(cluster, "proxy-url");
  const execConfig = execConfigOf(cluster);
  return {
    server,
    insecure: cluster["insecure-skip-tls-verify"] === true,
    // With another cluster put in its place, a context says nothing about where we are.
    ...(contextName === undefined || settings.configContextCluster !== null ? {} : { context: contextName }),
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxyUrl === undefined
      ? {}
      : { proxyUrl, proxySetting: `proxy-url of cluster ${JSON.stringify(clusterName ?? "")} of the kubeconfig ${files}` }),
    ...(execConfig === undefined ? {} : { execConfig }),
    user: await userOf(user, userName ?? "", settings),
  };
}

async function userOf(user: Entry, name: string, settings: KubernetesSettings): Promise<UserSettings> {
  const replaced =
    settings.exec !== null || settings.token !== null || settings.username !== null || settings.clientCertificate !== null;
  if (isRecord(user["auth-provider"]) && !replaced) {
    const provider = text(user["auth-provider"], "name") ?? "";
    throw new ClientError(
      "invalid",
      `User ${JSON.stringify(name)} of the kubeconfig logs in with the auth-provider ${JSON.stringify(provider)}, which kubectl has given up too. Use an exec plugin (such as kubelogin), a token or a client certificate.`,
    );
  }
  const clientCertificate = await pem(user, "client-certificate");
  const clientKey = await pem(user, "client-key");
  const token = text(user, "token");
  const tokenFile = text(user, "tokenFile");
  const username = text(user, "username");
  const impersonate = readImpersonation(user, name);
  return {
    source: `user ${JSON.stringify(name)} of the kubeconfig`,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(clientKey === undefined ? {} : { clientKey: Secret.of(clientKey) }),
    ...(token === undefined ? {} : { token: Secret.of(token) }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(username === undefined ? {} : { basic: { username, password: Secret.of(text(user, "password") ?? "") } }),
    ...(isRecord(user.exec) ? { exec: execOf(user.exec, name) } : {}),
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}

function execOf(exec: Entry, user: string): ExecSettings {
  const env = Array.isArray(exec.env) ? exec.env.filter(isRecord) : [];
  // Only scalars: a YAML alias can name a list of lists whose text would fill the memory.
  const scalar = (value: unknown, where: string): string => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    throw new ClientError(
      "invalid",
      `The exec plugin of user ${JSON.stringify(user)} of the kubeconfig has in ${where} what is no text. Put what it should say in quotes there.`,
    );
  };
  const installHint = text(exec, "installHint");
  const interactiveMode = text(exec, "interactiveMode");
  return {
    apiVersion: text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
    command: text(exec, "command") ?? "",
    args: Array.isArray(exec.args) ? exec.args.map((argument: unknown) => scalar(argument, "args")) : [],
    env: Object.fromEntries(env.map((item) => [scalar(item.name, "env"), scalar(item.value ?? "", "env")])),
    ...(installHint === undefined ? {} : { installHint }),
    ...(exec.provideClusterInfo === true ? { provideClusterInfo: true } : {}),
    ...(interactiveMode === undefined ? {} : { interactiveMode }),
  };
}

/** The cluster's own word to exec plugins, such as an audience; kubectl hands it on unread. */
function execConfigOf({ extensions }: Entry): unknown {
  const named = Array.isArray(extensions) ? extensions.filter(isRecord) : [];
  return named.find(({ name }) => name === "client.authentication.k8s.io/exec")?.extension;
}

function choose(
  entries: ReadonlyMap<string, Entry>,
  name: string | undefined,
  what: string,
  setting: string,
  files: string,
): Entry | undefined {
  if (name === undefined || name === "") return undefined;
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw new ClientError(
    "invalid",
    `The kubeconfig ${files} has no ${what} ${JSON.stringify(name)}. It has: ${list(entries)}. Set ${setting} to one of these, or name another file in config_path.`,
  );
}

function list(entries: ReadonlyMap<string, Entry>): string {
  const names = [...entries.keys()].sort().map((name) => JSON.stringify(name));
  return names.length === 0
    ? "none"
    : names.slice(0, 20).join(", ") + (names.length > 20 ? ` and ${names.length - 20} more` : "");
}

function text(entry: Entry | undefined, name: string): string | undefined {
  const value = entry?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Inline data (base64) wins over a file, as in kubectl. */
async function pem(entry: Entry, name: string): Promise<string | undefined> {
  const data = text(entry, `${name}-data`);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const file = text(entry, name);
  if (file === undefined) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ClientError(
      "invalid",
      `The kubeconfig names ${JSON.stringify(file)} as ${name}, which can't be read (${errorCode(error)}).`,
    );
  }
}
