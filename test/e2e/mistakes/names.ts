import { object, quoted } from "../support/hcl";
import { type Mistakes, PATCH, PROVIDER, PULL_SECRET, patch, provider, providerOf, pullSecret, TOKEN, token } from "./mistake";

/** Names, lists and other plain values. */
export const nameMistakes: Mistakes = {
  "an invalid owner": {
    found: "validate",
    hcl: (setting) => provider(setting, { owner: quoted("my project") }) + pullSecret(),
    says: () => [
      {
        address: PROVIDER,
        line: 'owner = "my project"',
        summary: "Invalid owner",
        detail:
          "\"my project\" is not an owner: 1 to 100 letters, digits, '.', '_', '-' and '/', such as \"my-project/production\".",
      },
    ],
  },
  "an invalid namespace": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ namespaces: quoted(["team-a", "Team_B"]) }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","Team_B"]',
        summary: "Invalid namespace name",
        detail:
          '"Team_B" is not a valid namespace name: it takes 1 to 63 lower case letters, digits and \'-\', and starts and ends with a letter or a digit, such as "team-a".',
      },
    ],
  },
  "no namespace": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ namespaces: "[]" }),
    says: () => [
      {
        address: PULL_SECRET,
        line: "namespaces = []",
        summary: "No namespaces",
        detail:
          "namespaces is an empty list, and namespace_selector is not set. Name at least one namespace, select them, or leave the resource out.",
      },
    ],
  },
  "an empty namespace": {
    found: "validate",
    hcl: (setting) => provider(setting) + patch({ namespaces: quoted([""]) }),
    says: () => [
      {
        address: PATCH,
        line: 'namespaces = [""]',
        summary: "Invalid namespace name",
        detail:
          '"" is not a valid namespace name: it takes 1 to 63 lower case letters, digits and \'-\', and starts and ends with a letter or a digit, such as "team-a".',
      },
    ],
  },
  "an invalid Secret name": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ name: quoted("Pull_Secret") }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'name = "Pull_Secret"',
        summary: "Invalid object name",
        detail:
          "\"Pull_Secret\" is not a valid object name: it takes 1 to 253 lower case letters, digits, '-' and '.', and starts and ends with a letter or a digit, such as \"registry-pull\".",
      },
    ],
  },
  "an empty Secret name": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ name: quoted("") }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'name = ""',
        summary: "Invalid object name",
        detail:
          "\"\" is not a valid object name: it takes 1 to 253 lower case letters, digits, '-' and '.', and starts and ends with a letter or a digit, such as \"registry-pull\".",
      },
    ],
  },
  "an invalid label": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ labels: object({ team: quoted("team a") }) }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'team = "team a"',
        summary: "Invalid label",
        detail: "\"team a\" is not a label's value: up to 63 letters, digits, '-', '_' and '.'. An annotation takes any text.",
      },
    ],
  },
  "a label of our own": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ labels: object({ '"app.kubernetes.io/managed-by"': quoted("me") }) }),
    says: () => [
      {
        address: PULL_SECRET,
        line: '"app.kubernetes.io/managed-by" = "me"',
        summary: "Invalid label",
        detail: '"app.kubernetes.io/managed-by" is set by the provider itself. Choose another key.',
      },
    ],
  },
  "an invalid timeout": {
    found: "validate",
    hcl: (setting) => provider(setting) + pullSecret({ timeouts: object({ create: quoted("5 minutes") }) }),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'resource "registry_pull_secret" "pull" {',
        summary: "Invalid duration",
        detail:
          'timeouts.create: "5 minutes" is not a duration above zero. Write hours, minutes and seconds in that order, such as "90s", "5m" or "1h30m".',
      },
    ],
  },
  "an invalid ServiceAccount": {
    found: "validate",
    hcl: (setting) => provider(setting) + patch({ service_accounts: quoted(["Default"]) }),
    says: () => [
      {
        address: PATCH,
        line: 'service_accounts = ["Default"]',
        summary: "Invalid object name",
        detail:
          "\"Default\" is not a valid object name: it takes 1 to 253 lower case letters, digits, '-' and '.', and starts and ends with a letter or a digit, such as \"registry-pull\".",
      },
    ],
  },
  "no pull secret": {
    found: "validate",
    hcl: (setting) => provider(setting) + patch({ pull_secrets: "[]" }),
    says: () => [
      {
        address: PATCH,
        line: "pull_secrets = []",
        summary: "No pull secrets",
        detail: "pull_secrets is an empty list. Name at least one, or leave the resource out.",
      },
    ],
  },
  "an invalid token name": {
    found: "validate",
    hcl: (setting) => providerOf(setting) + token({ name: quoted("pull secret") }),
    says: () => [
      {
        address: TOKEN,
        line: 'name = "pull secret"',
        summary: "Invalid token name",
        detail:
          "\"pull secret\" is not a token name: 1 to 63 letters, digits, '.', '_' and '-', starting with a letter or a digit. It tells this owner's tokens apart.",
      },
    ],
  },
  "a token description with brackets": {
    found: "validate",
    hcl: (setting) => providerOf(setting) + token({ description: quoted("ci [prod]") }),
    says: () => [
      {
        address: TOKEN,
        line: 'description = "ci [prod]"',
        summary: "Invalid token description",
        detail:
          "\"ci [prod]\" is not a token's description: 1 to 200 characters, without '[', ']' and control characters (our own mark follows it in brackets).",
      },
    ],
  },
  "renewing a permanent token": {
    found: "validate",
    hcl: (setting) => providerOf(setting) + token({ renew_before_seconds: "3600" }),
    says: () => [
      {
        address: TOKEN,
        line: "renew_before_seconds = 3600",
        summary: "A permanent token is never due for renewal",
        detail:
          "renew_before_seconds is 3600, but the token is permanent. Set permanent = false for a token that expires, or leave renew_before_seconds out.",
      },
    ],
  },
};
