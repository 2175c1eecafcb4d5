/** Networks as companies have them: proxies, CAs of their own, IPv6, ways to log in to a cluster; and where no credential may go. */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SecretObject } from "../../lib/clients/kubernetes/client";
import type { ObjectValue } from "../../lib/provider/framework/value";
import { createUserKubeconfig, DEDICATED, SEEDED_TOKEN } from "../../sandbox";
import { createAuthority, issueCertificate, type KeyPair } from "../../sandbox/certificates";
import { startTestServer, type TestServer } from "../clients/test-server";
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from "../support/connect-proxy";
import { type Forwarder, startForwarder } from "../support/forwarder";
import { HAS_IPV6, withIPv6 } from "../support/ipv6";
import { accessHcl, CREATE_FIRST, SECRET_NAME } from "./support/access-hcl";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, openBluemix } from "./support/emulator";
import { createFolder, type KubeconfigParts, partsOf, removeFolder, writeConfig, writeKubeconfig } from "./support/kubeconfig";
import { type Answer, type RunningProvider, startProvider } from "./support/provider";
import { createStack, expectWell, removeStack } from "./support/terraform";

jest.setTimeout(120_000);

const signal = AbortSignal.timeout(600_000);
/** Whoever the API server takes the caller for has no rights here: its refusal names them. */
const NAMESPACE = "team-a";
/** Where Terraform's own run writes. */
const TARGET = "team-b";
const ROBOT = `system:serviceaccount:${NAMESPACE}:robot`;

let cluster: Cluster;
let bluemix: Bluemix;
let folder: string;
let parts: KubeconfigParts;
/** PEM of the sandbox's CA, and the file that it lies in. */
let ca: string;
let authority: KeyPair;
let robotToken: string;
const open: { close(): Promise<void> }[] = [];
const providers: RunningProvider[] = [];

/** A token of a ServiceAccount; one that is bound to a Secret ends with it. */
async function tokenOf(account: string, bound?: { readonly name: string; readonly uid: string }): Promise<string> {
  const boundObjectRef = bound && { apiVersion: "v1", kind: "Secret", ...bound };
  const answer = await cluster.client.create<{ metadata: { name: string }; status?: { token: string } }>(
    { apiVersion: "v1", resource: `serviceaccounts/${account}/token`, namespace: NAMESPACE },
    { metadata: { name: account }, spec: { expirationSeconds: 3600, boundObjectRef } } as never,
    {},
    signal,
  );
  return answer.status?.token ?? "";
}

beforeAll(async () => {
  cluster = await startCluster("networks");
  bluemix = openBluemix(cluster.state);
  folder = createFolder();
  parts = partsOf(cluster);
  ca = readFileSync(cluster.state.caFile, "utf8");
  authority = { certificate: ca, key: readFileSync(cluster.state.caFile.replace(/\.crt$/, ".key"), "utf8") };
  await Promise.all([NAMESPACE, TARGET].map((namespace) => cluster.createNamespace(namespace)));
  await cluster.create("serviceaccounts", { metadata: { name: "robot", namespace: NAMESPACE } });
  robotToken = await tokenOf("robot");
});
afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.stop()));
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(async () => {
  removeFolder(folder);
  await cluster?.stop();
});

interface Setting {
  /** The provider's `kubernetes`. @default - none */
  readonly kubernetes?: ObjectValue;
  /** Attributes of the issuer `dedicated`. @default - it logs in by the API key, at its TLS port */
  readonly issuer?: ObjectValue;
  readonly env?: { readonly [name: string]: string };
}

async function start({ kubernetes, issuer, env }: Setting): Promise<RunningProvider> {
  const url = cluster.state.bluemix.regions.dedicated.tlsUrl;
  const usual = { api_endpoint: url, registry_endpoint: url, hosts: [...DEDICATED.hosts], organization: "acme" };
  const dedicated = { bluemix: { ...usual, api_key_env: "BLUEMIX_API_KEY", ...issuer } };
  const config = { owner: "tests/networks", kubernetes: kubernetes ?? null, issuers: { dedicated } };
  const provider = await startProvider(config, { ...bluemix.env, ...env });
  providers.push(provider);
  return provider;
}

/** Whom the API server takes the provider for; what it says where it does not get so far. */
async function whoami(setting: Setting): Promise<unknown> {
  return identityIn(await (await start(setting)).readCluster(NAMESPACE));
}

function identityIn({ problems, value }: Answer): unknown {
  if (value !== undefined) return "administrator";
  const [, user] = /User "([^"]+)" cannot get resource "secrets"/.exec(problems[0]?.detail ?? "") ?? [];
  return user ?? problems;
}

/** What the issuer's list comes to. */
async function tokens(setting: Setting): Promise<unknown> {
  const { problems, value } = await (await start(setting)).readTokens(SEEDED_TOKEN);
  return value === undefined ? problems : value.description;
}

