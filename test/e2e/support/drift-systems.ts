/** What happens behind the back of a stack with everything, in the systems beside Bluemix. */
import type { Cluster } from "./cluster";
import { putRoute, type Systems } from "./systems";
import type { Stack } from "./terraform";

/** Whose, and where. */
export interface Drifting {
  readonly cluster: Cluster;
  readonly systems: Systems;
  readonly stack: Stack;
  readonly name: string;
}

/** Credentials end, what was made is edited or deleted, the route is switched off. */
export async function driftSystems({ cluster, systems, stack, name }: Drifting): Promise<void> {
  const { api, horizon } = systems;
  const { control } = systems.ibmCloud;
  const credential = async (address: string) => (await stack.attributes<{ readonly id: string }>(address))?.id.split("/") ?? [];
  await control.disableKey((await credential("registry_ibmcloud_api_key.pull"))[1] ?? "");
  await control.expireKey((await credential("registry_ibmcloud_api_key.expiring"))[1] ?? "");
  await control.deleteNamespace("us-south", (await credential("registry_ibmcloud_namespace.apps"))[1] ?? "");
  for (const own of ["pull", "expiring"]) {
    const [, project = "", secret = ""] = await credential(`registry_openshift_token.${own}`);
    await cluster.delete("secrets", project, secret);
  }
  const annotations = { "openshift.io/display-name": "by hand" };
  await api("PATCH", `/api/v1/namespaces/${name}-images`, { metadata: { annotations } });
  await putRoute(systems, false, {});
  await horizon.control.edit((data) => {
    const id = `${horizon.state.organization}/${name}`;
    Object.assign(data.services[`${id}_1.0.0_amd64`] ?? {}, { label: "by hand" });
    data.dockAuths = data.dockAuths.filter(({ registry }) => registry !== "versioned.partner.example");
    data.keys = data.keys.filter(({ owner }) => owner !== `${id}-adopted_1.0.0_amd64`);
    delete data.patterns[`${id}-adopted`];
  });
}
