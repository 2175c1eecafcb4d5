import type { KubernetesSettings } from "../../../lib/clients/kubernetes/client";
import { Secret } from "../../../lib/domain/secret";
import type { BluemixSettings } from "../../../lib/issuers";
import { toBluemixSettings } from "../../../lib/provider/configuration/bluemix-settings";
import type { Environment } from "../../../lib/provider/configuration/environment";
import { toKubernetesSettings } from "../../../lib/provider/configuration/kubernetes-settings";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { NO_SETTINGS } from "../../clients/kubernetes/settings";

describe("toKubernetesSettings", () => {
  const cases: Record<string, { kubernetes: ObjectValue | null; env: Environment; settings: Partial<KubernetesSettings> }> = {
    "nothing at all": { kubernetes: null, env: {}, settings: {} },
    "the environment alone": {
      kubernetes: null,
      env: { KUBE_CONFIG_PATH: "/k", KUBE_CTX: "prod", KUBE_INSECURE: "true", KUBECONFIG: "/not-read" },
      settings: { configPaths: ["/k"], configContext: "prod", insecure: true },
    },
    "several files": { kubernetes: null, env: { KUBE_CONFIG_PATHS: "/a:/b" }, settings: { configPaths: ["/a", "/b"] } },
    "an empty variable, which counts as unset": { kubernetes: {}, env: { KUBE_HOST: "" }, settings: {} },
    "the configuration over the environment": {
      kubernetes: { config_context: "test" },
      env: { KUBE_CTX: "prod", KUBE_CONFIG_PATH: "/k" },
      settings: { configPaths: ["/k"], configContext: "test" },
    },
    "a configured host, which keeps the environment's kubeconfig out": {
      kubernetes: { host: "https://k" },
      env: { KUBE_CONFIG_PATH: "/k", KUBE_TOKEN: "t" },
      settings: { host: "https://k", token: "t" },
    },
    "a configured kubeconfig, which keeps the environment's host and files out": {
      kubernetes: { config_path: "/mine" },
      env: { KUBE_HOST: "https://k", KUBE_CONFIG_PATHS: "/a:/b" },
      settings: { configPaths: ["/mine"] },
    },
    "a credential plugin": {
      kubernetes: { exec: { api_version: "v1", command: "login", args: null, env: { A: "b" } } },
      env: {},
      settings: { exec: { apiVersion: "v1", command: "login", args: [], env: { A: "b" } } },
    },
  };
  it.each(Object.entries(cases))("from %s", (_, { kubernetes, env, settings }) => {
    expect(toKubernetesSettings(kubernetes, env)).toEqual({ ...NO_SETTINGS, ...settings });
  });

  it("fails when a variable is no bool", () => {
    expect(() => toKubernetesSettings(null, { KUBE_INSECURE: "perhaps" })).toThrow(
      'KUBE_INSECURE is "perhaps". It is "true" or "false".',
    );
  });
});

describe("toBluemixSettings", () => {
  const base = { api_endpoint: "https://api.example.com", hosts: ["r.example"], organization: "acme" };
  const shared = { kind: "bluemix", name: "d", apiEndpoint: "https://api.example.com", hosts: ["r.example"] } as const;
  const organization = { kind: "organization", name: "acme" } as const;
  /** Secrets opened, so that they are compared. */
  const opened = ({ login, ...rest }: BluemixSettings) => ({
    ...rest,
    login: Object.fromEntries(
      Object.entries(login).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
    ),
  });

  const cases: Record<string, { bluemix: ObjectValue; env: Environment; settings: object }> = {
    "a user and a password": {
      bluemix: { ...base, username: "u", password: "p" },
      env: {},
      settings: { ...shared, login: { kind: "password", username: "u", password: "p" }, account: organization },
    },
    "the environment": {
      bluemix: { ...base, organization: null },
      env: { BLUEMIX_USERNAME: "u", BLUEMIX_PASSWORD: "p", BLUEMIX_ORG: "from-env" },
      settings: {
        ...shared,
        login: { kind: "password", username: "u", password: "p" },
        account: { kind: "organization", name: "from-env" },
      },
    },
    "a configured login, which keeps the environment's out": {
      bluemix: { ...base, passcode: "c" },
      env: { BLUEMIX_API_KEY: "k", BLUEMIX_PASSWORD: "p" },
      settings: { ...shared, login: { kind: "passcode", passcode: "c" }, account: organization },
    },
    "a variable that is named": {
      bluemix: { ...base, oauth_token_env: "REGISTRY_OAUTH" },
      env: { REGISTRY_OAUTH: "t", BLUEMIX_API_KEY: "k" },
      settings: { ...shared, login: { kind: "oauth_token", token: "t" }, account: organization },
    },
    "a configured account, which keeps the environment's out": {
      bluemix: { ...base, organization: null, account_id: "1", registry_endpoint: "https://r", ca_certificate: "PEM" },
      env: { BLUEMIX_API_KEY: "k", BLUEMIX_ORG: "from-env" },
      settings: {
        ...shared,
        registryEndpoint: "https://r",
        caCertificate: "PEM",
        login: { kind: "api_key", apiKey: "k" },
        account: { kind: "account_id", id: "1" },
      },
    },
  };
  it.each(Object.entries(cases))("from %s", (_, { bluemix, env, settings }) => {
    expect(opened(toBluemixSettings("d", bluemix, env))).toEqual(settings);
  });

  const failing: Record<string, { bluemix: ObjectValue; env: Environment; summary: string; path: readonly string[] }> = {
    "there is no login": { bluemix: base, env: {}, summary: "No login", path: [] },
    "the environment holds two": {
      bluemix: base,
      env: { BLUEMIX_API_KEY: "k", BLUEMIX_PASSWORD: "p" },
      summary: "Several logins",
      path: [],
    },
    "a password has no user": {
      bluemix: { ...base, password: "p" },
      env: {},
      summary: "A password without a user name",
      path: ["username"],
    },
    "a variable may not be read": {
      bluemix: { ...base, api_key_env: "HOME" },
      env: { HOME: "/root" },
      summary: "Environment variable not allowed",
      path: ["api_key_env"],
    },
    "a variable is not set": {
      bluemix: { ...base, api_key_env: "BLUEMIX_CI_KEY" },
      env: {},
      summary: "Environment variable not set",
      path: ["api_key_env"],
    },
    "there is no account": {
      bluemix: { ...base, organization: null, api_key: "k" },
      env: {},
      summary: "No organization",
      path: [],
    },
  };
  it.each(Object.entries(failing))("fails when %s", (_, { bluemix, env, summary, path }) => {
    let caught: unknown;
    try {
      toBluemixSettings("d", bluemix, env);
    } catch (error) {
      caught = error;
    }
    expect(
      caught instanceof DiagnosticError
        ? caught.diagnostics.map((found) => ({ path: found.path, summary: found.summary }))
        : caught,
    ).toEqual([{ path: ["issuers", "d", "bluemix", ...path], summary }]);
  });
});