async function startProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(options);
  open.push(proxy);
  return proxy;
}

const hostOf = (url: string) => new URL(url).host;
const kubeconfig = (cluster: object = {}, user: object = parts.user) =>
  writeKubeconfig(folder, { cluster: { ...parts.cluster, ...cluster }, user: { ...user } });

describe("networks: a proxy", () => {
  /** Names that only the proxy knows, as behind a company's. */
  const named = () => ({
    hosts: {
      "kubernetes.default.svc:6443": hostOf(cluster.state.apiServer),
      "api.acme.example.com:443": hostOf(cluster.state.bluemix.regions.dedicated.tlsUrl),
      "registry.acme.example.com:443": hostOf(cluster.state.bluemix.regions.dedicated.tlsUrl),
    },
  });
  const byName = { api_endpoint: "https://api.acme.example.com", registry_endpoint: "https://registry.acme.example.com" };
  const inside = () => ({ config_path: kubeconfig({ server: "https://kubernetes.default.svc:6443" }) });

  it("all that Terraform's run sends goes through it, with its user name and password, which nobody sees", async () => {
    const password = randomBytes(12).toString("hex");
    const proxy = await startProxy({ ...named(), login: `ada:${password}` });
    const { BLUEMIX_API_KEY } = bluemix.env;
    const stack = await createStack("networks", {
      BLUEMIX_DEDICATED_API_KEY: BLUEMIX_API_KEY,
      HTTPS_PROXY: proxy.url.replace("//", `//ada:${password}@`),
      SSL_CERT_FILE: cluster.state.caFile,
      TF_LOG_PROVIDER: "TRACE",
    });
    const trace = join(stack.folder, "trace.log");
    stack.env.TF_LOG_PATH = trace;
    const url = cluster.state.bluemix.regions.dedicated.url;
    const hcl = accessHcl(cluster, {
      owner: "tests/networks",
      namespaces: [TARGET],
      kubernetes: `{ config_path = ${JSON.stringify(inside().config_path)} }`,
      token: CREATE_FIRST,
    });
    stack.write(
      hcl
        .replace(/(api_endpoint\s*=) .*/, `$1 ${JSON.stringify(byName.api_endpoint)}`)
        .replace(/(registry_endpoint\s*=) .*/, `$1 ${JSON.stringify(byName.registry_endpoint)}`),
    );
    expect(hcl).toContain(url);
    try {
      const applied = expectWell(await stack.apply());
      const planned = expectWell(await stack.plan());
      expect(planned.changes).toEqual({});
      expect(await cluster.dockerConfig(TARGET, SECRET_NAME)).toMatchObject({ auths: { [DEDICATED.hosts[0]]: {} } });
      const destroyed = expectWell(await stack.destroy());
      const login = `ada:${password}`;
      expect(new Set(proxy.asked.map((request) => JSON.stringify(request)))).toEqual(
        new Set(Object.keys(named().hosts).map((target) => JSON.stringify({ method: "CONNECT", target, login }))),
      );
      const seen = [...[applied, planned, destroyed].map(({ output }) => output), readFileSync(trace, "utf8")].join("\n");
      expect(seen).toContain("https://api.acme.example.com/v2/info: 200");
      expect([password, Buffer.from(login).toString("base64")].filter((secret) => seen.includes(secret))).toEqual([]);
    } finally {
      removeStack(stack);
    }
  });

  const ways: { readonly [name: string]: (proxy: string) => Setting } = {
    "the attribute proxy_url": (proxy_url) => ({ kubernetes: { ...inside(), proxy_url } }),
    KUBE_PROXY_URL: (url) => ({ kubernetes: inside(), env: { KUBE_PROXY_URL: url } }),
    "proxy-url of the kubeconfig": (url) => ({
      kubernetes: { config_path: kubeconfig({ server: "https://kubernetes.default.svc:6443", "proxy-url": url }) },
    }),
    https_proxy: (url) => ({ kubernetes: inside(), env: { https_proxy: url } }),
    ALL_PROXY: (url) => ({ kubernetes: inside(), env: { ALL_PROXY: url } }),
  };
  it.each(Object.entries(ways))("by %s", async (_, setting) => {
    const proxy = await startProxy(named());
    expect(await whoami(setting(proxy.url))).toBe("administrator");
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(["kubernetes.default.svc:6443"]));
  });

  it("by TLS, with a CA of its own in SSL_CERT_FILE, for cluster and issuer", async () => {
    const company = await createAuthority("company");
    const made = await issueCertificate(company, { commonName: "proxy", hosts: ["127.0.0.1"] });
    const proxy = await startProxy({ ...named(), tls: { cert: made.certificate, key: made.key } });
    const bundle = join(folder, "company.pem");
    writeFileSync(bundle, company.certificate);
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: bundle };
    expect(await whoami({ kubernetes: inside(), env })).toBe("administrator");
    expect(await tokens({ issuer: { ...byName, ca_certificate: ca }, env })).toBe(SEEDED_TOKEN);
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(Object.keys(named().hosts)));
  });

  it("loopback never, and not what NO_PROXY names", async () => {
    const proxy = await startProxy(named());
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: cluster.state.caFile, NO_PROXY: "10.0.0.0/8, .acme.example.com,.svc" };
    const here = { kubernetes: { config_path: cluster.state.kubeconfig }, env };
    expect([await whoami(here), await tokens(here)]).toEqual(["administrator", SEEDED_TOKEN]);
    // Without the proxy nobody knows these names.
    const unknown = (host: string) => [
      { summary: "Unreachable", detail: expect.stringContaining(`${host} can't be reached: its name is not known here`) },
    ];
    expect(await whoami({ kubernetes: inside(), env })).toMatchObject(unknown("kubernetes.default.svc:6443"));
    expect(await tokens({ issuer: byName, env })).toMatchObject(unknown("api.acme.example.com:443"));
    expect(proxy.asked).toEqual([]);
  });

  const failing: { readonly [name: string]: [options: ConnectProxyOptions | undefined, words: (target: string) => string] } = {
    "refuses the login (407)": [
      { login: "ada:other" },
      () =>
        '(HTTPS_PROXY) does not accept its user name and password, or was given none (407). Put them into HTTPS_PROXY, before the host: the user name, ":", the password and "@".',
    ],
    "refuses the target (403)": [
      { refuse: 403 },
      (target) => `(HTTPS_PROXY) does not let this machine connect to ${target} (403). Have it allowed there, or name`,
    ],
    "can't reach the target (502)": [{ refuse: 502 }, (target) => `(HTTPS_PROXY) could not connect to ${target} (502).`],
    "is down": [
      undefined,
      () => "(HTTPS_PROXY) refuses connections: nothing listens there (ECONNREFUSED). Correct HTTPS_PROXY, or name",
    ],
  };
  it.each(Object.entries(failing))("fails when it %s, and names it", async (_, [options, words]) => {
    const { url, close } = await startConnectProxy(options);
    if (options === undefined) await close();
    else open.push({ close });
    const env = { HTTPS_PROXY: url.replace("//", "//ada:marker@") };
    const said = (target: string) => [
      {
        summary: "Unreachable",
        detail: expect.stringMatching(new RegExp(`the proxy ${literally(hostOf(url))} ${literally(words(target))}`)),
      },
    ];
    const provider = await start({ kubernetes: inside(), issuer: byName, env });
    const answers = [await provider.readCluster(NAMESPACE), await provider.readTokens(SEEDED_TOKEN)];
    expect(answers.map(({ problems }) => problems)).toMatchObject([
      said("kubernetes.default.svc:6443"),
      said("api.acme.example.com:443"),
    ]);
    expect(`${JSON.stringify(answers)}${provider.log()}`).not.toContain("marker");
  });

  it("fails when it is a SOCKS proxy, or has no address", async () => {
    const env = { ALL_PROXY: "socks5://ada:marker@proxy:1080" };
    expect(await whoami({ kubernetes: inside(), env })).toMatchObject([
      {
        summary: "Invalid configuration",
        detail: expect.stringContaining('ALL_PROXY is a SOCKS proxy ("socks5://"), which is not supported'),
      },
    ]);
    expect(await whoami({ kubernetes: { ...inside(), proxy_url: "proxy:3128" } })).toMatchObject([
      {
        summary: "Invalid configuration",
        detail: expect.stringContaining("The address of the proxy in proxy_url has no scheme."),
      },
    ]);
  });
});

