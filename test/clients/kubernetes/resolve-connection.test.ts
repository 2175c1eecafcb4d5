import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesSettings } from "../../../lib/clients/kubernetes/client";
import { resolveConnection } from "../../../lib/clients/kubernetes/resolve-connection";
import { Secret } from "../../../lib/domain/secret";
import { NO_SETTINGS } from "./settings";

let folder: string;
let main: string;
let more: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  await mkdir(join(folder, "pki"));
  await writeFile(join(folder, "pki/ca.crt"), "CA OF A FILE");
  main = join(folder, "config");
  await writeFile(
    main,
    `apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster: {server: "https://dev:6443", certificate-authority: pki/ca.crt, tls-server-name: kubernetes, proxy-url: "http://proxy:1"}
- name: both
  cluster: {server: "https://first"}
- name: six
  cluster:
    server: "https://[fd00::1]:6443"
    extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: prod}}]
- name: nowhere
  cluster: {}
users:
- name: certificate
  user: {client-certificate-data: ${Buffer.from("CERT").toString("base64")}, client-key-data: ${Buffer.from("KEY").toString("base64")}}
- name: token
  user: {token: marker-token, as: somebody}
- name: others
  user: {token: marker-token, as: somebody, as-uid: u1, as-groups: [a, b], as-user-extra: {example.com/scopes: [x, y]}}
- name: nobody
  user: {token: marker-token, as-groups: [a]}
- name: plugin
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/plugin, args: [a], env: [{name: N, value: v}], installHint: Get it., interactiveMode: Never}}
- name: old
  user: {auth-provider: {name: gcp}}
contexts:
- name: dev
  context: {cluster: dev, user: certificate}
- name: plugin
  context: {cluster: both, user: plugin}
- name: old
  context: {cluster: both, user: old}
- name: empty
  context: {cluster: nowhere, user: token}
`,
  );
  more = join(folder, "more");
  await writeFile(
    more,
    `current-context: more
clusters: [{name: both, cluster: {server: "https://second"}}]
users: [{name: file, user: {tokenFile: tokens/t}}]
contexts: [{name: more, context: {cluster: both, user: file}}]
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const resolve = (settings: Partial<KubernetesSettings>, env = {}) => resolveConnection({ ...NO_SETTINGS, ...settings }, env);

describe("resolveConnection", () => {
  test("reads the current context", async () => {
    expect(await resolve({ configPaths: [main] })).toEqual({
      server: "https://dev:6443",
      context: "dev",
      ca: "CA OF A FILE",
      insecure: false,
      serverName: "kubernetes",
      proxyUrl: "http://proxy:1",
      proxySetting: `proxy-url of cluster "dev" of the kubeconfig ${JSON.stringify(main)}`,
      user: { source: 'user "certificate" of the kubeconfig', clientCertificate: "CERT", clientKey: expect.any(Secret) },
    });
  });

  test("takes another context's cluster and user by name", async () => {
    const connection = await resolve({ configPaths: [main], configContextCluster: "both", configContextAuthInfo: "token" });
    expect(connection).toEqual({
      server: "https://first",
      insecure: false,
      user: {
        source: 'user "token" of the kubeconfig',
        token: expect.any(Secret),
        impersonate: { user: "somebody", groups: [], extra: {} },
      },
    });
  });

  test("reads whom to impersonate, also for a login beside the kubeconfig", async () => {
    for (const beside of [{}, { token: "t" }]) {
      const { user } = await resolve({ configPaths: [main], configContextAuthInfo: "others", ...beside });
      expect(user.impersonate).toEqual({
        user: "somebody",
        uid: "u1",
        groups: ["a", "b"],
        extra: { "example.com/scopes": ["x", "y"] },
      });
    }
  });

  test("merges several files, the first of a name counts, file names are relative to their own file", async () => {
    expect(await resolve({ configPaths: [main, more], configContext: "more" })).toEqual({
      server: "https://first",
      context: "more",
      insecure: false,
      user: { source: 'user "file" of the kubeconfig', tokenFile: join(folder, "tokens/t") },
    });
    expect((await resolve({ configPaths: [more, main] })).server).toBe("https://second");
  });

  test("reads an exec plugin", async () => {
    const { user } = await resolve({ configPaths: [main], configContext: "plugin" });
    expect(user.exec).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      command: join(folder, "bin/plugin"),
      args: ["a"],
      env: { N: "v" },
      installHint: "Get it.",
      interactiveMode: "Never",
    });
  });

  test("reads what a cluster of IPv6 has for an exec plugin", async () => {
    expect(await resolve({ configPaths: [main], configContextCluster: "six" })).toMatchObject({
      server: "https://[fd00::1]:6443",
      execConfig: { audience: "prod" },
    });
  });

  describe("in a Pod", () => {
    const podAt = (host: string, port?: string) => ({
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: port,
      REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: join(folder, "pki"),
    });
    const user = () => ({ source: "the Pod's ServiceAccount", tokenFile: join(folder, "pki/token") });

    test.each([
      ["10.0.0.1", "6443", "https://10.0.0.1:6443"],
      ["fd00::1", "443", "https://[fd00::1]:443"],
      ["kubernetes.default.svc", undefined, "https://kubernetes.default.svc:443"],
    ])("is %s port %s", async (host, port, server) => {
      expect(await resolve({}, podAt(host, port))).toEqual({ server, insecure: false, ca: "CA OF A FILE", user: user() });
    });

    test("single attributes win", async () => {
      const settings = { clusterCaCertificate: "PEM", token: "t" };
      expect(await resolve(settings, podAt("10.0.0.1"))).toEqual({
        server: "https://10.0.0.1:443",
        insecure: false,
        ca: "PEM",
        user: { source: "the provider's kubernetes attribute", token: expect.any(Secret) },
      });
    });

    test("a CA that is given takes the place of the Pod's, which need not be there", async () => {
      const env = { ...podAt("10.0.0.1"), REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: "/nowhere" };
      expect((await resolve({ clusterCaCertificate: "PEM" }, env)).ca).toBe("PEM");
    });

    test("fails when it has a token, and the CA is missing: it says so", async () => {
      const mount = join(folder, "mount");
      await mkdir(mount);
      await writeFile(join(mount, "token"), "t");
      await expect(resolve({}, { ...podAt("10.0.0.1"), REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: mount })).rejects.toMatchObject({
        code: "invalid",
        message: `No Kubernetes cluster is configured, and this Pod (KUBERNETES_SERVICE_HOST is set) has a ServiceAccount token, but the cluster's CA "${mount}/ca.crt" can't be read (ENOENT). Give the CA as PEM in cluster_ca_certificate, or set config_path (environment variable KUBE_CONFIG_PATH).`,
      });
    });

    test("a kubeconfig or a host keeps it out", async () => {
      expect((await resolve({ host: "https://h" }, podAt("10.0.0.1"))).server).toBe("https://h");
      expect((await resolve({ configPaths: [main] }, podAt("10.0.0.1"))).server).toBe("https://dev:6443");
    });
  });

  test("single attributes win, and a login beside the kubeconfig replaces its login", async () => {
    const connection = await resolve({
      configPaths: [main],
      host: "other:6443",
      token: "t",
      clusterCaCertificate: "PEM",
      insecure: true,
    });
    expect(connection).toEqual({
      server: "https://other:6443",
      ca: "PEM",
      insecure: true,
      serverName: "kubernetes",
      proxyUrl: "http://proxy:1",
      proxySetting: `proxy-url of cluster "dev" of the kubeconfig ${JSON.stringify(main)}`,
      user: { source: "the provider's kubernetes attribute", token: expect.any(Secret) },
    });
  });

  test("a host alone is enough", async () => {
    expect(await resolve({ host: "https://h", username: "u", password: "p" })).toEqual({
      server: "https://h",
      insecure: false,
      user: { source: "the provider's kubernetes attribute", basic: { username: "u", password: expect.any(Secret) } },
    });
  });

  const failures: { [name: string]: [() => Partial<KubernetesSettings>, { [name: string]: string }, () => string] } = {
    "fails when nothing is set": [
      () => ({}),
      {},
      () =>
        "No Kubernetes cluster is configured. Set config_path (environment variable KUBE_CONFIG_PATH) to a kubeconfig, or host with a token or a client certificate.",
    ],
    "fails when only KUBECONFIG is set, and says why it is not read": [
      () => ({}),
      { KUBECONFIG: "/k" },
      () =>
        "No Kubernetes cluster is configured. Set config_path (environment variable KUBE_CONFIG_PATH) to a kubeconfig, or host with a token or a client certificate. KUBECONFIG is set, but it is not read, as in hashicorp/kubernetes, so that both providers always mean the same cluster: set KUBE_CONFIG_PATH to the same file.",
    ],
    "fails when a Pod has no token": [
      () => ({}),
      { KUBERNETES_SERVICE_HOST: "10.0.0.1", REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: "/nowhere" },
      () =>
        "No Kubernetes cluster is configured, and this Pod (KUBERNETES_SERVICE_HOST is set) has no ServiceAccount token in /nowhere. Set config_path (environment variable KUBE_CONFIG_PATH), or let the Pod mount its token (automountServiceAccountToken).",
    ],
    "fails when the file is missing": [
      () => ({ configPaths: [join(folder, "none")] }),
      {},
      () =>
        `The kubeconfig "${folder}/none" can't be read (ENOENT). Name a file that exists in config_path or config_paths, or in the environment variable KUBE_CONFIG_PATH or KUBE_CONFIG_PATHS.`,
    ],
    "fails when the context does not exist": [
      () => ({ configPaths: [main], configContext: "prod" }),
      {},
      () =>
        `The kubeconfig "${main}" has no context "prod". It has: "dev", "empty", "old", "plugin". Set config_context to one of these, or name another file in config_path.`,
    ],
    "fails when the user does not exist": [
      () => ({ configPaths: [main], configContextAuthInfo: "root" }),
      {},
      () =>
        `The kubeconfig "${main}" has no user "root". It has: "certificate", "nobody", "old", "others", "plugin", "token". Set config_context_auth_info to one of these, or name another file in config_path.`,
    ],
    "fails when the cluster has no server": [
      () => ({ configPaths: [main], configContext: "empty" }),
      {},
      () => `Cluster "nowhere" of the kubeconfig "${main}" has no server. Set its server there, or the attribute host.`,
    ],
    "fails when the user logs in with an auth-provider": [
      () => ({ configPaths: [main], configContext: "old" }),
      {},
      () =>
        'User "old" of the kubeconfig logs in with the auth-provider "gcp", which kubectl has given up too. Use an exec plugin (such as kubelogin), a token or a client certificate.',
    ],
    "fails when the user has groups to impersonate, and nobody": [
      () => ({ configPaths: [main], configContextAuthInfo: "nobody" }),
      {},
      () => 'User "nobody" of the kubeconfig has as-groups without as. Set as to the user to impersonate, or take as-groups out.',
    ],
    "fails when a certificate has no key": [
      () => ({ host: "https://h", clientCertificate: "PEM" }),
      {},
      () => "The attribute client_certificate is set and client_key is not. Set both, or neither.",
    ],
  };
  test.each(Object.entries(failures))("%s", async (_, [settings, env, message]) => {
    await expect(resolve(settings(), env)).rejects.toMatchObject({ code: "invalid", message: message() });
  });

  const odd: { readonly [field: string]: string } = {
    args: "args: [[marker-token]]",
    "env (a name)": "env: [{name: {a: marker-token}, value: v}]",
    "env (a value)": "env: [{name: N, value: [marker-token]}]",
  };
  test.each(Object.entries(odd))(
    "fails when an exec plugin's %s is no text (found by fuzzing, issue 4)",
    async (field, entry) => {
      const file = join(folder, "odd");
      await writeFile(
        file,
        `current-context: c
clusters: [{name: c, cluster: {server: "https://c"}}]
users: [{name: u, user: {exec: {command: plugin, ${entry}}}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
`,
      );
      await expect(resolve({ configPaths: [file] })).rejects.toMatchObject({
        code: "invalid",
        message: `The exec plugin of user "u" of the kubeconfig has in ${field.slice(0, 4).trim()} what is no text. Put what it should say in quotes there.`,
      });
    },
  );

  test("fails when the file is no YAML, without quoting it", async () => {
    const broken = join(folder, "broken");
    await writeFile(broken, "users:\n- token: 'marker-token\n");
    const error: Error = await resolve({ configPaths: [broken] }).then(
      () => new Error("resolved"),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/^The kubeconfig ".*broken" is no YAML \(line \d+\)\. /);
    expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain("marker");
  });
});
