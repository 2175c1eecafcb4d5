/** Mixed: one pull secret that serves systems A to F at once, deployed and pulled from host by host. */

import { Secret } from "../../lib/domain/secret";
import { findEngine, silentProgress } from "../../sandbox";
import { stackFolder } from "../../sandbox/main-job/program";
import type { Project } from "../../sandbox/main-job/project";
import { provePublicPull, provePull } from "../../sandbox/main-job/pull-proof";
import { prepareStack } from "../../sandbox/main-job/run-stack";
import { type Cluster, startCluster } from "./support/cluster";
import { expectWell, openStack } from "./support/terraform";

jest.setTimeout(300_000);

const { signal } = new AbortController();
let cluster: Cluster;
let project: Project;

beforeAll(async () => {
  cluster = await startCluster("e2e-all-systems", { systems: ["ibm-cloud", "openshift", "open-horizon"] });
});
afterAll(() => cluster?.stop());

it("pulls from every host by one Secret, plans nothing the second time, and leaves nothing", async () => {
  const { state } = cluster;
  const engine = await findEngine();
  const place = { kubeconfig: state.kubeconfig, context: state.context };
  const source = "test/e2e/all-systems";
  project = await prepareStack({ source, state, cluster: place, engine, progress: silentProgress, signal });
  await project.deploy(signal);

  const config = await cluster.dockerConfig("everything", "registry-pull-access");
  const { auths } = config as { readonly auths: { readonly [host: string]: { readonly username: string } } };
  const users = Object.fromEntries(Object.entries(auths).map(([host, { username }]) => [host, username]));
  expect(users).toEqual({
    "registry.acme.example.com": "token",
    "registry.ng.bluemix.net": "token",
    "registry.bluemix.net": "token",
    [state.registries.private.host]: "acme",
    "default-route-openshift-image-registry.apps.sandbox.example.com": "edge-puller",
    "image-registry.openshift-image-registry.svc:5000": "edge-puller",
    ...Object.fromEntries((project.variables.ICR_HOSTS ?? "").split(",").map((host) => [host, "iamapikey"])),
  });
  const text = Secret.of(JSON.stringify(config));
  const pulls = await Promise.all(Object.keys(auths).map((host) => provePull(state, host, text, signal)));
  expect(pulls.map(({ fault }) => fault)).toEqual(pulls.map(() => undefined));
  expect(pulls.every(({ bytes = 0 }) => bytes > 0)).toBe(true);
  // Docker Hub stands in no Secret: its public images are pulled as everybody pulls them.
  const open = await provePublicPull(state, { repository: "library/nginx", reference: "latest" }, signal);
  expect([open.fault, (open.bytes ?? 0) > 0]).toEqual([undefined, true]);
  // It is each host's own credential that opens it.
  const wrong = Object.entries(users).map(([host, username]) => [host, { username, password: "wrong-password" }]);
  const strangers = Secret.of(JSON.stringify({ auths: Object.fromEntries(wrong) }));
  const refused = await Promise.all(Object.keys(auths).map((host) => provePull(state, host, strangers, signal)));
  expect(refused.map(({ bytes, fault }) => [bytes, typeof fault])).toEqual(refused.map(() => [undefined, "string"]));

  const variables = { PATH: process.env.PATH, HOME: project.folder, TF_IN_AUTOMATION: "1", ...project.variables };
  const stack = openStack(await stackFolder(project.folder), engine.path, variables);
  expect(expectWell(await stack.plan()).changes).toEqual({});
  await project.destroy(signal);
  expect(await cluster.secret("everything", "registry-pull-access")).toBeUndefined();
});