describe("networks: certificates of an issuer", () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const trusted: { readonly [name: string]: () => Setting } = {
    "by ca_certificate": () => ({ issuer: { ca_certificate: ca } }),
    "by SSL_CERT_FILE": () => ({ env: { SSL_CERT_FILE: cluster.state.caFile } }),
    "by SSL_CERT_DIR": () => {
      mkdirSync(join(folder, "certs"));
      file("certs/company.crt", ca);
      return { env: { SSL_CERT_DIR: `/nowhere:${join(folder, "certs")}` } };
    },
    "by NODE_EXTRA_CA_CERTS": () => ({ env: { NODE_EXTRA_CA_CERTS: cluster.state.caFile } }),
  };
  it.each(Object.entries(trusted))("are trusted %s", async (_, setting) => {
    expect(await tokens(setting())).toBe(SEEDED_TOKEN);
  });

  const failing: { readonly [name: string]: [() => Setting, summary: string, detail: string] } = {
    "the CA is not known": [
      () => ({}),
      "Certificate not trusted",
      "Give its CA certificate as PEM in ca_certificate, or name a file with it in the environment variable SSL_CERT_FILE.",
    ],
    "ca_certificate is another": [
      () => ({ issuer: { ca_certificate: otherCa } }),
      "Certificate not trusted",
      "is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Give its CA certificate as PEM in ca_certificate",
    ],
    "ca_certificate is damaged": [
      () => ({ issuer: { ca_certificate: ca.slice(0, 200) } }),
      "Invalid configuration",
      "can't be read (certificate 1 of 1 in it is damaged)",
    ],
    "SSL_CERT_FILE is missing": [
      () => ({ env: { SSL_CERT_FILE: "/nowhere/ca.pem" } }),
      "Invalid configuration",
      'SSL_CERT_FILE names "/nowhere/ca.pem", which can\'t be read (ENOENT). Name a file of PEM certificates, or unset it.',
    ],
    "SSL_CERT_FILE is none": [
      () => ({ env: { SSL_CERT_FILE: file("none.pem", "hello") } }),
      "Invalid configuration",
      "which can't be read (no certificate in it).",
    ],
    "SSL_CERT_DIR is missing": [
      () => ({ env: { SSL_CERT_DIR: "/nowhere" } }),
      "Invalid configuration",
      'SSL_CERT_DIR names "/nowhere", which can\'t be read (ENOENT). Name folders of PEM certificates, or unset it.',
    ],
  };
  let otherCa: string;
  beforeAll(async () => {
    otherCa = (await createAuthority("other")).certificate;
  });
  it.each(Object.entries(failing))("fails when %s", async (_, [setting, summary, detail]) => {
    expect(await tokens(setting())).toEqual([{ summary, path: "issuer", detail: expect.stringContaining(detail) }]);
  });

  const served: { readonly [name: string]: [subject: { hosts: readonly string[]; validTo?: Date }, detail: string] } = {
    "it has expired": [
      { hosts: ["127.0.0.1"], validTo: new Date(Date.now() - 60_000) },
      "has expired (CERT_HAS_EXPIRED). It has to be renewed there.",
    ],
    "it is for another name": [
      { hosts: ["other.example.com"] },
      "is for another name than 127.0.0.1 (ERR_TLS_CERT_ALTNAME_INVALID). Use a name that it is for",
    ],
  };
  it.each(Object.entries(served))("fails when %s, at the issuer and at the API server", async (_, [subject, detail]) => {
    const { certificate, key } = await issueCertificate(authority, { commonName: "s", ...subject });
    const server = await startTestServer(() => ({ json: {} }), { cert: certificate, key });
    open.push(server);
    const setting = {
      kubernetes: { config_path: kubeconfig({ server: server.url }) },
      issuer: { api_endpoint: server.url, ca_certificate: ca },
    };
    const said = [{ summary: "Certificate not trusted", detail: expect.stringContaining(detail) }];
    expect(await tokens(setting)).toMatchObject(said);
    expect(await whoami(setting)).toMatchObject(said);
    expect(server.received).toEqual([]);
  });
});

