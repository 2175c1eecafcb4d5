import { quoted } from "../support/hcl";
import { entry, type Mistakes, PULL_SECRET, provider, providerOf, pullSecret } from "./mistake";

const registries = (...entries: readonly string[]) => pullSecret({ registries: `[${entries.join(", ")}]` });
const fromEnvironment = (name: string) => registries(entry({ password_wo: undefined, password_env: quoted(name) }));
const byId = (id: string, host: string) =>
  registries(entry({ hosts: quoted([host]), username: undefined, password_wo: undefined, credential_id: quoted(id) }));
const NOWHERE = "11111111-2222-3333-4444-555555555555";

/** Registries of a pull secret: hosts and credentials. */
export const registryMistakes: Mistakes = {
  "two entries for one host": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry(), entry({ username: quoted("other") })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Two entries for one registry host",
        detail:
          'registries[1].hosts[0]: "registry.partner.example" stands in registries[0].hosts[0] already. A docker config JSON holds one credential per host: keep one of the two.',
      },
    ],
  },
  "docker.io and index.docker.io": {
    found: "validate",
    hcl: (setting) =>
      provider(setting) + registries(entry({ hosts: quoted(["docker.io"]) }), entry({ hosts: quoted(["index.docker.io"]) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Two entries for one registry host",
        detail:
          'registries[1].hosts[0]: "index.docker.io" is the same registry as "docker.io", which stands in registries[0].hosts[0] already. A docker config JSON holds one credential per host: keep one of the two.',
      },
    ],
  },
  "a host with a scheme": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ hosts: quoted(["https://registry.partner.example"]) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid registry host",
        detail:
          'registries[0].hosts[0]: "https://registry.partner.example" starts with a scheme: leave "https://" out. A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      },
    ],
  },
  "a host with a scheme and a path": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ hosts: quoted(["https://index.docker.io/v1/"]) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid registry host",
        detail:
          'registries[0].hosts[0]: "https://index.docker.io/v1/" starts with a scheme: leave "https://" out, and the path too. A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      },
    ],
  },
  "a host with a path": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ hosts: quoted(["registry.partner.example/team"]) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid registry host",
        detail:
          'registries[0].hosts[0]: "registry.partner.example/team" has a path: leave "/team" out (a credential covers the whole host). A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      },
    ],
  },
  "a host in capitals": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ hosts: quoted(["Registry.partner.example"]) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid registry host",
        detail:
          'registries[0].hosts[0]: "Registry.partner.example" has capital letters: write "registry.partner.example" (the kubelet compares hosts letter by letter). A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      },
    ],
  },
  "an empty host": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ hosts: quoted([""]) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid registry host",
        detail:
          'registries[0].hosts[0]: "" is empty. A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      },
    ],
  },
  "no host": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ hosts: "[]" })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "No registry host",
        detail: 'registries[0].hosts: hosts is an empty list. Give at least one registry host, such as "registry.example.com".',
      },
    ],
  },
  "no registry": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(),
    says: () => [
      {
        address: PULL_SECRET,
        line: "registries = []",
        summary: "No registries",
        detail: "registries is an empty list. Give at least one, or leave the resource out.",
      },
    ],
  },
  "no credential at all": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ username: undefined, password_wo: undefined })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'registries = [{\nhosts = ["registry.partner.example"]\n}]',
        summary: "No registry needs a credential",
        detail:
          "None of the entries has a credential, so the Secret would be empty. Public registries need no pull secret: leave the resource out.",
      },
    ],
  },
  "an empty password": {
    found: "plan",
    hcl: (setting) => provider(setting) + registries(entry()),
    env: () => ({ TF_VAR_password: "" }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Empty password",
        detail:
          "registries[0].password_wo: The password is an empty string: a variable that was never set? Give it a value, or leave the credential out for a public registry.",
      },
    ],
  },
  "an empty user name": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ username: quoted("") })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid user name",
        detail: 'registries[0].username: "" is empty. Give the registry\'s user name, such as "token" or "iamapikey".',
      },
    ],
  },
  "a user name without a password": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ password_wo: undefined })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "A user name without a password",
        detail:
          'registries[0].username: username is "acme", and no password is set. Allowed are: credential_id alone; username with either password_wo or password_env; or none of them, for a public registry.',
      },
    ],
  },
  "a password without a user name": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ username: undefined, password_wo: quoted("hunter22") })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "A password without a user name",
        detail:
          "registries[0].password_wo: password_wo is set, and username is not. Allowed are: credential_id alone; username with either password_wo or password_env; or none of them, for a public registry.",
      },
    ],
  },
  "two credentials": {
    found: "validate",
    hcl: (setting) => provider(setting) + registries(entry({ credential_id: quoted(`dedicated/${NOWHERE}`) })),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Two credentials for one registry entry",
        detail:
          "registries[0].credential_id: credential_id stands beside username. Allowed are: credential_id alone; username with either password_wo or password_env; or none of them, for a public registry.",
      },
    ],
  },
  "password_env with a dollar sign": {
    found: "validate",
    hcl: (setting) => provider(setting) + fromEnvironment("$REGISTRY_PASSWORD"),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid environment variable name",
        detail:
          'registries[0].password_env: What was given is not the name of an environment variable (letters, digits and "_"); it is not shown, since it may be the password itself. Give the name alone, such as "REGISTRY_PASSWORD", without "$".',
      },
    ],
  },
  "password_env that is not allowed": {
    found: "plan",
    hcl: (setting) => provider(setting) + fromEnvironment("AWS_SECRET_ACCESS_KEY"),
    env: () => ({ AWS_SECRET_ACCESS_KEY: "hunter22" }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Environment variable not allowed",
        detail:
          "registries[0].password_env: AWS_SECRET_ACCESS_KEY may not be read: a change under review must not have any variable it likes sent to a registry. Allowed are names that begin with REGISTRY_ (but not REGISTRY_ACCESS_). To allow this one, the pipeline (not the code) sets REGISTRY_ACCESS_PASSWORD_ENV=AWS_SECRET_ACCESS_KEY, names separated by commas.",
      },
    ],
  },
  "password_env that is an issuer's credential": {
    found: "plan",
    hcl: (setting) => provider(setting) + fromEnvironment("BLUEMIX_API_KEY"),
    env: () => ({ BLUEMIX_API_KEY: "hunter22" }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Environment variable not allowed",
        detail:
          "registries[0].password_env: BLUEMIX_API_KEY may not be read: a change under review must not have any variable it likes sent to a registry. Allowed are names that begin with REGISTRY_ (but not REGISTRY_ACCESS_). To allow this one, the pipeline (not the code) sets REGISTRY_ACCESS_PASSWORD_ENV=BLUEMIX_API_KEY, names separated by commas.",
      },
    ],
  },
  "password_env that is not set": {
    found: "plan",
    hcl: (setting) => provider(setting) + fromEnvironment("REGISTRY_PARTNER_PASSWORD"),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Environment variable not set",
        detail:
          "registries[0].password_env: REGISTRY_PARTNER_PASSWORD is not set where the provider runs. Export it before terraform is started, in every run (plan and apply), or correct the name.",
      },
    ],
  },
  "password_env that is empty": {
    found: "plan",
    hcl: (setting) => provider(setting) + fromEnvironment("REGISTRY_PARTNER_PASSWORD"),
    env: () => ({ REGISTRY_PARTNER_PASSWORD: "" }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Empty environment variable",
        detail:
          "registries[0].password_env: REGISTRY_PARTNER_PASSWORD is an empty string where the provider runs. Export it before terraform is started, in every run (plan and apply), or correct the name.",
      },
    ],
  },
  "a credential id that is none": {
    found: "validate",
    hcl: (setting) => providerOf(setting) + byId(NOWHERE, "registry.acme.example.com"),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid credential id",
        detail:
          'registries[0].credential_id: "11111111-2222-3333-4444-555555555555" is not a credential id. It is "<issuer>/<id>", such as registry_token.example.credential_id gives it.',
      },
    ],
  },
  "a credential of an unknown issuer": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + byId(`regional/${NOWHERE}`, "registry.acme.example.com"),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "No such issuer",
        detail:
          'registries[0].credential_id: The provider has no issuer "regional". It has "dedicated". Add it to the provider\'s issuers, or name one of those.',
      },
    ],
  },
  "a credential for a host that its issuer does not serve": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + byId(`dedicated/${NOWHERE}`, "registry.partner.example"),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Credential for another registry host",
        detail:
          'registries[0].hosts[0]: "registry.partner.example" is not a host of issuer "dedicated", whose credentials are good for registry.acme.example.com. A credential is only ever sent to its own hosts: correct the host, or add it to the issuer\'s hosts if it belongs to the same registry.',
      },
    ],
  },
  "a credential that its issuer does not have": {
    found: "apply",
    hcl: (setting) => providerOf(setting) + byId(`dedicated/${NOWHERE}`, "registry.acme.example.com"),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Credential is gone",
        detail:
          'registries[0].credential_id: Issuer "dedicated" has no registry token "11111111-2222-3333-4444-555555555555": it was revoked or deleted, or has expired. If registry_token made it, plan again: the refresh sees it, and a new one is planned. Otherwise name one that exists (bx cr token-list).',
      },
    ],
  },
};
