import { checkImageReference } from "../image-reference";
import { isRecord } from "../json";
import type { Path } from "../problem";
import type { Definition } from "./definition";
import {
  each,
  type Fault,
  faultsOf,
  isFlag,
  isList,
  isObject,
  isText,
  isVersion,
  isWord,
  type Members,
  shownValue,
  texts,
} from "./faults";

const SHARABLE: readonly unknown[] = ["exclusive", "single", "singleton", "multiple"];

/** What a container of a deployment says of itself; nodes know more, and differ in it. */
const CONTAINER: Members = {
  image: {
    isRequired: true,
    judge: isWord,
    inner: (image, path) => {
      const problem = checkImageReference(String(image), path);
      return problem === undefined ? [] : [{ path, detail: problem.detail }];
    },
  },
  privileged: { judge: isFlag },
  environment: {
    ...texts,
    inner: each((entry, path) =>
      String(entry).includes("=")
        ? []
        : [{ path, detail: `${shownValue(entry)} is no environment variable: that is "NAME=value".` }],
    ),
  },
  binds: texts,
  devices: texts,
  cap_add: texts,
};

/** A service's `deployment`, and a pattern's overrides of it. */
function faultsOfDeployment(value: unknown, path: Path): readonly Fault[] {
  if (!isRecord(value)) return [];
  return faultsOf(value, path, {
    services: {
      isRequired: true,
      judge: (services) =>
        isRecord(services) && Object.keys(services).length > 0 ? undefined : "and it is an object with one container or more.",
      inner: (services, at) =>
        Object.entries(services as object).flatMap(([name, container]) => faultsOf(container, [...at, name], CONTAINER, true)),
    },
  });
}

const signedHere = (value: unknown): string | undefined =>
  value === "" ? undefined : "and it is made here: leave it out, or empty. A definition is signed by its resource.";

/** An object, or an empty text: what `hzn dev service new` writes where there is none. */
const isDeployment = (value: unknown): string | undefined =>
  isRecord(value) || value === "" ? undefined : "and it is an object, which is signed here.";

function members(arch: unknown): Members {
  return {
    org: { judge: isText },
    label: { isRequired: true, judge: isText },
    description: { judge: isText },
    documentation: {
      judge: (value) => (value === "" || URL.canParse(String(value)) ? undefined : "and it is a URL."),
    },
    public: { judge: isFlag },
    url: { isRequired: true, judge: isWord },
    version: { isRequired: true, judge: isVersion },
    arch: { isRequired: true, judge: isWord },
    sharable: {
      isRequired: true,
      judge: (value) => (SHARABLE.includes(value) ? undefined : `and it is one of ${SHARABLE.join(", ")}.`),
    },
    matchHardware: { judge: isObject },
    imageStore: { judge: isObject },
    requiredServices: { judge: isList, inner: each((required, path) => faultsOfRequired(required, path, arch)) },
    userInput: { judge: isList, inner: each(faultsOfUserInput) },
    deployment: { judge: isDeployment, inner: faultsOfDeployment },
    deploymentSignature: { judge: signedHere },
    clusterDeployment: { judge: isDeployment, inner: faultsOfClusterDeployment },
    clusterDeploymentSignature: { judge: signedHere },
  };
}

function faultsOfRequired(value: unknown, path: Path, arch: unknown): readonly Fault[] {
  const faults = faultsOf(value, path, {
    url: { isRequired: true, judge: isWord },
    org: { isRequired: true, judge: isWord },
    arch: {
      isRequired: true,
      judge: (own) =>
        own === arch ? undefined : `and the service's own arch is ${shownValue(arch)}: the exchange takes no other.`,
    },
    version: { judge: isWord },
    versionRange: { judge: isWord },
  });
  if (faults.length > 0 || !isRecord(value) || value.version !== undefined || value.versionRange !== undefined) return faults;
  return [{ path, detail: `It has neither versionRange nor version. Give one, such as versionRange = "[1.0.0,INFINITY)".` }];
}

/** `hzn dev service new` writes one whose members are all empty, for somebody to fill in. */
function faultsOfUserInput(value: unknown, path: Path): readonly Fault[] {
  const known = ["name", "label", "type", "defaultValue"];
  if (isRecord(value) && Object.entries(value).every(([name, member]) => member === "" && known.includes(name))) return [];
  return faultsOf(value, path, {
    name: { isRequired: true, judge: isWord },
    label: { judge: isText },
    type: { judge: isText },
    defaultValue: {
      judge: (given) => (typeof given === "string" ? undefined : "and the exchange takes a text: write it in quotes."),
    },
  });
}

/** An operator's archive can't be read from here as hzn reads it: it comes as its content. */
function faultsOfClusterDeployment(value: unknown, path: Path): readonly Fault[] {
  if (!isRecord(value)) return [];
  const archive = value.operatorYamlArchive;
  if (archive === undefined || (typeof archive === "string" && /^[A-Za-z0-9+/]{20,}={0,2}$/.test(archive))) return [];
  return [
    {
      path: [...path, "operatorYamlArchive"],
      detail: `${shownValue(archive)} is not the archive's content in base64: give filebase64("operator.tar.gz").`,
    },
  ];
}

/** All that the exchange, or a node, would not take of a service's definition (anax `hzn exchange service publish`, exchange-api PostPutServiceRequest). */
export function checkServiceDefinition(definition: Definition): readonly Fault[] {
  return faultsOf(definition, [], members(definition.arch));
}

/** The images of a deployment by container, as they are written. */
export function imagesOf({ deployment }: Definition): ReadonlyMap<string, string> {
  if (!isRecord(deployment) || !isRecord(deployment.services)) return new Map();
  return new Map(
    Object.entries(deployment.services).flatMap(([name, container]) =>
      isRecord(container) && typeof container.image === "string" ? [[name, container.image] as const] : [],
    ),
  );
}

/** The definition with other images, by container. */
export function withImages(definition: Definition, images: ReadonlyMap<string, string>): Definition {
  const { deployment } = definition;
  if (!isRecord(deployment) || !isRecord(deployment.services)) return definition;
  const services = Object.entries(deployment.services).map(([name, container]) => {
    const image = images.get(name);
    return [name, isRecord(container) && image !== undefined ? { ...container, image } : container];
  });
  return { ...definition, deployment: { ...deployment, services: Object.fromEntries(services) } };
}