(HAS_IPV6 ? describe : describe.skip)(withIPv6("networks: IPv6"), () => {
  const forward = async (url: string): Promise<Forwarder> => {
    const forwarder = await startForwarder("::1", hostOf(url));
    open.push(forwarder);
    return forwarder;
  };

  it("reaches API server and issuer at [::1], and writes a registry host with an address and a port", async () => {
    const api = await forward(cluster.state.apiServer);
    const issuer = await forward(cluster.state.bluemix.regions.dedicated.tlsUrl);
    const url = `https://[::1]:${issuer.port}`;
    const setting = {
      kubernetes: { config_path: kubeconfig({ server: `https://[::1]:${api.port}` }) },
      issuer: { api_endpoint: url, registry_endpoint: url, hosts: ["[::1]:5000"], ca_certificate: ca },
      // Loopback is loopback in IPv6 too: this proxy is not there.
      env: { HTTPS_PROXY: "http://127.0.0.1:1" },
    };
    expect([await whoami(setting), await tokens(setting)]).toEqual(["administrator", SEEDED_TOKEN]);
    const provider = await start({ ...setting, env: { REGISTRY_SIX: "p" } });
    const registries = [{ hosts: ["[fd00::5]:5000", "[::1]"], username: "u", password_env: "REGISTRY_SIX" }];
    expect((await provider.planPullSecret({ name: "pull", namespaces: [NAMESPACE], registries })).problems).toEqual([]);
  });

  it("goes through a proxy at [::1] to an address of IPv6", async () => {
    const proxy = await startProxy({ address: "::1", hosts: { "[fd00::7]:6443": hostOf(cluster.state.apiServer) } });
    const config_path = kubeconfig({ server: "https://[fd00::7]:6443", "tls-server-name": "kubernetes" });
    const env = { HTTPS_PROXY: proxy.url };
    expect(await whoami({ kubernetes: { config_path }, env })).toBe("administrator");
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(["[fd00::7]:6443"]));
  });

  it("in a Pod of an IPv6 cluster", async () => {
    const api = await forward(cluster.state.apiServer);
    const env = { KUBERNETES_SERVICE_HOST: "::1", KUBERNETES_SERVICE_PORT: String(api.port), ...mounted() };
    expect(await whoami({ env })).toBe(ROBOT);
  });
});

