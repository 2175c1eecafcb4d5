import { ClientError } from "../../../clients/client-error";
import type { HorizonClient, RegistryAuth, StoredRegistryAuth } from "../../../clients/horizon/types";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist } from "../../deadline";
import type { TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { ADDRESS, describe, isSameAuth, listAuths, type RegistryAuthState } from "./model";

/** Taking back has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** What is written, for whom. */
export interface Writing {
  readonly client: HorizonClient;
  readonly plan: RegistryAuthState;
  readonly auth: RegistryAuth;
  readonly context: TypeContext<ConfiguredProvider>;
  readonly signal: AbortSignal;
}

/**
 * Writes where the state knows of none: a new one, or what is there. An equal one is taken up as it is: the exchange keeps no two, so it
 * can't be told from what a killed run left. Any other for the same registry is somebody else's.
 * @returns the exchange's number of it
 * @throws DiagnosticError where somebody else's is not to be adopted
 */
export async function writeNew(writing: Writing): Promise<number> {
  const { client, plan, auth, signal } = writing;
  const { service, registry } = plan;
  const all = await listAuths(client, service, signal);
  const there = all.filter((stored) => stored.registry === registry);
  const others = there.filter((stored) => !isSameAuth(stored, auth));
  const [first] = others.length === 0 ? there : there.filter((stored) => isSameAuth(stored, auth)).concat(others);
  if (first === undefined) {
    if (all.length === 0) await requireService(writing);
    return add(writing, all);
  }
  if (others.length === 0) return first.id;
  if (plan.adopt_existing !== true) throw foreign(writing, others);
  return adopt(writing, first, there);
}

/** The list is empty of what is not there, too. */
async function requireService({ client, plan: { service }, signal }: Writing): Promise<void> {
  const what = `Service ${JSON.stringify(`${client.org}/${service}`)} could not be read`;
  const found = await during({ what, path: ["service"], address: ADDRESS }, () => client.services.get(service, signal));
  if (found !== undefined) return;
  throw DiagnosticError.at(
    ["service"],
    "Service is not published",
    `The exchange at ${client.endpoint} has no service ${JSON.stringify(`${client.org}/${service}`)} that ${client.user} sees: a user sees what is his own or public. Publish it first: refer to it (service = registry_horizon_service.….service_id), or correct its id (hzn exchange service list).`,
  );
}

async function add(writing: Writing, before: readonly StoredRegistryAuth[]): Promise<number> {
  const { client, plan, auth, signal } = writing;
  const known = new Set(before.map(({ id }) => id));
  const isOurs = (stored: StoredRegistryAuth) => !known.has(stored.id) && isSameAuth(stored, auth);
  const what = `${describe(plan)} could not be stored`;
  try {
    await during({ what, path: ["service"], address: ADDRESS }, async () => {
      await client.registryAuths.create(plan.service, auth, signal).catch((error: unknown) => {
        // Whether it was carried out is seen in the list.
        if (!ClientError.is(error) || error.options.ambiguous !== true) throw error;
        writing.context.log.info("the answer to a new registry credential was lost", { service: plan.service });
      });
    });
    const found = (await listAuths(client, plan.service, signal)).find(isOurs);
    if (found === undefined) throw notStored(writing);
    signal.throwIfAborted();
    return found.id;
  } catch (error) {
    await takeBack(writing, isOurs);
    throw error;
  }
}

/** Deletes what a failed create stored all the same; it is in no state. */
async function takeBack({ client, plan, context }: Writing, isOurs: (stored: StoredRegistryAuth) => boolean): Promise<void> {
  const { random } = context.provider.runtime;
  try {
    await endingAfter(ROLL_BACK_MILLISECONDS, (signal) =>
      persist(
        async () => {
          const left = (await client.registryAuths.list(plan.service, signal)).filter(isOurs);
          for (const { id } of left) await client.registryAuths.delete(plan.service, id, signal);
        },
        random,
        signal,
      ),
    );
  } catch (error) {
    context.log.warn("a create that failed could not be taken back", { service: plan.service, error: String(error) });
    context.report({
      severity: "warning",
      summary: "A registry credential may be left",
      detail: `${describe(plan)}: the create failed, and whether it was stored all the same could not be found out or undone. An apply takes it up where nothing else changed; else delete it (hzn exchange service listauth, removeauth).`,
      path: ["service"],
    });
  }
}

async function adopt(writing: Writing, first: StoredRegistryAuth, there: readonly StoredRegistryAuth[]): Promise<number> {
  const { client, plan, auth, context, signal } = writing;
  const what = `${describe(plan)} could not be taken over`;
  await during({ what, path: ["adopt_existing"], address: ADDRESS }, async () => {
    await client.registryAuths.replace(plan.service, first.id, auth, signal);
    for (const { id } of there.filter(({ id }) => id !== first.id)) await client.registryAuths.delete(plan.service, id, signal);
  });
  context.report({
    severity: "warning",
    summary: "Took over a registry credential",
    detail: `${describe(plan)}: number ${first.id} was somebody else's (user ${JSON.stringify(first.username)}), and is this resource's from now on. Its former value is not kept${there.length > 1 ? `, and neither are the other ${there.length - 1} for this registry` : ""}.`,
    path: ["adopt_existing"],
  });
  return first.id;
}

function foreign({ client, plan }: Writing, others: readonly StoredRegistryAuth[]): DiagnosticError {
  const list = others.map(({ id, username }) => `number ${id}, user ${JSON.stringify(username)}`).join("; ");
  return DiagnosticError.at(
    ["registry"],
    "Somebody else's registry credential",
    `Service ${JSON.stringify(`${client.org}/${plan.service}`)} has another credential for registry ${JSON.stringify(plan.registry)} already (${list}), which this resource did not write. It was left as it is. Import it (<service>/<number>), take it over with adopt_existing = true, or delete it (hzn exchange service removeauth).`,
  );
}

function notStored({ client, plan }: Writing): DiagnosticError {
  return DiagnosticError.at(
    ["service"],
    "Registry credential not stored",
    `${describe(plan)}: the exchange at ${client.endpoint} was asked to store it, and its list does not have it. The request was not repeated. Apply again.`,
  );
}
