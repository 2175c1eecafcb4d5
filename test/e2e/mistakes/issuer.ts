import { object, quoted } from "../support/hcl";
import { type Mistakes, PROVIDER, provider, providerOf, TOKEN, token } from "./mistake";

const REGISTRY_REFUSES = { code: "CRG0009E", message: "You are not authorized to access the specified account." };

/** Logging in to Bluemix, whose tokens are meant, and reaching it. */
export const issuerMistakes: Mistakes = {
  "a wrong password": {
    found: "apply",
    hcl: (setting) => providerOf(setting) + token(),
    env: () => ({ TF_VAR_bluemix_password: "not-it" }),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Login refused",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": Login refused: ${setting.bluemix.url} does not accept user "ada@acme.example.com" with this password (401 Unauthorized: Bad credentials). Correct username and password (environment variables BLUEMIX_USERNAME and BLUEMIX_PASSWORD); an account of a company's own login has no password here and uses api_key.`,
      },
    ],
  },
  "a wrong API key": {
    found: "apply",
    hcl: (setting) =>
      providerOf(setting, { username: undefined, password: undefined, api_key_env: quoted("BLUEMIX_KEY") }) + token(),
    env: () => ({ BLUEMIX_KEY: "not-it" }),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Login refused",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": Login refused: ${setting.bluemix.url} does not accept this API key (401 Unauthorized: Bad credentials). Correct api_key (environment variable BLUEMIX_API_KEY), or make a new key: it may have been deleted.`,
      },
    ],
  },
  "a passcode that is used up": {
    found: "apply",
    hcl: (setting) =>
      providerOf(setting, { username: undefined, password: undefined, passcode_env: quoted("BLUEMIX_PASSCODE") }) + token(),
    env: () => ({ BLUEMIX_PASSCODE: "not-it" }),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Login refused",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": Login refused: ${setting.bluemix.url} does not accept this passcode (401 Unauthorized: Bad credentials). A passcode works once and for a few minutes: fetch a new one, or use api_key.`,
      },
    ],
  },
  "an access token that has expired": {
    found: "apply",
    hcl: (setting) =>
      providerOf(setting, { username: undefined, password: undefined, oauth_token_env: quoted("BLUEMIX_OAUTH") }) + token(),
    env: () => ({ BLUEMIX_OAUTH: "bearer not-it" }),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Login refused",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${setting.bluemix.url}/v2/organizations: 401 Unauthorized: CF-InvalidAuthToken: Invalid Auth Token. The access token that was given (oauth_token) is wrong, or has expired: fetch a new one.`,
      },
    ],
  },
  "no login at all": {
    found: "plan",
    hcl: (setting) => providerOf(setting, { username: undefined, password: undefined }) + token(),
    says: () => [
      {
        address: TOKEN,
        line: 'resource "registry_token" "token" {',
        summary: "No login",
        detail:
          'Issuer "dedicated" has no login, neither in the configuration nor in the environment. Give exactly one: username with password (or password_env, BLUEMIX_PASSWORD); passcode (or passcode_env); api_key (or api_key_env, BLUEMIX_API_KEY); oauth_token (or oauth_token_env).',
      },
    ],
  },
  "an empty password": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + token(),
    env: () => ({ TF_VAR_bluemix_password: "" }),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Empty value",
        detail:
          "issuers.dedicated.bluemix.password: password is an empty string: a variable that was never set? Give it a value, or leave it out.",
      },
    ],
  },
  "two ways to log in": {
    found: "plan",
    hcl: (setting) => providerOf(setting, { api_key_env: quoted("BLUEMIX_KEY") }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Two ways to log in",
        detail:
          "issuers.dedicated.bluemix.api_key_env: Both password and api_key_env are set. Set exactly one of password, passcode, api_key, oauth_token (each also as …_env).",
      },
    ],
  },
  "an unknown organization": {
    found: "apply",
    hcl: (setting) => providerOf(setting, { organization: quoted("acne") }) + token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Not found",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": ${setting.bluemix.url} shows this login no organization "acne". It sees: "acme". Set organization (environment variable BLUEMIX_ORG) to one of these, have the user added to it, or give organization_guid.`,
      },
    ],
  },
  "an organization in capitals": {
    found: "apply",
    hcl: (setting) => providerOf(setting, { organization: quoted("ACME") }) + token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Not found",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": ${setting.bluemix.url} shows this login no organization "ACME". It sees: "acme". Write organization = "acme", have the user added to it, or give organization_guid.`,
      },
    ],
  },
  "an organization_guid of somebody else": {
    found: "apply",
    hcl: (setting) =>
      providerOf(setting, { organization: undefined, organization_guid: quoted("11111111-2222-3333-4444-555555555555") }) +
      token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Login refused",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${setting.bluemix.url}/api/v1/tokens: 401 Unauthorized: CRG0009E: You are not authorized to access the specified account. The registry does not accept the login for organization_guid "11111111-2222-3333-4444-555555555555": is that right, and is the registry of the same environment as api_endpoint (${setting.bluemix.url})?`,
      },
    ],
  },
  "no organization": {
    found: "plan",
    hcl: (setting) => providerOf(setting, { organization: undefined }) + token(),
    says: () => [
      {
        address: TOKEN,
        line: 'resource "registry_token" "token" {',
        summary: "No organization",
        detail:
          'Issuer "dedicated" does not say whose registry tokens are meant. Set exactly one of organization (or BLUEMIX_ORG), organization_guid and account_id.',
      },
    ],
  },
  "403 at the registry": {
    found: "apply",
    hcl: (setting) => providerOf(setting) + token(),
    before: ({ bluemix }) =>
      bluemix.control.addFault({ method: "POST", pathPrefix: "/api/v1/tokens", status: 403, json: REGISTRY_REFUSES }),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Not allowed",
        detail: `No registry token was issued: Issuer "dedicated": POST ${setting.bluemix.url}/api/v1/tokens: 403 Forbidden: CRG0009E: You are not authorized to access the specified account. The login may not do this with the registry tokens of organization "acme": have it given the right, or log in as another.`,
      },
    ],
  },
  "a registry that fails": {
    found: "apply",
    hcl: (setting) => providerOf(setting) + token(),
    before: ({ bluemix }) => bluemix.control.addFault({ method: "GET", pathPrefix: "/api/v1/tokens", status: 500, times: 5 }),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "The service failed",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${setting.bluemix.url}/api/v1/tokens: 500 Internal Server Error (after 5 attempts). Nothing that exists is taken for gone because of this. Try again later.`,
      },
    ],
  },
  "an API that nobody listens at": {
    found: "apply",
    hcl: (setting) => providerOf(setting, { api_endpoint: quoted("http://127.0.0.1:9") }) + token(),
    says: () => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Unreachable",
        detail:
          'The list of registry tokens could not be read: Issuer "dedicated": GET http://127.0.0.1:9/v2/info: 127.0.0.1:9 refuses connections: nothing listens there (ECONNREFUSED). Check the address in the provider\'s configuration, and that this machine reaches it (network, VPN, HTTPS_PROXY).',
      },
    ],
  },
  "an API that is another service": {
    found: "apply",
    hcl: (setting) => providerOf(setting, { api_endpoint: quoted(setting.cluster.state.registries.public.url) }) + token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Unexpected answer",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": ${setting.cluster.state.registries.public.url}/v2/info names no authorization_endpoint. Is api_endpoint a Cloud Foundry API, such as "https://api.<domain>"?`,
      },
    ],
  },
  "a registry endpoint that is another service": {
    found: "apply",
    hcl: (setting) => providerOf(setting, { registry_endpoint: quoted(setting.cluster.state.registries.public.url) }) + token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Not found",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${setting.cluster.state.registries.public.url}/api/v1/tokens: 404 Not Found. Is that the registry of a Bluemix environment? Its address is registry_endpoint, or "https://" and the first of hosts.`,
      },
    ],
  },
  "an unknown CA": {
    found: "apply",
    hcl: (setting) => providerOf(setting, { api_endpoint: quoted(setting.bluemix.tlsUrl) }) + token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Certificate not trusted",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${setting.bluemix.tlsUrl}/v2/info: the certificate of ${setting.bluemix.tlsUrl.slice(8)} is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Give its CA certificate as PEM in ca_certificate, or name a file with it in the environment variable SSL_CERT_FILE.`,
      },
    ],
  },
  "a wrong CA": {
    found: "apply",
    hcl: (setting) =>
      providerOf(setting, { api_endpoint: quoted(setting.bluemix.tlsUrl), ca_certificate: quoted(setting.otherCa) }) + token(),
    says: (setting) => [
      {
        address: TOKEN,
        line: 'issuer = "dedicated"',
        summary: "Certificate not trusted",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": GET ${setting.bluemix.tlsUrl}/v2/info: the certificate of ${setting.bluemix.tlsUrl.slice(8)} is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Give its CA certificate as PEM in ca_certificate, or name a file with it in the environment variable SSL_CERT_FILE.`,
      },
    ],
  },
  "a CA that is no PEM": {
    found: "validate",
    hcl: (setting) =>
      providerOf(setting, { api_endpoint: quoted(setting.bluemix.tlsUrl), ca_certificate: quoted("ca.pem") }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Invalid certificate",
        detail:
          'issuers.dedicated.bluemix.ca_certificate: "ca.pem" is no certificate. Where it is a file\'s name, write file("ca.pem"). A certificate is PEM text ("-----BEGIN CERTIFICATE-----").',
      },
    ],
  },
  "plain HTTP to another machine": {
    found: "plan",
    hcl: (setting) => providerOf(setting, { api_endpoint: quoted("http://api.example.com") }) + token(),
    says: () => [
      {
        address: TOKEN,
        line: 'resource "registry_token" "token" {',
        summary: "Invalid configuration",
        detail:
          'The provider\'s issuers: Issuer "dedicated": http://api.example.com is plain HTTP: credentials would cross the network readable by anyone. Use "https://api.example.com". Plain HTTP is allowed to this machine itself (127.0.0.1, localhost).',
      },
    ],
  },
  "an endpoint that is no URL": {
    found: "validate",
    hcl: (setting) => providerOf(setting, { api_endpoint: quoted("api.example.com") }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Invalid endpoint",
        detail:
          'issuers.dedicated.bluemix.api_endpoint: "api.example.com" is not a URL. Give scheme and host, such as "https://api.example.com".',
      },
    ],
  },
  "an endpoint with a password in it": {
    found: "validate",
    hcl: (setting) => providerOf(setting, { api_endpoint: quoted("https://ada:hunter22@api.example.com") }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Invalid endpoint",
        detail:
          "issuers.dedicated.bluemix.api_endpoint: The URL holds a user name or a password. Give them in their own attributes.",
      },
    ],
  },
  "a registry host with a scheme": {
    found: "validate",
    hcl: (setting) => providerOf(setting, { hosts: quoted(["https://registry.example.com"]) }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Invalid registry host",
        detail:
          'issuers.dedicated.bluemix.hosts[0]: "https://registry.example.com" starts with a scheme: leave "https://" out. A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      },
    ],
  },
  "no registry host": {
    found: "validate",
    hcl: (setting) => providerOf(setting, { hosts: "[]" }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "No registry host",
        detail:
          'issuers.dedicated.bluemix.hosts: hosts is an empty list. Give at least one registry host, such as "registry.ng.bluemix.net".',
      },
    ],
  },
  "an issuer without a kind": {
    found: "validate",
    hcl: (setting) => provider(setting, { issuers: object({ dedicated: "{}" }) }) + token(),
    says: () => [
      {
        address: PROVIDER,
        line: "dedicated = {}",
        summary: "An issuer without a kind",
        detail: 'Issuer "dedicated" has no kind. Set bluemix = { … } or ibmcloud = { … } or openshift = { … }.',
      },
    ],
  },
  "an issuer that is not there": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + token({ issuer: quoted("regional") }),
    says: () => [
      {
        address: TOKEN,
        line: 'issuer = "regional"',
        summary: "No such issuer",
        detail:
          'The provider has no issuer "regional". It has "dedicated". Add it to the provider\'s issuers, or name one of those.',
      },
    ],
  },
};