/** What the kubelet mounts into a Pod. */
function mounted(token: string = robotToken): { readonly REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: string } {
  const mount = join(folder, `mount-${randomBytes(4).toString("hex")}`);
  mkdirSync(mount);
  writeFileSync(join(mount, "token"), token);
  writeFileSync(join(mount, "ca.crt"), ca);
  return { REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: mount };
}

describe("networks: logging in to the cluster", () => {
  /** A plugin that prints what its environment variable PRINT says, beside its first argument. */
  function plugin(script: string): string {
    const name = `plugin-${createHash("sha256").update(script).digest("hex").slice(0, 8)}`;
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o700);
    return name;
  }
  const credential = (version: string, status: object) =>
    JSON.stringify({ apiVersion: `client.authentication.k8s.io/${version}`, kind: "ExecCredential", status });
  const exec = (version: string, script: string, more: object = {}) => ({
    exec: {
      apiVersion: `client.authentication.k8s.io/${version}`,
      command: `./${plugin(script)}`,
      interactiveMode: "Never",
      ...more,
    },
  });
  const pem = (data: unknown) => Buffer.from(String(data), "base64").toString("utf8");

  const ways: { readonly [name: string]: [() => Setting | Promise<Setting>, who: string] } = {
    "a client certificate within": [() => ({ kubernetes: { config_path: kubeconfig() } }), "administrator"],
    "a client certificate in files beside it": [
      () => {
        writeFileSync(join(folder, "ca.crt"), ca);
        writeFileSync(join(folder, "client.crt"), pem(parts.user["client-certificate-data"]));
        writeFileSync(join(folder, "client.key"), pem(parts.user["client-key-data"]));
        const config_path = writeKubeconfig(folder, {
          cluster: { server: cluster.state.apiServer, "certificate-authority": "ca.crt" },
          user: { "client-certificate": "client.crt", "client-key": "client.key" },
        });
        return { kubernetes: { config_path } };
      },
      "administrator",
    ],
    "the client certificate of somebody without rights": [
      async () => ({ kubernetes: { config_path: await createUserKubeconfig(cluster.state, { name: "nobody" }) } }),
      "nobody",
    ],
    "a token within": [() => ({ kubernetes: { config_path: kubeconfig({}, { token: robotToken }) } }), ROBOT],
    "a token in place of the kubeconfig's certificate": [
      () => ({ kubernetes: { config_path: kubeconfig(), token: robotToken } }),
      ROBOT,
    ],
    "KUBE_HOST, KUBE_TOKEN and KUBE_CLUSTER_CA_CERT_DATA": [
      () => ({ env: { KUBE_HOST: cluster.state.apiServer, KUBE_TOKEN: robotToken, KUBE_CLUSTER_CA_CERT_DATA: ca } }),
      ROBOT,
    ],
    "a Pod's ServiceAccount, where nothing else is set": [
      () => {
        const { hostname, port } = new URL(cluster.state.apiServer);
        return { env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, ...mounted() } };
      },
      ROBOT,
    ],
    "a kubeconfig, in a Pod": [
      () => ({ kubernetes: { config_path: kubeconfig() }, env: { KUBERNETES_SERVICE_HOST: "127.0.0.1", ...mounted() } }),
      "administrator",
    ],
    impersonation: [() => ({ kubernetes: { config_path: kubeconfig({}, { ...parts.user, as: "ada" }) } }), "ada"],
    "impersonation with groups": [
      () => ({ kubernetes: { config_path: kubeconfig({}, { ...parts.user, as: "ada", "as-groups": ["system:masters"] }) } }),
      "administrator",
    ],
    "another name of the API server's certificate": [
      () => ({ kubernetes: { config_path: kubeconfig({ "tls-server-name": "kubernetes.default.svc" }) } }),
      "administrator",
    ],
    "a certificate that is not verified, since that was asked for": [
      () => {
        const config_path = writeKubeconfig(folder, {
          cluster: { server: cluster.state.apiServer, "insecure-skip-tls-verify": true },
          user: parts.user,
        });
        return { kubernetes: { config_path } };
      },
      "administrator",
    ],
    "files that are merged (KUBE_CONFIG_PATHS)": [
      () => {
        const context = { cluster: "c", user: "u" };
        const files = [
          writeConfig(folder, "a", { "current-context": "x", contexts: [{ name: "x", context }] }),
          writeConfig(folder, "b", { "current-context": "y", clusters: [{ name: "c", cluster: parts.cluster }] }),
          writeConfig(folder, "c", {
            clusters: [{ name: "c", cluster: { server: "https://nowhere.invalid" } }],
            users: [{ name: "u", user: { token: robotToken } }],
          }),
        ];
        return { env: { KUBE_CONFIG_PATHS: files.join(":") } };
      },
      ROBOT,
    ],
    "an exec plugin, v1": [
      () => ({
        kubernetes: { config_path: kubeconfig({}, exec("v1", `echo '${credential("v1", { token: robotToken })}'`)) },
      }),
      ROBOT,
    ],
    "an exec plugin, v1beta1, with arguments and environment": [
      () => {
        const script = `[ "$1 $2" = "get token" ] && echo "$PRINT"`;
        const env = [{ name: "PRINT", value: credential("v1beta1", { token: robotToken }) }];
        return { kubernetes: { config_path: kubeconfig({}, exec("v1beta1", script, { args: ["get", "token"], env })) } };
      },
      ROBOT,
    ],
    "an exec plugin that is told of the cluster": [
      () => {
        const token = credential("v1", { token: robotToken });
        const script = `case "$KUBERNETES_EXEC_INFO" in *'"server":"${cluster.state.apiServer}"'*'"audience":"prod"'*) echo '${token}';; esac`;
        const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "prod" } }];
        return { kubernetes: { config_path: kubeconfig({ extensions }, exec("v1", script, { provideClusterInfo: true })) } };
      },
      ROBOT,
    ],
    "an exec plugin that brings a client certificate": [
      () => {
        const status = {
          clientCertificateData: pem(parts.user["client-certificate-data"]),
          clientKeyData: pem(parts.user["client-key-data"]),
          expirationTimestamp: new Date(Date.now() + 3600_000).toISOString(),
        };
        writeFileSync(join(folder, "printed"), credential("v1", status));
        return { kubernetes: { config_path: kubeconfig({}, exec("v1", `cat '${join(folder, "printed")}'`)) } };
      },
      "administrator",
    ],
    "an exec plugin of the provider's own": [
      () => {
        const command = join(folder, plugin('echo "$PRINT"'));
        const env = { PRINT: credential("v1", { token: robotToken }) };
        const own = { api_version: "client.authentication.k8s.io/v1", command, args: [], env };
        return { kubernetes: { config_path: kubeconfig(), exec: own } };
      },
      ROBOT,
    ],
  };
  it.each(Object.entries(ways))("by %s", async (_, [setting, who]) => {
    expect(await whoami(await setting())).toBe(who);
  });

  it("an exec plugin is asked again once its credential has expired", async () => {
    const soon = () => new Date(Date.now() - 1_000).toISOString();
    const file = join(folder, "expiring");
    writeFileSync(file, credential("v1", { token: robotToken, expirationTimestamp: soon() }));
    const provider = await start({ kubernetes: { config_path: kubeconfig({}, exec("v1", `cat '${file}'`)) } });
    expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(ROBOT);
    await cluster.create("serviceaccounts", { metadata: { name: "second", namespace: NAMESPACE } });
    writeFileSync(file, credential("v1", { token: await tokenOf("second") }));
    expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(`system:serviceaccount:${NAMESPACE}:second`);
  });

  it("a token file that rotates: the new token is used within the run, once the old one is refused", async () => {
    const holder = await cluster.create<SecretObject>("secrets", { metadata: { name: "holder", namespace: NAMESPACE } });
    const file = join(folder, "token");
    writeFileSync(file, await tokenOf("robot", { name: "holder", uid: holder.metadata.uid ?? "" }));
    const provider = await start({ kubernetes: { config_path: kubeconfig({}, { tokenFile: "token" }) } });
    expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(ROBOT);
    await cluster.delete("secrets", NAMESPACE, "holder");
    // The API server remembers a token that it took for some seconds.
    const refused = async (): Promise<Answer> => {
      const answer = await provider.readCluster(NAMESPACE);
      if (identityIn(answer) !== ROBOT) return answer;
      return sleep(500).then(refused);
    };
    const source = `user "test" of the kubeconfig`;
    expect(identityIn(await refused())).toMatchObject([
      {
        summary: "Login refused",
        detail: expect.stringContaining(
          `The API server does not accept the credential of ${source}: it is wrong, or has expired.`,
        ),
      },
    ]);
    writeFileSync(file, `${robotToken}\n`);
    expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(ROBOT);
  });

  const failing: { readonly [name: string]: [user: () => object, summary: string, detail: RegExp] } = {
    "the exec plugin is missing": [
      () => ({
        exec: { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-plugin", installHint: "Install it with brew." },
      }),
      "Invalid configuration",
      /The exec plugin "no-such-plugin" can't be started \(ENOENT\)\. Install it with brew\./,
    ],
    "the exec plugin fails": [
      () => exec("v1", "echo session expired >&2; exit 3"),
      "Login refused",
      /The exec plugin ".*" failed with exit code 3: session expired/,
    ],
    "the exec plugin prints rubbish": [
      () => exec("v1", "echo marker-rubbish"),
      "Unexpected answer",
      /The exec plugin ".*" did not print an ExecCredential with a token or a client certificate\./,
    ],
    "the exec plugin prints without end": [
      () => exec("v1", "exec yes marker-rubbish"),
      "Unexpected answer",
      /The exec plugin ".*" printed more than 1048576 characters, and was ended\./,
    ],
    "the exec plugin wants a terminal": [
      () => exec("v1", "exit 0", { interactiveMode: "Always" }),
      "Invalid configuration",
      /The exec plugin ".*" wants a terminal \(interactiveMode: Always\), and a provider has none\./,
    ],
    "the exec plugin speaks another version": [
      () => exec("v1", `echo '${credential("v1beta1", { token: "marker-token" })}'`),
      "Unexpected answer",
      /is configured for "client\.authentication\.k8s\.io\/v1", and answered in "client\.authentication\.k8s\.io\/v1beta1"\. Set that one\./,
    ],
    "the token file is missing": [
      () => ({ tokenFile: "no-such-file" }),
      "Invalid configuration",
      /The token file ".*no-such-file" of user "test" of the kubeconfig can't be read \(ENOENT\)\./,
    ],
    "a client certificate is of another CA": [
      () => ({ "client-certificate-data": otherUser.certificate, "client-key-data": otherUser.key }),
      "Login refused",
      /does not accept|401 Unauthorized/,
    ],
  };
  let otherUser: { readonly certificate: string; readonly key: string };
  beforeAll(async () => {
    const made = await issueCertificate(await createAuthority("other"), { commonName: "ada", organizations: ["system:masters"] });
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    otherUser = { certificate: base64(made.certificate), key: base64(made.key) };
  });
  it.each(Object.entries(failing))("fails when %s", async (_, [user, summary, detail]) => {
    const provider = await start({ kubernetes: { config_path: kubeconfig({}, user()) } });
    const { problems } = await provider.readCluster(NAMESPACE);
    expect(problems).toEqual([{ summary, detail: expect.stringMatching(detail) }]);
    expect(`${JSON.stringify(problems)}${provider.log()}`).not.toContain("marker");
  });

  it("fails when the exec plugin hangs, at the operation's own timeout", async () => {
    const provider = await start({ kubernetes: { config_path: kubeconfig({}, exec("v1", "sleep 600")) } });
    expect((await provider.readCluster(NAMESPACE, "2s")).problems).toMatchObject([
      { summary: "Not done in time", path: "timeouts", detail: expect.stringMatching(/^read took longer than 2s\./) },
    ]);
  });
});

