import fc from "fast-check";
import { OWNER_ANNOTATION } from "../../../lib/domain/ownership";
import { ENTRIES_ANNOTATION } from "../../../lib/domain/pull-secret-entries";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeState } from "../../../lib/provider/protocol/dynamic-value";
import { pullSecret, serviceAccountPatch } from "../../../lib/schema";
import { NAMESPACES, SERVICE_ACCOUNTS, validConfig } from "../support/configurations";
import { listedTokens, patchScene, pullSecretScene, type Scene } from "../support/foreign";
import { begin, change, type Held, heldAfter, type Life, NONE, snapshot, stateOf } from "../support/life";
import { property } from "../support/property";
import { type Answer, hasFailed } from "../support/session";
import { ensure, same } from "../support/texts";
import { NOTHING } from "../support/world";

/** Imports, and reads what was imported, as Terraform does; undefined where nothing was. */
async function imported(life: Life, { owner, name, places }: Scene): Promise<Held | undefined> {
  const untouched = snapshot(life.world);
  await life.restart();
  const answer: Answer = await life.call("ImportResourceState", { id: `${owner}/${name}@${places.join(",")}` });
  same(snapshot(life.world), untouched, "an import writes nothing");
  const [one] = answer.importedResources ?? [];
  ensure((one === undefined) === hasFailed(answer), "an import gives a state, or an error");
  if (one === undefined) return undefined;
  const state = one.state ?? NONE;
  ensure(decodeState(state, life.schema) !== null, "an import gives a state");
  const read = await life.call("ReadResource", { currentState: state, private: one.private ?? Buffer.alloc(0) });
  ensure(!hasFailed(read), `what was imported can be read: ${fc.stringify(read.diagnostics)}`);
  const held = heldAfter(read);
  ensure(stateOf(held, life.schema) !== null, "what was imported is there");
  same(snapshot(life.world), untouched, "the read after an import writes nothing");
  return held;
}

/** From there on it is managed: its configuration is applied, and it is destroyed. */
async function manage(life: Life, held: Held, config: ObjectValue, fixed: readonly string[]): Promise<void> {
  const { schema } = life;
  const state: ObjectValue = stateOf(held, schema) ?? {};
  const own: ObjectValue = { ...config, ...Object.fromEntries(fixed.map((name) => [name, state[name] ?? null])) };
  const changed = await change(life, held, own);
  await change(life, changed === undefined || hasFailed(changed) ? held : heldAfter(changed), null);
}

/** Whether a register says that this is the owner's; own members only, since every object knows a "constructor". */
function isRegistered(annotation: string | undefined, { owner, name }: Scene): boolean {
  try {
    const own = memberOf(JSON.parse(annotation ?? "{}"), owner);
    return typeof memberOf(own, name) === "string";
  } catch {
    return false;
  }
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, name) ? (value as { readonly [name: string]: unknown })[name] : undefined;
}

/** Pull secrets that others made, and damaged. */
export const importsOfPullSecret = property(
  "a registry_pull_secret is imported from what others wrote",
  60,
  fc.tuple(pullSecretScene, listedTokens, fc.option(validConfig(pullSecret), { freq: 2 })),
  async ([scene, tokens, config]) => {
    const life = begin(pullSecret, { ...NOTHING, secrets: scene.objects, tokens });
    const isOwners = scene.objects.every(({ metadata }) => metadata.annotations?.[OWNER_ANNOTATION] === scene.owner);
    const held = await imported(life, scene);
    same(held !== undefined, isOwners && scene.objects.length > 0, "imported, where all Secrets are the owner's");
    if (held !== undefined && config !== null) await manage(life, held, config, ["name", "namespaces"]);
  },
);

const accounts = NAMESPACES.flatMap((namespace) => SERVICE_ACCOUNTS.map((name) => ({ metadata: { name, namespace } })));

/** Patches whose registers others wrote, and damaged. */
export const importsOfPatch = property(
  "a registry_service_account_patch is imported from what others wrote",
  240,
  fc.tuple(patchScene, validConfig(serviceAccountPatch)),
  async ([scene, config]) => {
    const life = begin(serviceAccountPatch, { ...NOTHING, serviceAccounts: scene.objects });
    const held = await imported(life, scene);
    const isOwners = scene.objects.some(({ metadata }) => isRegistered(metadata.annotations?.[ENTRIES_ANNOTATION], scene));
    same(held !== undefined, isOwners, "imported, where the owner registered it anywhere");
    if (held === undefined) return;
    // What is not there yet is waited for.
    for (const account of accounts)
      if (life.world.cluster.at("serviceaccounts", account.metadata.namespace, account.metadata.name) === undefined)
        life.world.cluster.put("serviceaccounts", account);
    await manage(life, held, config, ["namespaces", "service_accounts", "pull_secrets"]);
  },
);
