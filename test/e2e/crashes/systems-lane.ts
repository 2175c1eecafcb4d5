import { rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { OWNER_ANNOTATION } from "../../../lib/domain/ownership";
import { parseTokenMark } from "../../../lib/domain/token-mark";
import type { Random } from "../../support/random";
import { CREATE_FIRST } from "../support/access-hcl";
import { type ApiRequest, createApiRequest, type RawObject } from "../support/api-request";
import { type Cluster, until } from "../support/cluster";
import { type Horizon, openHorizon } from "../support/horizon";
import { type IbmCloud, ibmCloudIssuer, openIbmCloud } from "../support/ibm-cloud";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";
import { type Count, createTripwire, type Trip } from "../support/tripwire";
import { type Blow, strikeRun } from "./blow";
import { readState, repair, writeState } from "./local-state";

/** What a stack with the resources of IBM Cloud, OpenShift and Open Horizon goes through. */
export type SystemsPhase = "create" | "rotate" | "destroy";

/** One run that was ended, and what came of it. */
export interface SystemsCrash {
  readonly phase: SystemsPhase;
  readonly blow: Blow;
  /** The request at which it came; undefined where it struck nothing. */
  readonly moment: string | undefined;
  /** What was there after it, and in no state. */
  readonly left: string;
}

/** One stack of all three systems, and of a copy of the Secret that the API key is in. */
export interface SystemsLane {
  /** One phase without a blow: how many requests it makes. */
  run(phase: SystemsPhase): Promise<Count>;
  /** One phase with a blow in it, then the same command again. Throws where that does not lead where it should. */
  crash(phase: SystemsPhase, blow: Blow, count: Count, random: Random): Promise<SystemsCrash>;
  close(): Promise<void>;
}

const ACCOUNT = "puller";
const SECRET = "pull";
const CONFIG = "/apis/imageregistry.operator.openshift.io/v1/configs/cluster";
const ROUTE = "/apis/route.openshift.io/v1/namespaces/openshift-image-registry/routes/default-route";
const DELAY_MS = 60;

/** Opens the lane in a sandbox that has the systems. */
export async function openSystemsLane(name: string, cluster: Cluster): Promise<SystemsLane> {
  const owner = `tests/${name}`;
  const [made, standing, source, copied] = [`${name}-made`, `${name}-standing`, `${name}-source`, `${name}-copied`];
  for (const namespace of [standing, source, copied]) await cluster.createNamespace(namespace);
  await cluster.create("serviceaccounts", { metadata: { name: ACCOUNT, namespace: standing } });
  const [wire, api] = await Promise.all([createTripwire(cluster.state), createApiRequest(cluster.state)]);
  const ibmCloud = openIbmCloud(cluster.state);
  const horizon = openHorizon(wire.state);
  const stack = await createStack(name, { IBMCLOUD_API_KEY: ibmCloud.credentials.apiKey.reveal(), ...horizon.env });
  const issuer = ibmCloudIssuer(openIbmCloud(wire.state), cluster.state.caFile);
  const write = (phase: SystemsPhase) =>
    stack.write(`
provider "registry" {
  owner      = ${JSON.stringify(owner)}
  kubernetes = { config_path = ${JSON.stringify(wire.state.kubeconfig)} }
  issuers    = { icr = { ibmcloud = ${issuer} }, openshift = { openshift = {} } }
  horizon    = ${horizon.hcl}
}
resource "registry_ibmcloud_api_key" "pull" {
  issuer      = "icr"
  name        = "pull"
  description = "${phase === "create" ? "first" : "second"}"
  ${CREATE_FIRST}
}
resource "registry_pull_secret" "source" {
  name       = "${SECRET}"
  namespaces = ["${source}"]
  registries = [{ hosts = ${JSON.stringify(ibmCloud.hosts)}, credential_id = registry_ibmcloud_api_key.pull.credential_id }]
}
resource "registry_pull_secret" "copy" {
  name       = "${SECRET}"
  namespaces = ["${copied}"]
  registries = [{ copy_from = {
    namespace = "${source}"
    name      = registry_pull_secret.source.name
    revision  = registry_pull_secret.source.fingerprint
  } }]
}
resource "registry_openshift_route" "images" {}
resource "registry_openshift_project" "images" {
  name = "${made}"
}
resource "registry_openshift_token" "pull" {
  issuer           = "openshift"
  name             = "pull"
  description      = "${phase === "create" ? "first" : "second"}"
  project          = "${standing}"
  service_account  = "${ACCOUNT}"
  lifetime_seconds = 7200
  ${CREATE_FIRST}
}
${publications(name, phase, horizon.state.privateKeyFile)}`);
  write("create");
  expectWell(await stack.plan());
  rmSync(join(stack.folder, "plan.bin"));
  const world: World = { owner, made, standing, source, copied, published: name, api, ibmCloud, horizon };
  const again = (phase: SystemsPhase) => (phase === "destroy" ? stack.destroy() : stack.apply());

  return {
    async run(phase) {
      write(phase);
      void wire.arm({ of: "all", index: -1, side: "asked" });
      expectWell(await again(phase));
      const count = wire.disarm();
      await expectReached(world, stack, phase);
      return count;
    },
    async crash(phase, blow, count, random) {
      write(phase);
      const state = readState(stack);
      // Twice as often at what changes something: there are few of those, and all that is told by marks hangs on them.
      const of = random.pick<Trip["of"]>(["all", "writes", "writes"]);
      const trip: Trip = { of, index: random.below(count[of]), side: random.pick(["asked", "done", "answered"]) };
      const delay = trip.side === "answered" ? random.below(DELAY_MS) : 0;
      try {
        const verb = phase === "destroy" ? "destroy" : "apply";
        const { command, moment, emptied } = await strikeRun({ stack, wire, verb, blow, trip, delay, random });
        if (blow === "kill both, state lost") writeState(stack, state);
        repair(stack);
        if (blow.startsWith("Ctrl-C")) await emptied;
        const between = await survey(world);
        const second = await again(phase);
        wire.disarm();
        if (second.code !== 0) throw new Error(`the same command again failed: ${second.output}\nAfter: ${command.output()}`);
        const { left } = await emptied;
        if (left.length > 0) throw new Error(`still running a minute after the blow: ${left.join("; ")}`);
        await expectReached(world, stack, phase);
        return { phase, blow, moment, left: JSON.stringify(between) };
      } catch (error) {
        const at = `${phase}, ${blow} at ${of} ${trip.index} ${trip.side} + ${delay} ms`;
        throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        wire.disarm();
      }
    },
    async close() {
      await wire.close();
      removeStack(stack);
    },
  };
}

/** A service of Open Horizon, its registry credential and its pattern; each is written anew in a rotation. */
function publications(name: string, phase: SystemsPhase, key: string): string {
  const label = phase === "create" ? "first" : "second";
  const image = `registry.partner.example:5000/gps@sha256:${"0".repeat(64)}`;
  return `
resource "registry_horizon_service" "gps" {
  signing_key_file = ${JSON.stringify(key)}
  definition = jsonencode({
    label = "${label}", url = "${name}", version = "1.0.0", arch = "amd64", sharable = "multiple"
    deployment = { services = { gps = { image = "${image}" } } }
  })
}
resource "registry_horizon_registry_auth" "gps" {
  service     = registry_horizon_service.gps.service_id
  registry    = "registry.partner.example:5000"
  username    = "${label}"
  password_wo = "hunter22-${label}"
}
resource "registry_horizon_pattern" "gps" {
  name             = "${name}"
  signing_key_file = ${JSON.stringify(key)}
  variables        = { SERVICE_URL = registry_horizon_service.gps.url }
  definition = jsonencode({
    label    = "${label}"
    services = [{ serviceUrl = "$SERVICE_URL", serviceOrgid = "$HZN_ORG_ID", serviceArch = "amd64", serviceVersions = [{ version = "1.0.0" }] }]
  })
}
`;
}

interface World {
  readonly owner: string;
  readonly made: string;
  readonly standing: string;
  /** The namespace of a Secret with the API key, and that of its copy. */
  readonly source: string;
  readonly copied: string;
  /** What a service and a pattern of Open Horizon are called. */
  readonly published: string;
  readonly api: ApiRequest;
  readonly ibmCloud: IbmCloud;
  readonly horizon: Horizon;
}

/** How much there is of everything that bears the owner's mark. */
async function survey({ owner, made, standing, source, copied, published, api, ibmCloud, horizon }: World) {
  const { apiKeys, serviceIds, policies } = await ibmCloud.control.inventory();
  const exchange = await horizon.control.data();
  const org = horizon.state.organization;
  const service = `${org}/${published}_1.0.0_amd64`;
  const isOwn = ({ description = "" }: { readonly description: string | undefined }) =>
    parseTokenMark(description)?.owner === owner;
  const [original, copy, secrets, project, route, config] = await Promise.all([
    api("GET", `/api/v1/namespaces/${source}/secrets/${SECRET}`),
    api("GET", `/api/v1/namespaces/${copied}/secrets/${SECRET}`),
    api("GET", `/api/v1/namespaces/${standing}/secrets`),
    api("GET", `/apis/project.openshift.io/v1/projects/${made}`),
    api("GET", ROUTE),
    api("GET", CONFIG),
  ]);
  const tokens = (secrets.body.items as readonly RawObject[]).filter(
    ({ metadata }) => metadata.annotations?.[OWNER_ANNOTATION] === owner,
  );
  return {
    keys: apiKeys.filter(isOwn).length,
    serviceIds: serviceIds.filter(isOwn).length,
    // Of this sandbox no other policy is.
    policies: policies.length,
    tokens: tokens.length,
    pullSecrets: [original, copy].filter(({ status }) => status === 200).length,
    copies: copy.status === 200 && isDeepStrictEqual(copy.body.data, original.body.data) ? 1 : 0,
    projects: project.status === 200 ? 1 : 0,
    routes: route.status === 200 ? 1 : 0,
    services: exchange.services[service] === undefined ? 0 : 1,
    registryAuths: exchange.dockAuths.filter((auth) => auth.service === service).length,
    patterns: exchange.patterns[`${org}/${published}`] === undefined ? 0 : 1,
    marks: JSON.stringify(config.body.metadata.annotations ?? {}).includes(owner) ? 1 : 0,
  };
}

/** One of everything, or more of what a crash left and the next destroy takes; an empty plan. After the destroy: nothing at all. */
async function expectReached(world: World, stack: Stack, phase: SystemsPhase): Promise<void> {
  if (phase === "destroy") {
    // A project goes with all that is in it, in its own time.
    await until(async () => (await survey(world)).projects === 0);
    expect(Object.entries(await survey(world)).filter(([, count]) => count !== 0)).toEqual([]);
    return;
  }
  expect(Object.entries(await survey(world)).filter(([, count]) => count === 0)).toEqual([]);
  const { code, output } = await stack.run("plan", "-detailed-exitcode", "-no-color", "-input=false");
  if (code !== 0) throw new Error(`the next plan is not empty: ${output}`);
}
