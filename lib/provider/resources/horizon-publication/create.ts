import { ClientError } from "../../../clients/client-error";
import type { HorizonClient, Published } from "../../../clients/horizon/types";
import { canonicalJson } from "../../../domain/horizon/canonical-json";
import { differences } from "../../../domain/horizon/differences";
import { signaturesOf, withoutSignatures } from "../../../domain/horizon/publication";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist, within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { signAnew } from "./content";
import type { PublicationKind } from "./kind";
import { ADDRESS, asState, definitionOf, describe, placeOf, whose } from "./model";
import { asOwned, isOwn, ownLogin } from "./ownership";
import { isSignedByAll, type KeyPair, keyPairOf } from "./signing";
import type { Update } from "./update";
import { publishNew, type Writing, writeKey } from "./write";

/** Taking back has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Publishes, or leaves nothing. What is there already and says the same, signed by our key, is what a killed run left. */
export async function createPublication(
  kind: PublicationKind,
  { planned, config, privateData }: Pick<Update, "planned" | "config" | "privateData">,
  context: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { provider, signal: caller, report } = context;
  return within(kind.schema, planned, "create", caller, async (signal) => {
    const client = await provider.horizon.client();
    const definition = definitionOf(kind, config, client.org);
    const keys = keyPairOf(config, provider);
    if (definition === undefined || keys === undefined) throw new Error("an apply knows definition and key");
    const id = kind.idOf(definition, config);
    const body = await signAnew(kind, definition, keys, { config, provider, signal });
    const writing: Writing = { publications: kind.publications(client), id, body, signal };
    const plan = asState(planned);
    const doing = {
      what: `${describe(kind, `${client.org}/${id}`)} could not be published`,
      path: ["definition"],
      address: ADDRESS,
    };
    await during(doing, async () => {
      const found = await writing.publications.get(id, signal);
      const isMade = found === undefined && (await make(writing));
      if (!isMade) {
        const there = found ?? (await writing.publications.get(id, signal));
        if (there !== undefined && !(await isOurs(there, writing, keys, client))) {
          const isLogins = await isOwn(there, client, signal);
          if (plan.adopt_existing !== true) throw foreign(kind, `${client.org}/${id}`, there, isLogins);
          report(adopted(kind, `${client.org}/${id}`, there));
        }
        await writing.publications.replace(id, body, signal);
      }
      try {
        await writeKey(writing, plan.key_name ?? kind.keyName, keys.uploaded);
        signal.throwIfAborted();
      } catch (error) {
        if (isMade) await takeBack(kind, writing, context);
        throw error;
      }
    });
    provider.horizon.written.add(placeOf(kind, `${client.org}/${id}`));
    return {
      privateData: asOwned(privateData, await ownLogin(client, signal).catch(() => undefined)),
      state: {
        ...planned,
        ...kind.exported(definition, id),
        id: `${client.org}/${id}`,
        org: client.org,
        public_key: keys.uploaded,
        published: canonicalJson(body),
        status: "published",
      },
    };
  });
}

/** False where somebody was quicker. */
async function make(writing: Writing): Promise<boolean> {
  try {
    await publishNew(writing);
    return true;
  } catch (error) {
    if (ClientError.is(error, "conflict")) return false;
    throw error;
  }
}

/**
 * What a killed run left: of this login, signed by our key, and saying the same; or another content without any key, which no node takes.
 * What is signed by nobody tells by its content and its owner alone.
 */
async function isOurs(
  found: Published,
  { publications, id, body, signal }: Writing,
  { uploaded }: KeyPair,
  client: HorizonClient,
): Promise<boolean> {
  const isLogins = await isOwn(found, client, signal);
  if (isLogins === false || !isSignedByAll(found, uploaded)) return false;
  const isSigned = signaturesOf(found).length > 0;
  const isSame = differences(withoutSignatures(body) as object, withoutSignatures(found) as object).length === 0;
  if (isSame) return isSigned || isLogins === true;
  return isSigned && isLogins === true && (await publications.keyNames(id, signal)).length === 0;
}

/** Deletes what a failed create published; it is in no state. */
async function takeBack(
  kind: PublicationKind,
  { publications, id }: Writing,
  { provider, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  try {
    await endingAfter(ROLL_BACK_MILLISECONDS, (signal) =>
      persist(() => publications.delete(id, signal), provider.runtime.random, signal),
    );
  } catch (error) {
    log.warn("a create that failed could not be taken back", { id, error: String(error) });
    report({
      severity: "warning",
      summary: `A ${kind.noun} may be left`,
      detail: `${describe(kind, id)} was published, and then the create failed; it could not be deleted again. It is in no state. The next apply takes it up where nothing else changed; else delete it (hzn exchange ${kind.noun} remove).`,
      path: ["definition"],
    });
  }
}

function foreign(kind: PublicationKind, id: string, found: Published, isLogins: boolean | undefined): DiagnosticError {
  return DiagnosticError.at(
    ["definition"],
    isLogins === true ? `Another ${kind.noun} under this id` : `Somebody else's ${kind.noun}`,
    `${describe(kind, id)} is published already (${whose(found)}${isLogins === true ? ", this login" : ""}), and is not what this resource publishes. It was left as it is. Import it, take it over with adopt_existing = true, or publish under another ${kind.noun === "service" ? "url, version or arch" : "name"}.`,
  );
}

function adopted(kind: PublicationKind, id: string, found: Published) {
  return {
    severity: "warning" as const,
    summary: `Took over a ${kind.noun}`,
    detail: `${describe(kind, id)} was published by somebody else (${whose(found)}). It was overwritten, and is this resource's from now on: a destroy deletes it.`,
    path: ["adopt_existing"],
  };
}
