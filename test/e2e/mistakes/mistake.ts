/** The commonest mistakes as tables, one file for each thing that one gets wrong; mistakes.test.ts runs them. */

import type { ControlledToken } from "../../../sandbox/emulators/bluemix/control-client";
import type { Cluster } from "../support/cluster";
import type { Finding } from "../support/findings";
import { block, type Expressions, ephemeralVariable, object, quoted } from "../support/hcl";
import type { Bluemix } from "./bluemix";

/** Where mistakes are made: a sandbox with the namespaces `team-a` and `team-b`. */
export interface Setting {
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
  /** PEM of the sandbox's own CA. */
  readonly ca: string;
  /** PEM of a CA that signed nothing here. */
  readonly otherCa: string;
  /** A kubeconfig of a user without any right, called `nobody`. */
  readonly nobody: string;
}

/** A mistake, and everything that is said about it. */
export interface Mistake {
  /** The first command that finds it. */
  readonly found: "validate" | "plan" | "apply";
  readonly hcl: (setting: Setting) => string;
  /** Environment variables beside `TF_VAR_password` and `TF_VAR_bluemix_password`. */
  readonly env?: (setting: Setting) => { readonly [name: string]: string };
  /** What is there beforehand. */
  readonly before?: (setting: Setting) => Promise<void>;
  /** Every error; `tokens` are those of the registry, in its order. */
  readonly says: (setting: Setting, tokens: readonly ControlledToken[]) => readonly Omit<Finding, "severity">[];
}

/** Mistakes by name. */
export interface Mistakes {
  readonly [name: string]: Mistake;
}

/** The provider and the variables; `settings` changes single attributes of the provider. */
export function provider({ cluster }: Setting, settings: Expressions = {}): string {
  const usual = { owner: quoted("tests/mistakes"), kubernetes: cluster.kubernetes };
  return [
    ephemeralVariable("password"),
    ephemeralVariable("bluemix_password"),
    block('provider "registry"', { ...usual, ...settings }),
  ].join("");
}

/** A provider with the issuer `dedicated`; `bluemix` changes single attributes of it. */
export function providerOf(setting: Setting, bluemix: Expressions = {}): string {
  return provider(setting, { issuers: object({ dedicated: setting.bluemix.issuer(bluemix) }) });
}

/** A pull secret `pull` in both namespaces. */
export function pullSecret(attributes: Expressions = {}): string {
  const usual = { name: quoted("pull"), namespaces: quoted(["team-a", "team-b"]), registries: `[${entry()}]` };
  return block('resource "registry_pull_secret" "pull"', { ...usual, ...attributes });
}

/** An entry of `registries`: a user name and a write-only password. */
export function entry(attributes: Expressions = {}): string {
  const usual = { hosts: quoted(["registry.partner.example"]), username: quoted("acme"), password_wo: "var.password" };
  return object({ ...usual, ...attributes });
}

/** A patch of the ServiceAccount `default` of both namespaces. */
export function patch(attributes: Expressions = {}): string {
  const usual = { namespaces: quoted(["team-a", "team-b"]), pull_secrets: quoted(["pull"]) };
  return block('resource "registry_service_account_patch" "patch"', { ...usual, ...attributes });
}

/** A registry token `pull` of the issuer `dedicated`. */
export function token(attributes: Expressions = {}): string {
  return block('resource "registry_token" "token"', { issuer: quoted("dedicated"), name: quoted("pull"), ...attributes });
}

/** The addresses of the above. */
export const PROVIDER = 'provider["registry.terraform.io/registry-access/registry"]';
export const PULL_SECRET = "registry_pull_secret.pull";
export const PATCH = "registry_service_account_patch.patch";
export const TOKEN = "registry_token.token";
