import { isRecord, parseRecord } from "../json";
import { canonicalJson } from "./canonical-json";
import type { Definition } from "./definition";

/** Puts a signature to a text. */
export type Sign = (text: string) => string;

/** What the exchange takes for a service: its definition without `org`, each deployment as one text, canonical, with its signature. */
export function publishedService(definition: Definition, sign: Sign): Definition {
  const { org: _, deployment, clusterDeployment, ...rest } = definition;
  return {
    // What hzn sends where a definition says nothing of it; the exchange asks for `public`.
    public: false,
    ...rest,
    ...signed("deployment", "deploymentSignature", deployment, sign),
    ...signed("clusterDeployment", "clusterDeploymentSignature", clusterDeployment, sign),
  };
}

/** What the exchange takes for a pattern: its definition without `org` and `name`, each version's overrides as one text with its signature. */
export function publishedPattern(definition: Definition, sign: Sign): Definition {
  const { org: _, name: __, services, ...rest } = definition;
  const withVersions = (service: unknown): unknown => {
    if (!isRecord(service) || !Array.isArray(service.serviceVersions)) return service;
    const serviceVersions = service.serviceVersions.map((version: unknown) => {
      if (!isRecord(version)) return version;
      const { deployment_overrides: overrides, ...own } = version;
      return { ...own, ...signed("deployment_overrides", "deployment_overrides_signature", overrides, sign) };
    });
    return { ...service, serviceVersions };
  };
  return { public: false, ...rest, services: Array.isArray(services) ? services.map(withVersions) : [] };
}

function signed(name: string, signatureName: string, value: unknown, sign: Sign): Definition {
  if (!isRecord(value)) return { [name]: "", [signatureName]: "" };
  const text = canonicalJson(value);
  return { [name]: text, [signatureName]: sign(text) };
}

/** A text and what is said to be its signature. */
export interface Signed {
  readonly text: string;
  readonly signature: string;
}

/** All that is signed in a service or a pattern as the exchange has it. */
export function signaturesOf(published: Definition): readonly Signed[] {
  const own = [
    { text: published.deployment, signature: published.deploymentSignature },
    { text: published.clusterDeployment, signature: published.clusterDeploymentSignature },
  ];
  const services = Array.isArray(published.services) ? published.services.filter(isRecord) : [];
  const versions = services.flatMap(({ serviceVersions }) =>
    Array.isArray(serviceVersions) ? serviceVersions.filter(isRecord) : [],
  );
  const overrides = versions.map(({ deployment_overrides: text, deployment_overrides_signature: signature }) => ({
    text,
    signature,
  }));
  return [...own, ...overrides].flatMap(({ text, signature }) =>
    typeof text === "string" && text !== "" ? [{ text, signature: typeof signature === "string" ? signature : "" }] : [],
  );
}

const SIGNATURES = /signature$/i;

/** What is published, but for its signatures: no two of one text are equal. */
export function withoutSignatures(published: unknown): unknown {
  if (Array.isArray(published)) return published.map(withoutSignatures);
  if (!isRecord(published)) return published;
  const members = Object.entries(published).filter(([name]) => !SIGNATURES.test(name));
  return Object.fromEntries(members.map(([name, value]) => [name, withoutSignatures(value)]));
}

/** A state's text of what was published. Undefined where it is none. */
export function parsePublished(text: string): Definition | undefined {
  return parseRecord(text);
}
