/** Ways to log in to a cluster. */

import { createHash } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUserKubeconfig } from "../../../sandbox";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { writeConfig, writeKubeconfig } from "../support/kubeconfig";
import { identityIn, NAMESPACE, type Network, ROBOT, type Setting } from "./network";

/** Declares the tests. */
export function testClusterLogin(network: () => Network): void {
  describe("networks: logging in to the cluster", () => {
    /** A plugin that prints what its environment variable PRINT says, beside its first argument. */
    function plugin(script: string): string {
      const name = `plugin-${createHash("sha256").update(script).digest("hex").slice(0, 8)}`;
      writeFileSync(join(network().folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(network().folder, name), 0o700);
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
      "a client certificate within": [() => ({ kubernetes: { config_path: network().kubeconfig() } }), "administrator"],
      "a client certificate in files beside it": [
        () => {
          writeFileSync(join(network().folder, "ca.crt"), network().ca);
          writeFileSync(join(network().folder, "client.crt"), pem(network().parts.user["client-certificate-data"]));
          writeFileSync(join(network().folder, "client.key"), pem(network().parts.user["client-key-data"]));
          const config_path = writeKubeconfig(network().folder, {
            cluster: { server: network().cluster.state.apiServer, "certificate-authority": "ca.crt" },
            user: { "client-certificate": "client.crt", "client-key": "client.key" },
          });
          return { kubernetes: { config_path } };
        },
        "administrator",
      ],
      "the client certificate of somebody without rights": [
        async () => ({ kubernetes: { config_path: await createUserKubeconfig(network().cluster.state, { name: "nobody" }) } }),
        "nobody",
      ],
      "a token within": [
        () => ({ kubernetes: { config_path: network().kubeconfig({}, { token: network().robotToken }) } }),
        ROBOT,
      ],
      "a token in place of the kubeconfig's certificate": [
        () => ({ kubernetes: { config_path: network().kubeconfig(), token: network().robotToken } }),
        ROBOT,
      ],
      "KUBE_HOST, KUBE_TOKEN and KUBE_CLUSTER_CA_CERT_DATA": [
        () => ({
          env: {
            KUBE_HOST: network().cluster.state.apiServer,
            KUBE_TOKEN: network().robotToken,
            KUBE_CLUSTER_CA_CERT_DATA: network().ca,
          },
        }),
        ROBOT,
      ],
      "a Pod's ServiceAccount, where nothing else is set": [
        () => {
          const { hostname, port } = new URL(network().cluster.state.apiServer);
          return { env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, ...network().mounted() } };
        },
        ROBOT,
      ],
      "a kubeconfig, in a Pod": [
        () => ({
          kubernetes: { config_path: network().kubeconfig() },
          env: { KUBERNETES_SERVICE_HOST: "127.0.0.1", ...network().mounted() },
        }),
        "administrator",
      ],
      impersonation: [
        () => ({ kubernetes: { config_path: network().kubeconfig({}, { ...network().parts.user, as: "ada" }) } }),
        "ada",
      ],
      "impersonation with groups": [
        () => ({
          kubernetes: {
            config_path: network().kubeconfig({}, { ...network().parts.user, as: "ada", "as-groups": ["system:masters"] }),
          },
        }),
        "administrator",
      ],
      "another name of the API server's certificate": [
        () => ({ kubernetes: { config_path: network().kubeconfig({ "tls-server-name": "kubernetes.default.svc" }) } }),
        "administrator",
      ],
      "a certificate that is not verified, since that was asked for": [
        () => {
          const config_path = writeKubeconfig(network().folder, {
            cluster: { server: network().cluster.state.apiServer, "insecure-skip-tls-verify": true },
            user: network().parts.user,
          });
          return { kubernetes: { config_path } };
        },
        "administrator",
      ],
      "files that are merged (KUBE_CONFIG_PATHS)": [
        () => {
          const context = { cluster: "c", user: "u" };
          const files = [
            writeConfig(network().folder, "a", { "current-context": "x", contexts: [{ name: "x", context }] }),
            writeConfig(network().folder, "b", {
              "current-context": "y",
              clusters: [{ name: "c", cluster: network().parts.cluster }],
            }),
            writeConfig(network().folder, "c", {
              clusters: [{ name: "c", cluster: { server: "https://nowhere.invalid" } }],
              users: [{ name: "u", user: { token: network().robotToken } }],
            }),
          ];
          return { env: { KUBE_CONFIG_PATHS: files.join(":") } };
        },
        ROBOT,
      ],
      "an exec plugin, v1": [
        () => ({
          kubernetes: {
            config_path: network().kubeconfig({}, exec("v1", `echo '${credential("v1", { token: network().robotToken })}'`)),
          },
        }),
        ROBOT,
      ],
      "an exec plugin, v1beta1, with arguments and environment": [
        () => {
          const script = `[ "$1 $2" = "get token" ] && echo "$PRINT"`;
          const env = [{ name: "PRINT", value: credential("v1beta1", { token: network().robotToken }) }];
          return {
            kubernetes: { config_path: network().kubeconfig({}, exec("v1beta1", script, { args: ["get", "token"], env })) },
          };
        },
        ROBOT,
      ],
      "an exec plugin that is told of the cluster": [
        () => {
          const token = credential("v1", { token: network().robotToken });
          const script = `case "$KUBERNETES_EXEC_INFO" in *'"server":"${network().cluster.state.apiServer}"'*'"audience":"prod"'*) echo '${token}';; esac`;
          const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "prod" } }];
          return {
            kubernetes: { config_path: network().kubeconfig({ extensions }, exec("v1", script, { provideClusterInfo: true })) },
          };
        },
        ROBOT,
      ],
      "an exec plugin that brings a client certificate": [
        () => {
          const status = {
            clientCertificateData: pem(network().parts.user["client-certificate-data"]),
            clientKeyData: pem(network().parts.user["client-key-data"]),
            expirationTimestamp: new Date(Date.now() + 3600_000).toISOString(),
          };
          writeFileSync(join(network().folder, "printed"), credential("v1", status));
          return {
            kubernetes: { config_path: network().kubeconfig({}, exec("v1", `cat '${join(network().folder, "printed")}'`)) },
          };
        },
        "administrator",
      ],
      "an exec plugin of the provider's own": [
        () => {
          const command = join(network().folder, plugin('echo "$PRINT"'));
          const env = { PRINT: credential("v1", { token: network().robotToken }) };
          const own = { api_version: "client.authentication.k8s.io/v1", command, args: [], env };
          return { kubernetes: { config_path: network().kubeconfig(), exec: own } };
        },
        ROBOT,
      ],
    };
    it.each(Object.entries(ways))("by %s", async (_, [setting, who]) => {
      expect(await network().whoami(await setting())).toBe(who);
    });

    it("an exec plugin is asked again once its credential has expired", async () => {
      const soon = () => new Date(Date.now() - 1_000).toISOString();
      const file = join(network().folder, "expiring");
      writeFileSync(file, credential("v1", { token: network().robotToken, expirationTimestamp: soon() }));
      const provider = await network().start({
        kubernetes: { config_path: network().kubeconfig({}, exec("v1", `cat '${file}'`)) },
      });
      expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(ROBOT);
      await network().cluster.create("serviceaccounts", { metadata: { name: "second", namespace: NAMESPACE } });
      writeFileSync(file, credential("v1", { token: await network().tokenOf("second") }));
      expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(`system:serviceaccount:${NAMESPACE}:second`);
    });

    const failing: { readonly [name: string]: [user: () => object, summary: string, detail: RegExp] } = {
      "the exec plugin is missing": [
        () => ({
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "no-such-plugin",
            installHint: "Install it with brew.",
          },
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
      const made = await issueCertificate(await createAuthority("other"), {
        commonName: "ada",
        organizations: ["system:masters"],
      });
      const base64 = (text: string) => Buffer.from(text).toString("base64");
      otherUser = { certificate: base64(made.certificate), key: base64(made.key) };
    });
    it.each(Object.entries(failing))("fails when %s", async (_, [user, summary, detail]) => {
      const provider = await network().start({ kubernetes: { config_path: network().kubeconfig({}, user()) } });
      const { problems } = await provider.readCluster(NAMESPACE);
      expect(problems).toEqual([{ summary, path: "namespaces", detail: expect.stringMatching(detail) }]);
      expect(`${JSON.stringify(problems)}${provider.log()}`).not.toContain("marker");
    });

    it("fails when the exec plugin hangs, at the operation's own timeout", async () => {
      const provider = await network().start({ kubernetes: { config_path: network().kubeconfig({}, exec("v1", "sleep 600")) } });
      expect((await provider.readCluster(NAMESPACE, "2s")).problems).toMatchObject([
        { summary: "Not done in time", path: "timeouts", detail: expect.stringMatching(/^read took longer than 2s\./) },
      ]);
    });
  });
}
