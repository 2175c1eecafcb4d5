import { ISSUER_PREFIXES } from "../../domain/environment-name";
import { ICR_HOSTS } from "../../domain/icr-hosts";
import type { Path } from "../../domain/problem";
import { processRedactor } from "../../domain/redaction";
import { Secret } from "../../domain/secret";
import type { IbmCloudSettings } from "../../issuers";
import { ibmcloud } from "../../schema/provider/ibmcloud";
import { DiagnosticError } from "../framework/diagnostic";
import { type ObjectValue, textsOf, type Value } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";
import { readSecretFromEnvironment } from "./environment-secret";

const IAM = "https://iam.cloud.ibm.com";

/** The settings of one `ibmcloud` issuer, wholly known, with environment variables filled in. @throws DiagnosticError where there is no API key */
export function toIbmCloudSettings(name: string, configured: ObjectValue, environment: Environment): IbmCloudSettings {
  const path: Path = ["issuers", name, "ibmcloud"];
  const filled = fillFromEnvironment(ibmcloud, configured, environment);
  const text = (attribute: string): string | undefined => {
    const value = filled[attribute];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const given = text("api_key_env");
  const apiKey =
    given === undefined
      ? text("api_key")
      : readSecretFromEnvironment(given, ISSUER_PREFIXES, [...path, "api_key_env"], environment).reveal();
  if (apiKey === undefined) throw noLogin(name, path);
  const secret = Secret.of(apiKey);
  processRedactor.remember(secret);
  const registryEndpoint = text("registry_endpoint");
  const accountId = text("account_id");
  const caCertificate = text("ca_certificate");
  return {
    kind: "ibmcloud",
    name,
    iamEndpoint: text("iam_endpoint") ?? IAM,
    ...(registryEndpoint === undefined ? {} : { registryEndpoint }),
    registryEndpoints: urlsOf(filled.registry_endpoints),
    hosts: icrHostsOf(configured),
    apiKey: secret,
    ...(accountId === undefined ? {} : { accountId }),
    ...(caCertificate === undefined ? {} : { caCertificate }),
  };
}

/** The registry hosts of an issuer: as configured, or all of `icr.io`. */
export function icrHostsOf({ hosts }: ObjectValue): readonly string[] {
  return (hosts ?? null) === null ? ICR_HOSTS : textsOf(hosts);
}

function urlsOf(value: Value | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries((value ?? {}) as ObjectValue);
  return Object.fromEntries(entries.flatMap(([region, url]) => (typeof url === "string" ? [[region, url] as const] : [])));
}

function noLogin(name: string, path: Path): DiagnosticError {
  return DiagnosticError.at(
    path,
    "No login",
    `Issuer ${JSON.stringify(name)} has no API key, neither in the configuration nor in the environment. Set the environment variable IBMCLOUD_API_KEY (or IC_API_KEY), name another one by api_key_env, or give api_key from an ephemeral variable. "ibmcloud iam api-key-create" makes one.`,
  );
}
