import { readFileSync } from "node:fs";
import { createImage, type Image, type ImageArchitecture } from "./image";
import { NGINX_ENTRYPOINT, nginxFiles } from "./nginx";

/** An image and the name it is pushed under. */
export interface CatalogueEntry {
  /** Path without host: `acme/app`. */
  readonly repository: string;
  readonly tag: string;
  readonly image: Image;
}

/** What images are made of that a node can run. */
export interface SamplePrograms {
  /** The program that serves a folder over HTTP. */
  readonly staticWeb: string;
  /** The unpacked files of Debian's nginx and its libraries; where there are none the program above stands in. */
  readonly nginx: string | undefined;
}

const PRIVATE_REPOSITORIES: readonly string[] = ["acme/ibmliberty", "acme/app", "team/ibmliberty", "partner/app"];

/** What each of IBM Cloud's registries holds: `acme` and `team` are registry namespaces that are there, `demo` is one to be made. */
const ICR_REPOSITORIES: readonly string[] = ["acme/app", "team/app", "team/ibmliberty", "demo/app"];

/** What the image registry of OpenShift's holds, by project. */
const OPENSHIFT_REPOSITORIES: readonly string[] = ["edge/myservice_amd64", "edge/app", "team/app"];

/** An edge service as IBM's document names it, `<name>_<arch>:<version>`: the project, or the registry namespace, has to be made. */
const EDGE_SERVICE = { repository: "edge/myservice_amd64", tag: "1.2.3" } as const;

/** The ports that the samples serve on, by the last part of their repository: Liberty's own, and any other. */
const PORTS: { readonly [name: string]: number } = { ibmliberty: 9080, app: 8080, myservice_amd64: 8080 };

/**
 * What the private registry holds, by registry namespace: `acme` is the dedicated installation's, `team` the regional registry's,
 * `partner` that of the other private registry.
 *
 * @param programs - what runs in them @default - nothing: they can only be pulled
 */
export function privateImages(programs?: SamplePrograms): CatalogueEntry[] {
  return imagesOf(PRIVATE_REPOSITORIES, programs);
}

/** What each registry of IBM Cloud's holds. */
export function icrImages(programs?: SamplePrograms): CatalogueEntry[] {
  return [...imagesOf(ICR_REPOSITORIES, programs), edgeService()];
}

/** What the image registry of OpenShift's holds. */
export function openshiftImages(programs?: SamplePrograms): CatalogueEntry[] {
  return [...imagesOf(OPENSHIFT_REPOSITORIES, programs), edgeService()];
}

/** Only pulled: no node of the sandbox runs it. */
function edgeService(): CatalogueEntry {
  return { ...EDGE_SERVICE, image: sampleImage(`${EDGE_SERVICE.repository}:${EDGE_SERVICE.tag}`, "docker") };
}

function imagesOf(repositories: readonly string[], programs: SamplePrograms | undefined): CatalogueEntry[] {
  return repositories.map((repository) => {
    const image = programs === undefined ? sampleImage(`${repository}:latest`, "docker") : webImage(repository, programs);
    return { repository, tag: "latest", image };
  });
}

/** What the public registry holds, which plays Docker Hub: official images lie under `library`. */
export function publicImages(programs?: SamplePrograms): CatalogueEntry[] {
  const image = programs === undefined ? sampleImage("library/nginx:latest", "oci") : nginxImage(programs);
  return [{ repository: "library/nginx", tag: "latest", image }];
}

/** What an image answers over HTTP on a node, at `/`. */
export interface SampleAnswer {
  readonly port: number;
  /** What its page holds. */
  readonly text: string;
}

/** What the image of a repository of the catalogue answers; undefined for any other repository. */
export function sampleAnswer(repository: string): SampleAnswer | undefined {
  if (repository === "library/nginx") return { port: 80, text: "Welcome to nginx!" };
  const port = [...PRIVATE_REPOSITORIES, ...ICR_REPOSITORIES, ...OPENSHIFT_REPOSITORIES].includes(repository)
    ? PORTS[repository.split("/")[1] ?? ""]
    : undefined;
  return port === undefined ? undefined : { port, text: `${repository}:latest\n` };
}

const ARCHITECTURE: ImageArchitecture = process.arch === "arm64" ? "arm64" : "amd64";

function sampleImage(name: string, format: "docker" | "oci"): Image {
  return createImage({ format, files: [{ path: "etc/sandbox-image", content: `${name}\n` }] });
}

function webImage(repository: string, { staticWeb }: SamplePrograms): Image {
  const { port, text } = sampleAnswer(repository) ?? { port: 8080, text: "" };
  return createImage({
    format: "docker",
    architecture: ARCHITECTURE,
    files: [
      { path: "bin/static-web", content: readFileSync(staticWeb), mode: 0o755 },
      { path: "srv/index.html", content: text },
    ],
    entrypoint: ["/bin/static-web", `-address=:${port}`, "-folder=/srv"],
  });
}

function nginxImage(programs: SamplePrograms): Image {
  const { nginx } = programs;
  if (nginx === undefined) return webImage("library/nginx", programs);
  return createImage({ format: "oci", architecture: ARCHITECTURE, files: nginxFiles(nginx), entrypoint: NGINX_ENTRYPOINT });
}

/** The image whose container holds a Pod's namespaces. */
export function pauseImage(pause: string): Image {
  const files = [{ path: "pause", content: readFileSync(pause), mode: 0o755 }];
  return createImage({ format: "oci", architecture: ARCHITECTURE, files, entrypoint: ["/pause"] });
}