describe("networks: where credentials may not go", () => {
  let thief: TestServer;
  beforeAll(async () => {
    const { certificate, key } = await issueCertificate(authority, { commonName: "thief", hosts: ["127.0.0.1"] });
    thief = await startTestServer(() => ({ json: { access_token: "t", tokens: [], resources: [] } }), { cert: certificate, key });
  });
  afterAll(() => thief?.close());

  const calls = [
    ["GET", "/v2/info"],
    ["POST", "/oauth/token"],
    ["GET", "/v2/organizations"],
    ["GET", "/api/v1/tokens"],
  ] as const;
  it.each(calls)("fails when %s %s is redirected: nothing follows", async (method, pathPrefix) => {
    const headers = { location: `${thief.url}${pathPrefix}` };
    await bluemix.control.addFault({ method, pathPrefix, status: 307, headers });
    try {
      expect(await tokens({ issuer: { ca_certificate: ca } })).toEqual([
        {
          summary: "Unexpected answer",
          path: "issuer",
          detail: expect.stringContaining(
            `307, a redirect to ${hostOf(thief.url)}. Redirects are not followed, so that a credential never reaches another host`,
          ),
        },
      ]);
    } finally {
      await bluemix.control.clearFaults();
    }
    expect(thief.received).toEqual([]);
  });

  it("fails when the API names a login elsewhere: nothing is sent there", async () => {
    const json = { authorization_endpoint: "https://login.evil.example.com", token_endpoint: "https://login.evil.example.com" };
    await bluemix.control.addFault({ method: "GET", pathPrefix: "/v2/info", status: 200, json });
    try {
      expect(await tokens({ issuer: { ca_certificate: ca } })).toMatchObject([
        {
          summary: "Unexpected answer",
          detail: expect.stringContaining("names https://login.evil.example.com to log in at. The login was not sent there"),
        },
      ]);
    } finally {
      await bluemix.control.clearFaults();
    }
  });

  it("fails when an endpoint is plain HTTP to another machine", async () => {
    expect(await tokens({ issuer: { api_endpoint: "http://api.acme.example.com" } })).toMatchObject([
      {
        detail: expect.stringContaining(
          "http://api.acme.example.com is plain HTTP: credentials would cross the network readable by anyone.",
        ),
      },
    ]);
  });
});

