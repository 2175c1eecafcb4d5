import { isRecord } from "../json";
import type { Path } from "../problem";
import type { Definition } from "./definition";
import { each, type Fault, faultsOf, isFlag, isList, isObject, isText, isVersion, isWord, type Members, texts } from "./faults";

const someOf = (what: string) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 ? undefined : `and it is a list of one ${what} or more.`;

const isOverrides = (value: unknown): string | undefined =>
  isRecord(value) || value === "" ? undefined : "and it is an object, which is signed here.";

const VERSION: Members = {
  version: { isRequired: true, judge: isVersion },
  deployment_overrides: { judge: isOverrides, inner: faultsOfOverrides },
  deployment_overrides_signature: {
    judge: (value) =>
      value === "" ? undefined : "and it is made here: leave it out, or empty. A pattern is signed by its resource.",
  },
  priority: { judge: isObject },
  upgradePolicy: { judge: isObject },
};

const SERVICE: Members = {
  serviceUrl: { isRequired: true, judge: isWord },
  serviceOrgid: { isRequired: true, judge: isWord },
  serviceArch: { isRequired: true, judge: isWord },
  agreementLess: { judge: isFlag },
  serviceVersions: {
    isRequired: true,
    judge: someOf("version"),
    inner: each((version, path) => faultsOf(version, path, VERSION)),
  },
  dataVerification: { judge: isObject },
  nodeHealth: { judge: isObject },
};

const PATTERN: Members = {
  name: { judge: isWord },
  org: { judge: isText },
  label: { isRequired: true, judge: isText },
  description: { judge: isText },
  public: { judge: isFlag },
  services: { isRequired: true, judge: someOf("service"), inner: each((service, path) => faultsOf(service, path, SERVICE)) },
  userInput: { judge: isList },
  secretBinding: { judge: isList },
  agreementProtocols: { judge: isList, inner: each((protocol, path) => faultsOf(protocol, path, {}, true)) },
  clusterNamespace: { judge: isText },
};

/** Overrides say what of a container's deployment is another: its environment (anax: DeploymentOverrides). */
function faultsOfOverrides(value: unknown, path: Path): readonly Fault[] {
  if (!isRecord(value)) return [];
  return faultsOf(value, path, {
    services: {
      isRequired: true,
      judge: isObject,
      inner: (services, at) =>
        Object.entries(services as object).flatMap(([name, container]) =>
          faultsOf(container, [...at, name], { environment: texts }),
        ),
    },
  });
}

/** All that the exchange, or a node, would not take of a pattern's definition (anax `hzn exchange pattern publish`, exchange-api PostPutPatternRequest). */
export function checkPatternDefinition(definition: Definition): readonly Fault[] {
  return faultsOf(definition, [], PATTERN);
}
