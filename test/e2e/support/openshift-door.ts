import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { createControlClient, type EmulatorControl } from "../../../sandbox/emulators/http";
import { readOpenShiftCredentials } from "../../../sandbox/openshift/credentials";
import type { OpenShiftRegistryHost } from "../../../sandbox/openshift/state";
import type { SandboxState } from "../../../sandbox/state";
import type { ApiRequest } from "./api-request";
import { openshiftOf } from "./openshift";
import type { Pull } from "./pull";

/** What the image registry answered. */
export interface DoorAnswer {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: unknown;
}

/** OpenShift's image registry as a container runtime sees it, written without the product's own client. */
export interface Door {
  ask(path: string, authorization?: string, method?: "GET" | "POST"): Promise<DoorAnswer>;
  /** Logs in by the challenge with an API token as password, and fetches manifest and first layer of `latest`. */
  pull(repository: string, token: string): Promise<Pull>;
  basic(username: string, password: string): string;
  /** A token of a ServiceAccount's by TokenRequest. */
  tokenOf(api: ApiRequest, namespace: string, name: string): Promise<string>;
  control(state: SandboxState): EmulatorControl;
}

/** The registry at one of its hosts. */
export function createDoor({ url, caFile }: OpenShiftRegistryHost): Door {
  const accept = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";
  const fetchRaw = async (to: string, authorization?: string, method: "GET" | "POST" = "GET") => {
    const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
    try {
      const headers = { accept, ...(authorization !== undefined && { authorization }) };
      const { statusCode, headers: answered, body } = await request(to, { dispatcher, method, headers });
      const challenge = answered["www-authenticate"];
      return { status: statusCode, challenge: challenge?.toString(), bytes: Buffer.from(await body.arrayBuffer()) };
    } finally {
      await dispatcher.close();
    }
  };
  const basic: Door["basic"] = (username, password) => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return {
    basic,
    async ask(path, authorization, method) {
      const { status, challenge, bytes } = await fetchRaw(`${url}${path}`, authorization, method);
      const isJson = bytes.length > 0 && bytes.toString("utf8").startsWith("{");
      return { status, challenge, body: isJson ? JSON.parse(bytes.toString("utf8")) : undefined };
    },
    async pull(repository, token) {
      const realm = /realm="([^"]+)"/.exec((await fetchRaw(`${url}/v2/`)).challenge ?? "")?.[1] ?? "";
      const login = await fetchRaw(`${realm}?scope=repository:${repository}:pull`, basic("serviceaccount", token));
      if (login.status !== 200) return { status: login.status, bytes: 0 };
      const bearer = `Bearer ${(JSON.parse(login.bytes.toString("utf8")) as { readonly token: string }).token}`;
      const manifest = await fetchRaw(`${url}/v2/${repository}/manifests/latest`, bearer);
      if (manifest.status !== 200) return { status: manifest.status, bytes: 0 };
      const { layers } = JSON.parse(manifest.bytes.toString("utf8")) as {
        readonly layers: readonly [{ readonly digest: string }];
      };
      const layer = await fetchRaw(`${url}/v2/${repository}/blobs/${layers[0].digest}`, bearer);
      if (`sha256:${createHash("sha256").update(layer.bytes).digest("hex")}` !== layers[0].digest) {
        throw new Error(`The layer of ${repository} is not what its manifest says.`);
      }
      return { status: layer.status, bytes: layer.bytes.length };
    },
    async tokenOf(api, namespace, name) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const { status, body } = await api("POST", path, { spec: { expirationSeconds: 3600 } });
      if (status !== 201) throw new Error(`TokenRequest: ${status} ${String(body.message)}`);
      return String(body.status?.token);
    },
    control(state) {
      const { controls, credentialsFile } = openshiftOf(state);
      return createControlClient(controls.registry, readOpenShiftCredentials(credentialsFile).controlSecret.reveal());
    },
  };
}
