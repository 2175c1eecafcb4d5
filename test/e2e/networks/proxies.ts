/** Proxies as companies have them. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEDICATED, SEEDED_TOKEN } from "../../../sandbox";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { type ConnectProxyOptions, startConnectProxy } from "../../support/connect-proxy";
import { accessHcl, CREATE_FIRST, SECRET_NAME } from "../support/access-hcl";
import { createStack, expectWell, removeStack } from "../support/terraform";
import { hostOf, NAMESPACE, type Network, type Setting, TARGET } from "./network";

/** Declares the tests. */
export function testProxies(network: () => Network): void {
  describe("networks: a proxy", () => {
    /** Names that only the proxy knows, as behind a company's. */
    const named = () => ({
      hosts: {
        "kubernetes.default.svc:6443": hostOf(network().cluster.state.apiServer),
        "api.acme.example.com:443": hostOf(network().cluster.state.bluemix.regions.dedicated.tlsUrl),
        "registry.acme.example.com:443": hostOf(network().cluster.state.bluemix.regions.dedicated.tlsUrl),
      },
    });
    const byName = { api_endpoint: "https://api.acme.example.com", registry_endpoint: "https://registry.acme.example.com" };
    const inside = () => ({ config_path: network().kubeconfig({ server: "https://kubernetes.default.svc:6443" }) });

    it("all that Terraform's run sends goes through it, with its user name and password, which nobody sees", async () => {
      const password = randomBytes(12).toString("hex");
      const proxy = await network().startProxy({ ...named(), login: `ada:${password}` });
      const { BLUEMIX_API_KEY } = network().bluemix.env;
      const stack = await createStack("networks", {
        BLUEMIX_DEDICATED_API_KEY: BLUEMIX_API_KEY,
        HTTPS_PROXY: proxy.url.replace("//", `//ada:${password}@`),
        SSL_CERT_FILE: network().cluster.state.caFile,
        TF_LOG_PROVIDER: "TRACE",
      });
      const trace = join(stack.folder, "trace.log");
      stack.env.TF_LOG_PATH = trace;
      const url = network().cluster.state.bluemix.regions.dedicated.url;
      const hcl = accessHcl(network().cluster, {
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
        expect(await network().cluster.dockerConfig(TARGET, SECRET_NAME)).toMatchObject({ auths: { [DEDICATED.hosts[0]]: {} } });
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
        kubernetes: { config_path: network().kubeconfig({ server: "https://kubernetes.default.svc:6443", "proxy-url": url }) },
      }),
      https_proxy: (url) => ({ kubernetes: inside(), env: { https_proxy: url } }),
      ALL_PROXY: (url) => ({ kubernetes: inside(), env: { ALL_PROXY: url } }),
    };
    it.each(Object.entries(ways))("by %s", async (_, setting) => {
      const proxy = await network().startProxy(named());
      expect(await network().whoami(setting(proxy.url))).toBe("administrator");
      expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(["kubernetes.default.svc:6443"]));
    });

    it("by TLS, with a CA of its own in SSL_CERT_FILE, for cluster and issuer", async () => {
      const company = await createAuthority("company");
      const made = await issueCertificate(company, { commonName: "proxy", hosts: ["127.0.0.1"] });
      const proxy = await network().startProxy({ ...named(), tls: { cert: made.certificate, key: made.key } });
      const bundle = join(network().folder, "company.pem");
      writeFileSync(bundle, company.certificate);
      const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: bundle };
      expect(await network().whoami({ kubernetes: inside(), env })).toBe("administrator");
      expect(await network().tokens({ issuer: { ...byName, ca_certificate: network().ca }, env })).toBe(SEEDED_TOKEN);
      expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(Object.keys(named().hosts)));
    });

    it("loopback never, and not what NO_PROXY names", async () => {
      const proxy = await network().startProxy(named());
      const env = {
        HTTPS_PROXY: proxy.url,
        SSL_CERT_FILE: network().cluster.state.caFile,
        NO_PROXY: "10.0.0.0/8, .acme.example.com,.svc",
      };
      const here = { kubernetes: { config_path: network().cluster.state.kubeconfig }, env };
      expect([await network().whoami(here), await network().tokens(here)]).toEqual(["administrator", SEEDED_TOKEN]);
      // Without the proxy nobody knows these names.
      const unknown = (host: string) => [
        { summary: "Unreachable", detail: expect.stringContaining(`${host} can't be reached: its name is not known here`) },
      ];
      expect(await network().whoami({ kubernetes: inside(), env })).toMatchObject(unknown("kubernetes.default.svc:6443"));
      expect(await network().tokens({ issuer: byName, env })).toMatchObject(unknown("api.acme.example.com:443"));
      expect(proxy.asked).toEqual([]);
    });

    it("not what lies in a network of NO_PROXY", async () => {
      const { port } = new URL(network().cluster.state.apiServer);
      // It means this machine, and is no loopback address to anybody.
      const config_path = network().kubeconfig({ server: `https://0.0.0.0:${port}`, "tls-server-name": "kubernetes" });
      const proxy = await network().startProxy();
      const asked = async (NO_PROXY: string) => {
        proxy.forget();
        const env = { HTTPS_PROXY: proxy.url, NO_PROXY };
        expect(await network().whoami({ kubernetes: { config_path }, env })).toBe("administrator");
        return new Set(proxy.asked.map(({ target }) => target));
      };
      expect(await asked("10.0.0.0/8,1.0.0.0/8")).toEqual(new Set([`0.0.0.0:${port}`]));
      expect(await asked("10.0.0.0/8,0.0.0.0/8")).toEqual(new Set());
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
      else network().closeLater({ close });
      const env = { HTTPS_PROXY: url.replace("//", "//ada:marker@") };
      const said = (target: string) => [
        {
          summary: "Unreachable",
          detail: expect.stringMatching(new RegExp(`the proxy ${literally(hostOf(url))} ${literally(words(target))}`)),
        },
      ];
      const provider = await network().start({ kubernetes: inside(), issuer: byName, env });
      const answers = [await provider.readCluster(NAMESPACE), await provider.readTokens(SEEDED_TOKEN)];
      expect(answers.map(({ problems }) => problems)).toMatchObject([
        said("kubernetes.default.svc:6443"),
        said("api.acme.example.com:443"),
      ]);
      expect(`${JSON.stringify(answers)}${provider.log()}`).not.toContain("marker");
    });

    it("fails when it is a SOCKS proxy, or has no address", async () => {
      const env = { ALL_PROXY: "socks5://ada:marker@proxy:1080" };
      expect(await network().whoami({ kubernetes: inside(), env })).toMatchObject([
        {
          summary: "Invalid configuration",
          detail: expect.stringContaining('ALL_PROXY is a SOCKS proxy ("socks5://"), which is not supported'),
        },
      ]);
      const config_path = network().kubeconfig({ "proxy-url": "socks5://ada:marker@proxy:1080" });
      expect(await network().whoami({ kubernetes: { config_path } })).toMatchObject([
        {
          summary: "Invalid configuration",
          detail: expect.stringContaining(
            `The address of the proxy in proxy-url of cluster "test" of the kubeconfig ${JSON.stringify(config_path)} is a SOCKS proxy`,
          ),
        },
      ]);
      await expect(network().whoami({ kubernetes: { ...inside(), proxy_url: "proxy:3128" } })).rejects.toThrow(
        "kubernetes.proxy_url: The address of the proxy has no scheme.",
      );
    });
  });
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