describe("networks: environment variables that a configuration may read", () => {
  const env = {
    AWS_SECRET_ACCESS_KEY: "marker-1",
    TF_TOKEN_app_terraform_io: "marker-2",
    TF_VAR_password: "marker-3",
    GITHUB_TOKEN: "marker-4",
    BLUEMIX_CI_KEY: "marker-5",
    registry_password: "marker-6",
    Registry_Password: "marker-7",
    REGISTRY_ACCESS_SECRET: "marker-8",
    REGISTRY_PARTNER: "good",
    PARTNER: "good",
    REGISTRY_ACCESS_PASSWORD_ENV: "PARTNER, ALSO_*",
    ALSO_THIS: "marker-9",
  };
  const registries = (password_env: string) => [{ hosts: ["registry.example.com"], username: "u", password_env }];
  let secrets = 0;
  const secret = (password_env: string) => ({
    name: `pull-${++secrets}`,
    namespaces: [NAMESPACE],
    registries: registries(password_env),
  });
  const NOT_ALLOWED = "Environment variable not allowed";
  const NO_NAME = "Invalid environment variable name";
  const forbidden: { readonly [name: string]: string } = {
    AWS_SECRET_ACCESS_KEY: NOT_ALLOWED,
    TF_TOKEN_app_terraform_io: NOT_ALLOWED,
    TF_VAR_password: NOT_ALLOWED,
    GITHUB_TOKEN: NOT_ALLOWED,
    PATH: NOT_ALLOWED,
    BLUEMIX_CI_KEY: NOT_ALLOWED,
    registry_password: NOT_ALLOWED,
    Registry_Password: NOT_ALLOWED,
    REGISTRY_: NOT_ALLOWED,
    REGISTRYX: NOT_ALLOWED,
    XREGISTRY_PARTNER: NOT_ALLOWED,
    REGISTRY_ACCESS_PASSWORD_ENV: NOT_ALLOWED,
    REGISTRY_ACCESS_SECRET: NOT_ALLOWED,
    ALSO_THIS: NOT_ALLOWED,
    constructor: NOT_ALLOWED,
    ["__proto__"]: NOT_ALLOWED,
    "ALSO_*": NO_NAME,
    "REGISTRY_/../AWS_SECRET_ACCESS_KEY": NO_NAME,
    "/proc/self/environ": NO_NAME,
    "REGISTRY_PARTNER\nAWS_SECRET_ACCESS_KEY": NO_NAME,
    " REGISTRY_PARTNER": NO_NAME,
    $REGISTRY_PARTNER: NO_NAME,
    "": NO_NAME,
  };

  it("password_env reads REGISTRY_*, and what REGISTRY_ACCESS_PASSWORD_ENV lists, and nothing else", async () => {
    const provider = await start({ env });
    const at = "registries[0].password_env";
    for (const name of ["REGISTRY_PARTNER", "PARTNER"]) {
      expect((await provider.planPullSecret(secret(name))).problems).toEqual([]);
    }
    const said = await Promise.all(Object.keys(forbidden).map((name) => provider.planPullSecret(secret(name))));
    expect(said.map(({ problems }) => problems.map(({ summary, path }) => [summary, path]))).toEqual(
      Object.values(forbidden).map((summary) => [[summary, at]]),
    );
    expect(`${JSON.stringify(said)}${provider.log()}`).not.toContain("marker");
  });

  const keys: { readonly [name: string]: [allowed: boolean] } = {
    BLUEMIX_CI_KEY: [true],
    REGISTRY_PARTNER: [true],
    AWS_SECRET_ACCESS_KEY: [false],
    TF_TOKEN_app_terraform_io: [false],
    bluemix_ci_key: [false],
  };
  it.each(Object.entries(keys))("an issuer's api_key_env of %s is read: %j", async (name, [allowed]) => {
    const answer = await tokens({ issuer: { api_key_env: name, ca_certificate: ca }, env });
    expect(answer).toMatchObject([
      allowed
        ? { summary: "Login refused", path: "issuer" }
        : { summary: NOT_ALLOWED, detail: expect.stringContaining(`${name} may not be read`) },
    ]);
    expect(JSON.stringify(answer)).not.toContain("marker");
  });
});

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
