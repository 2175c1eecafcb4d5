import { parseTokenMark } from "../../../../lib/domain/token-mark";
import type { IbmCloudControl } from "../../../../sandbox/emulators/ibm-cloud";
import type { Cluster } from "../../support/cluster";
import type { StateFile } from "../engine";
import type { Moment } from "../scene";
import { SECRET_NAME } from "./configuration";

/** Where to look. */
export interface World {
  readonly cluster: Cluster;
  readonly control: IbmCloudControl;
  readonly owner: string;
  /** Of the lane. */
  readonly name: string;
}

/** What a lane has in IAM and in the registry. A policy bears the lane's name even where its service ID is gone. */
export async function inventoryOf({ control, owner, name }: World) {
  const { apiKeys, serviceIds, policies, namespaces } = await control.inventory();
  const isOwn = ({ description = "" }: { readonly description: string | undefined }) =>
    parseTokenMark(description)?.owner === owner;
  return {
    apiKeys: apiKeys.filter(isOwn),
    serviceIds: serviceIds.filter(isOwn),
    policies: policies.filter(({ body }) => body.description?.endsWith(`registry-access-${name}`) === true),
    namespaces: namespaces.filter((each) => each.name === name),
  };
}

/** What is wrong in IAM, registry, cluster and state; nothing, where all holds that has to hold at any moment. */
export async function faultsOfWorld(world: World, state: StateFile, { output, settled }: Moment): Promise<readonly string[]> {
  const [{ apiKeys, serviceIds, policies, namespaces }, secret] = await Promise.all([
    inventoryOf(world),
    world.cluster.secret(world.name, SECRET_NAME),
  ]);
  const instances = (type: string) => state.resources.filter((each) => each.type === type).flatMap((each) => each.instances);
  const keys = instances("registry_ibmcloud_api_key");
  const [newest] = keys.filter(({ deposed }) => deposed === undefined);
  const mayBeLeft = settled === "between" && /may be left|Not everything could be undone/.test(output);
  const faults: string[] = [];

  const knownIds = keys.map(({ attributes }) => String(attributes.credential_id).replace("icr/", ""));
  const knownIdentities = keys.map(({ attributes }) => attributes.iam_id);
  const numberOf = (description: string | undefined) => parseTokenMark(description ?? "")?.number ?? 0;
  /** The destroy of the newest one takes what has a lower number with it. */
  const isSwept = (number: number) => newest !== undefined && number < Number(newest.attributes.number);
  for (const { id, description } of apiKeys.filter((key) => !knownIds.includes(key.id)))
    if (!mayBeLeft && !isSwept(numberOf(description))) faults.push(`the key ${id} is in no state, and no destroy deletes it`);
  for (const { id, iamId, description } of serviceIds.filter((service) => !knownIdentities.includes(service.iamId)))
    if (!mayBeLeft && !isSwept(numberOf(description)))
      faults.push(`the service ID ${id} (${iamId}) is in no state, and no destroy deletes it`);
  const identities = [...knownIdentities, ...serviceIds.map(({ iamId }) => iamId)];
  for (const { id, body } of policies)
    if (!body.subjects.some(({ attributes }) => attributes.some(({ value }) => identities.includes(value))))
      faults.push(`the policy ${id} is of a service ID that is gone and in no state`);
  if (namespaces.length > 0 && instances("registry_ibmcloud_namespace").length === 0 && !mayBeLeft)
    faults.push("the registry namespace is in no state");

  const password = passwordOf(secret?.data?.[".dockerconfigjson"]);
  if (password !== undefined && !apiKeys.some(({ live, value }) => live && value === password))
    faults.push("the Secret holds no key that lives");
  // What an earlier run said that it left stays until the next destroy.
  const swept = serviceIds.filter(({ description }) => isSwept(numberOf(description))).map(({ iamId }) => iamId);
  const isLeft = (iamId: string) => settled === "made" && swept.includes(iamId);
  const left = policies.filter(({ body }) =>
    body.subjects.some(({ attributes }) => attributes.some(({ value }) => isLeft(value))),
  );
  const counts = {
    keys: apiKeys.filter(({ iamId }) => !isLeft(iamId)).length,
    services: serviceIds.filter(({ iamId }) => !isLeft(iamId)).length,
    policies: policies.length - left.length,
    namespaces: namespaces.length,
  };
  const count = settled === "made" ? 1 : 0;
  if (
    settled !== "between" &&
    !Object.values({ ...counts, secrets: secret === undefined ? 0 : 1 }).every((each) => each === count)
  )
    faults.push(`after a run that went well (${settled}): ${JSON.stringify(counts)}, Secret: ${secret !== undefined}`);
  return faults;
}

function passwordOf(data: string | undefined): string | undefined {
  if (data === undefined) return undefined;
  const { auths } = JSON.parse(Buffer.from(data, "base64").toString("utf8")) as {
    readonly auths: { readonly [host: string]: { readonly password: string } };
  };
  return Object.values(auths)[0]?.password;
}
