/** All of it over IPv6. */
import { SEEDED_TOKEN } from "../../../sandbox";
import { type Forwarder, startForwarder } from "../../support/forwarder";
import { HAS_IPV6, withIPv6 } from "../../support/ipv6";
import { hostOf, NAMESPACE, type Network, ROBOT } from "./network";

/** Declares the tests. */
export function testIPv6(network: () => Network): void {
  (HAS_IPV6 ? describe : describe.skip)(withIPv6("networks: IPv6"), () => {
    const forward = async (url: string): Promise<Forwarder> => {
      const forwarder = await startForwarder("::1", hostOf(url));
      network().closeLater(forwarder);
      return forwarder;
    };

    it("reaches API server and issuer at [::1], and writes a registry host with an address and a port", async () => {
      const api = await forward(network().cluster.state.apiServer);
      const issuer = await forward(network().cluster.state.bluemix.regions.dedicated.tlsUrl);
      const url = `https://[::1]:${issuer.port}`;
      const setting = {
        kubernetes: { config_path: network().kubeconfig({ server: `https://[::1]:${api.port}` }) },
        issuer: { api_endpoint: url, registry_endpoint: url, hosts: ["[::1]:5000"], ca_certificate: network().ca },
        // Loopback is loopback in IPv6 too: this proxy is not there.
        env: { HTTPS_PROXY: "http://127.0.0.1:1" },
      };
      expect([await network().whoami(setting), await network().tokens(setting)]).toEqual(["administrator", SEEDED_TOKEN]);
      const provider = await network().start({ ...setting, env: { REGISTRY_SIX: "p" } });
      const registries = [{ hosts: ["[fd00::5]:5000", "[::1]"], username: "u", password_env: "REGISTRY_SIX" }];
      expect((await provider.planPullSecret({ name: "pull", namespaces: [NAMESPACE], registries })).problems).toEqual([]);
    });

    it("goes through a proxy at [::1] to an address of IPv6", async () => {
      const proxy = await network().startProxy({
        address: "::1",
        hosts: { "[fd00::7]:6443": hostOf(network().cluster.state.apiServer) },
      });
      const config_path = network().kubeconfig({ server: "https://[fd00::7]:6443", "tls-server-name": "kubernetes" });
      const env = { HTTPS_PROXY: proxy.url };
      expect(await network().whoami({ kubernetes: { config_path }, env })).toBe("administrator");
      expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(["[fd00::7]:6443"]));
    });

    it("in a Pod of an IPv6 cluster", async () => {
      const api = await forward(network().cluster.state.apiServer);
      const env = { KUBERNETES_SERVICE_HOST: "::1", KUBERNETES_SERVICE_PORT: String(api.port), ...network().mounted() };
      expect(await network().whoami({ env })).toBe(ROBOT);
    });
  });
}
