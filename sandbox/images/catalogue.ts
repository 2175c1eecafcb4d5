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

/** The ports that the samples serve on, by the last part of their repository: Liberty's own, and any other. */
const PORTS: { readonly [name: string]: number } = { ibmliberty: 9080, app: 8080 };

/**
 * What the private registry holds, by registry namespace: `acme` is the dedicated installation's, `team` the regional registry's,
 * `partner` that of the other private registry.
 *
 * @param programs - what runs in them @default - nothing: they can only be pulled
 */
export function privateImages(programs?: SamplePrograms): CatalogueEntry[] {
  return PRIVATE_REPOSITORIES.map((repository) => {
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
  const port = PRIVATE_REPOSITORIES.includes(repository) ? PORTS[repository.split("/")[1] ?? ""] : undefined;
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
