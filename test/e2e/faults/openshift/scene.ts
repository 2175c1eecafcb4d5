import { readFile } from "node:fs/promises";
import { OWNER_ANNOTATION } from "../../../../lib/domain/ownership";
import { parseTokenMark } from "../../../../lib/domain/token-mark";
import { openshiftProject, openshiftToken } from "../../../../lib/schema";
import { kubernetesRefusal } from "../../../../sandbox/fault-proxy";
import { createApiRequest, type RawObject } from "../../support/api-request";
import type { Cluster } from "../../support/cluster";
import { userToken } from "../../support/user-token";
import { type Configuration, reference } from "../configuration";
import type { StateFile } from "../engine";
import type { Moment, Scene, Wanted } from "../scene";

const ACCOUNT = "puller";
/** The annotation with a token's description, which bears its mark. */
const DESCRIPTION = "registry-access/description";

/** A project of OpenShift, and a bound token in another one. */
export async function openOpenShift(cluster: Cluster, name: string): Promise<Scene> {
  const { state } = cluster;
  const owner = `faults/${name}`;
  const [made, standing] = [`made-${name}`, `standing-${name}`];
  await cluster.createNamespace(standing);
  await cluster.create("serviceaccounts", { metadata: { name: ACCOUNT, namespace: standing } });
  const ca = await readFile(state.caFile, "utf8");
  const token = await userToken(cluster, name, "cluster-admin");
  const api = await createApiRequest(state);
  const own = async (path: string): Promise<readonly RawObject[]> => {
    const items = (await api("GET", path)).body.items as readonly RawObject[];
    return items.filter(({ metadata }) => metadata.annotations?.[OWNER_ANNOTATION] === owner);
  };
  const secretsPath = `/api/v1/namespaces/${standing}/secrets`;

  return {
    owner,
    services: { openshift: { url: state.apiServer, refusal: kubernetesRefusal } },
    env: { KUBE_TOKEN: token },
    secrets: [token],
    neverTwice: [],
    // It is about the provider's cluster, and no attribute of a project or a token.
    pathless: /The cluster at \S+ could not be asked which one it is/,
    configure: (wanted) => configure({ ...wanted, owner, ca, made, standing }),
    async damage() {
      for (const { metadata } of await own(secretsPath)) await api("DELETE", `${secretsPath}/${metadata.name}`);
    },
    async faultsOf(found, moment) {
      const [secrets, project] = await Promise.all([
        own(secretsPath),
        api("GET", `/apis/project.openshift.io/v1/projects/${made}`),
      ]);
      return faultsOfWorld({ secrets, hasProject: project.status === 200 }, found, moment);
    },
  };
}

interface World {
  readonly secrets: readonly RawObject[];
  readonly hasProject: boolean;
}

/** What is in no state is a leak, unless the run said so; after a run that went well all is there, or all is gone. */
function faultsOfWorld(world: World, state: StateFile, { output, settled }: Moment): readonly string[] {
  const instances = (type: string) => state.resources.filter((each) => each.type === type).flatMap((each) => each.instances);
  const tokens = instances("registry_openshift_token");
  const known = tokens.map(({ attributes }) => String(attributes.credential_id).split("/").at(-1));
  const newest = tokens.find(({ deposed }) => deposed === undefined);
  /** The destroy of the newest one takes what has a lower number with it. */
  const isSwept = ({ metadata }: RawObject) =>
    newest !== undefined &&
    (parseTokenMark(metadata.annotations?.[DESCRIPTION] ?? "")?.number ?? 0) < Number(newest.attributes.number);
  const mayBeLeft = settled === "between" && /may be left|could not be undone|Not everything could be undone/.test(output);
  const faults = world.secrets
    .filter((secret) => !known.includes(secret.metadata.name) && !mayBeLeft && !isSwept(secret))
    .map(({ metadata }) => `the token Secret ${metadata.name} is in no state`);
  // What an earlier run said that it left stays until the next destroy.
  const count = world.secrets.filter((secret) => settled !== "made" || !isSwept(secret)).length;
  if (settled === "made" && !(count === 1 && world.hasProject)) {
    faults.push(`after a run that went well: ${count} tokens, project ${world.hasProject}`);
  }
  if (settled === "gone" && (count > 0 || world.hasProject)) {
    faults.push(`after the destroy: ${count} tokens, project ${world.hasProject}`);
  }
  return faults;
}

interface Options extends Wanted {
  readonly owner: string;
  readonly ca: string;
  readonly made: string;
  readonly standing: string;
}

/** Variant `b` has another display name; a generation is another token. */
function configure({ owner, ca, made, standing, urls, variant, generation }: Options): Configuration {
  const timeouts = { create: "40s", read: "40s", delete: "60s" };
  return {
    provider: {
      owner,
      request_timeout: "2s",
      kubernetes: { host: urls.openshift ?? "", cluster_ca_certificate: ca },
      issuers: { openshift: { openshift: {} } },
    },
    resources: [
      {
        schema: openshiftToken,
        config: {
          issuer: "openshift",
          name: "pull",
          description: `generation ${generation}`,
          project: standing,
          service_account: ACCOUNT,
          lifetime_seconds: 7200,
          timeouts,
        },
        createsBeforeDestroy: true,
      },
      {
        schema: openshiftProject,
        // One after the other, so that each run makes its calls in one order.
        config: {
          name: made,
          display_name: variant,
          description: reference(openshiftToken, "project"),
          timeouts: { ...timeouts, update: "40s" },
        },
      },
    ],
    lookedUp: [],
  };
}
