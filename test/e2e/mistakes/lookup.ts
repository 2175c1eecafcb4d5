import type { ControlledToken } from "../../../sandbox/emulators/bluemix/control-client";
import { block, type Expressions, quoted } from "../support/hcl";
import { type Mistakes, providerOf } from "./mistake";

const lookUp = (attributes: Expressions) => block('data "registry_token" "ci"', { issuer: quoted("dedicated"), ...attributes });
const open = (attributes: Expressions) =>
  block('ephemeral "registry_token" "ci"', { issuer: quoted("dedicated"), ...attributes });
const listed = (tokens: readonly ControlledToken[]) =>
  tokens
    .map(({ id, description, revoked }) => `\n  - ${id}: "${description}", read-only, permanent${revoked ? ", revoked" : ""}`)
    .join("");
const NOWHERE = "11111111-2222-3333-4444-555555555555";

/** Looking registry tokens up. */
export const lookupMistakes: Mistakes = {
  "no token of that description": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + lookUp({ description: quoted("ci-prod") }),
    says: (_setting, tokens) => [
      {
        address: "data.registry_token.ci",
        line: 'description = "ci-prod"',
        summary: "No registry token matches",
        detail: `Issuer "dedicated" has no usable registry token with the description "ci-prod". It lists:${listed(tokens)}`,
      },
    ],
  },
  "no token of that id": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + lookUp({ id: quoted(NOWHERE) }),
    says: (_setting, tokens) => [
      {
        address: "data.registry_token.ci",
        line: 'id = "11111111-2222-3333-4444-555555555555"',
        summary: "No registry token matches",
        detail: `Issuer "dedicated" has no registry token with the id "11111111-2222-3333-4444-555555555555". It lists:${listed(tokens)}`,
      },
    ],
  },
  "an id of another issuer": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + lookUp({ id: quoted(`regional/${NOWHERE}`) }),
    says: () => [
      {
        address: "data.registry_token.ci",
        line: 'id = "regional/11111111-2222-3333-4444-555555555555"',
        summary: "A credential of another issuer",
        detail:
          '"regional/11111111-2222-3333-4444-555555555555" is a credential of issuer "regional", and issuer is "dedicated". Make the two agree.',
      },
    ],
  },
  "several tokens of that description": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + lookUp({ description: quoted("twice") }),
    before: async ({ bluemix }) => {
      await bluemix.issueToken("twice");
      await bluemix.issueToken("twice");
    },
    says: (_setting, tokens) => [
      {
        address: "data.registry_token.ci",
        line: 'description = "twice"',
        summary: "Several registry tokens match",
        detail: `Issuer "dedicated" has 2 registry tokens with the description "twice"; one has to match. Choose one by id. They are:${listed(tokens.filter(({ description }) => description === "twice"))}`,
      },
    ],
  },
  "neither id nor description": {
    found: "validate",
    hcl: (setting) => providerOf(setting) + lookUp({}),
    says: () => [
      {
        address: "data.registry_token.ci",
        line: 'data "registry_token" "ci" {',
        summary: "Which registry token?",
        detail: "Neither id nor description is set. Set exactly one of them.",
      },
    ],
  },
  "both id and description": {
    found: "validate",
    hcl: (setting) => providerOf(setting) + lookUp({ id: quoted(NOWHERE), description: quoted("ci") }),
    says: () => [
      {
        address: "data.registry_token.ci",
        line: 'id = "11111111-2222-3333-4444-555555555555"',
        summary: "Two ways to choose one token",
        detail: "Both id and description are set. Set exactly one of them.",
      },
    ],
  },
  "a login that is refused while planning": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + lookUp({ description: quoted("ci") }),
    env: () => ({ TF_VAR_bluemix_password: "not-it" }),
    says: (setting) => [
      {
        address: "data.registry_token.ci",
        line: 'issuer = "dedicated"',
        summary: "Login refused",
        detail: `The list of registry tokens could not be read: Issuer "dedicated": Login refused: ${setting.bluemix.url} does not accept user "ada@acme.example.com" with this password (401 Unauthorized: Bad credentials). Correct username and password (environment variables BLUEMIX_USERNAME and BLUEMIX_PASSWORD); an account of a company's own login has no password here and uses api_key.`,
      },
    ],
  },
  "an ephemeral token that was revoked": {
    found: "plan",
    hcl: (setting) => providerOf(setting) + open({ description: quoted("gone") }),
    before: async ({ bluemix }) => {
      await bluemix.control.revoke(await bluemix.issueToken("gone"));
    },
    says: (_setting, tokens) => [
      {
        address: "ephemeral.registry_token.ci",
        line: 'description = "gone"',
        summary: "No registry token matches",
        detail: `Issuer "dedicated" has no usable registry token with the description "gone". It lists:${listed(tokens)}`,
      },
    ],
  },
};
