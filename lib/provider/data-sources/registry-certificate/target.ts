import { ENDPOINTS_VARIABLE, endpointOf, readRegistryEndpoints } from "../../../domain/registry-endpoints";
import { isDockerHub } from "../../../domain/registry-host";
import type { ConfiguredProvider } from "../../configured/provider";
import { DiagnosticError } from "../../framework/diagnostic";
import { type ObjectValue, textOf } from "../../framework/value";

/** Whom to ask, and by which name. */
export interface Target {
  /** As it is configured, for messages. */
  readonly host: string;
  /** `https://host:port`, where it is asked. */
  readonly url: URL;
  /** What it is asked for, and what its certificate has to be for: a name, or an address. */
  readonly name: string;
}

/** @throws DiagnosticError where the environment gives an address that can't be asked by TLS */
export function targetOf(config: ObjectValue, { runtime }: ConfiguredProvider): Target {
  const host = textOf(config.host);
  const endpoints = readRegistryEndpoints(runtime.environment[ENDPOINTS_VARIABLE] ?? "");
  if (typeof endpoints === "string") throw DiagnosticError.at(["host"], "Invalid environment variable", endpoints);
  const endpoint = endpointOf(endpoints, host);
  if (endpoint?.startsWith("http:")) {
    throw DiagnosticError.at(
      ["host"],
      "No TLS there",
      `${ENDPOINTS_VARIABLE} has ${JSON.stringify(host)} asked at ${endpoint}, by plain HTTP, where no certificate is presented. Give it an address by https there, or leave the certificate out.`,
    );
  }
  const own = new URL(`https://${isDockerHub(host) ? "registry-1.docker.io" : host}`);
  const name = typeof config.server_name === "string" ? config.server_name : own.hostname.replace(/^\[(.*)\]$/, "$1");
  return { host, url: endpoint === undefined ? own : new URL(endpoint), name };
}
