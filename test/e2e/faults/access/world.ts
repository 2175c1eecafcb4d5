import { authOf } from "../../../../lib/domain/docker-config";
import { INSTANCE_ANNOTATION, OWNER_ANNOTATION } from "../../../../lib/domain/ownership";
import { Secret } from "../../../../lib/domain/secret";
import { parseTokenMark } from "../../../../lib/domain/token-mark";
import { DEDICATED } from "../../../../sandbox";
import type { Cluster } from "../../support/cluster";
import type { Bluemix } from "../../support/dedicated";
import type { StateFile } from "../engine";
import { isApplied, isDestroying, type Moment } from "../scene";
import { SECRET_NAME } from "./configuration";
import { FOREIGN } from "./namespaces";

/** Where to look. */
export interface World {
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
  readonly owner: string;
  readonly namespaces: readonly string[];
}

type Attributes = { readonly [name: string]: unknown };

/** What is wrong in cluster, issuer and state; nothing, where all holds that has to hold at any moment. */
export async function faultsOfWorld(
  { cluster, bluemix, owner, namespaces }: World,
  state: StateFile,
  moment: Moment,
): Promise<readonly string[]> {
  const [tokens, secrets, accounts] = await Promise.all([
    bluemix.living(owner),
    Promise.all(namespaces.map((namespace) => cluster.secret(namespace, SECRET_NAME))),
    Promise.all(namespaces.map((namespace) => cluster.serviceAccount(namespace))),
  ]);
  const instances = (type: string) => state.resources.filter((each) => each.type === type).flatMap((each) => each.instances);
  const known = instances("registry_token").map(({ attributes }) => String(attributes.credential_id).replace("dedicated/", ""));
  const [newest] = instances("registry_token").filter(({ deposed }) => deposed === undefined);
  const pullSecret = instances("registry_pull_secret")[0]?.attributes;
  const patch = instances("registry_service_account_patch")[0]?.attributes;
  const own = secrets.filter((secret) => secret?.metadata.annotations?.[OWNER_ANNOTATION] === owner);
  const values = new Set(tokens.map(({ value }) => value));
  const faults: string[] = [];

  for (const { id, description } of tokens.filter(({ id }) => !known.includes(id))) {
    const number = parseTokenMark(description)?.number ?? 0;
    const isSwept = newest !== undefined && number < Number(newest.attributes.number);
    if (!(isSwept || (moment.settled === "between" && saysLeft(moment.output))))
      faults.push(`token ${id} (number ${number}) is in no state, and no destroy revokes it`);
  }
  for (const id of known.filter((id) => !tokens.some((token) => token.id === id)))
    if (moment.settled === "made") faults.push(`token ${id} of the state does not live`);

  for (const secret of own) {
    const config = Buffer.from(secret?.data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8");
    const password = authOf(Secret.of(config), DEDICATED.hosts[0])?.password ?? "";
    if (!values.has(password)) faults.push(`the Secret in ${secret?.metadata.namespace} holds no living token`);
  }
  faults.push(
    ...placementFaults("Secret", pullSecret, (namespace) => holdsSecret(own, namespace, pullSecret), own.length, moment),
  );
  const entries = accounts.filter((account) => account?.imagePullSecrets?.some(({ name }) => name === SECRET_NAME));
  const isPatched = (key: string) => entries.some((account) => `${account?.metadata.namespace}/default` === key);
  faults.push(...placementFaults("entry", patch, isPatched, entries.length, moment));
  for (const account of accounts) {
    const [name, value] = FOREIGN.annotation;
    const kept = account?.imagePullSecrets?.some((entry) => entry.name === FOREIGN.entry);
    if (kept !== true || account?.metadata.annotations?.[name] !== value)
      faults.push(`the ServiceAccount in ${account?.metadata.namespace} lost what is somebody else's`);
  }
  if (moment.settled === "made" && tokens.length !== 1) faults.push(`${tokens.length} tokens live, where one was to be made`);
  if (moment.settled === "gone" && tokens.length > 0) faults.push(`${tokens.length} tokens live after the destroy`);
  return faults;
}

function holdsSecret(
  own: readonly ({ metadata: { namespace?: string; annotations?: Attributes } } | undefined)[],
  namespace: string,
  pullSecret: Attributes | undefined,
): boolean {
  return own.some(
    (secret) =>
      secret?.metadata.namespace === namespace && secret.metadata.annotations?.[INSTANCE_ANNOTATION] === pullSecret?.instance,
  );
}

/** What a resource's state says is there has to be there; what no state knows must not. */
function placementFaults(
  what: string,
  attributes: Attributes | undefined,
  isThere: (target: string) => boolean,
  count: number,
  { output, settled }: Moment,
): readonly string[] {
  const targets = Object.entries((attributes?.targets ?? {}) as { [key: string]: { readonly status: string | null } });
  const absent = targets.filter(([target, { status }]) => status === "in_sync" && !isThere(target));
  const faults =
    settled === "between" && attributes !== undefined && isApplied(output) && !isDestroying(output)
      ? absent.map(([target]) => `no ${what} in ${target}, and the state says in_sync`)
      : [];
  if (attributes === undefined && count > 0 && !(settled === "between" && saysLeft(output)))
    faults.push(`${count} × ${what} in no state`);
  if (settled === "made" && (absent.length > 0 || targets.length !== 2 || count !== 2))
    faults.push(`${count} × ${what}, and the state has ${JSON.stringify(targets)}`);
  return faults;
}

/** Whether the run itself says that it left something, and how to go on. */
function saysLeft(output: string): boolean {
  return /Not everything could be undone|A registry token may be left/.test(output);
}
