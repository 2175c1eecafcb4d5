import { ClientError, isPlainlyRefused } from "../../../clients/client-error";
import type { IcrClient, IcrNamespace } from "../../../clients/icr";
import { sentence } from "../../../clients/sentence";
import { ibmcloudNamespace } from "../../../schema/ibmcloud-namespace";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist, within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { asState, idOf, type NamespaceState, registryOf } from "./model";

/** Taking back what is in no state has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Makes it, where there is none of this name: one that is there is somebody's. */
export async function create(planned: ObjectValue, context: TypeContext<ConfiguredProvider>): Promise<ApplyResult> {
  const { provider, report } = context;
  return within(ibmcloudNamespace, planned, "create", context.signal, async (signal) => {
    const plan = asState(planned);
    const { name } = plan;
    const wanted = typeof planned.resource_group === "string" ? planned.resource_group : null;
    const registry = await registryOf(plan, provider);
    if ((await find(registry, name, signal)) !== undefined) throw thereAlready(plan, registry);
    // Only what an own request made, or may have made, is taken back.
    let may = false;
    try {
      await make(registry, plan, wanted, signal, () => {
        may = true;
      });
      const made = await find(registry, name, signal);
      signal.throwIfAborted();
      return { state: { ...planned, id: idOf(plan), resource_group: made?.resourceGroup ?? wanted } };
    } catch (error) {
      const left = may ? await takeBack(registry, name, provider) : undefined;
      if (left !== undefined) report(left);
      throw error;
    }
  });
}

/** The account's own of this name. */
export function find(registry: IcrClient, name: string, signal: AbortSignal): Promise<IcrNamespace | undefined> {
  const what = "The list of registry namespaces could not be read";
  return during({ what, path: ["issuer"] }, async () =>
    (await registry.listNamespaces(signal)).find((namespace) => namespace.name === name),
  );
}

/** @param onMade - called where it was made, or may have been */
async function make(
  registry: IcrClient,
  plan: NamespaceState,
  group: string | null,
  signal: AbortSignal,
  onMade: () => void,
): Promise<void> {
  const { name } = plan;
  const what = `The registry namespace ${JSON.stringify(name)} could not be made`;
  await during({ what, path: ["name"] }, async () => {
    try {
      if (!(await registry.putNamespace(name, group, signal))) throw thereAlready(plan, registry, UNLISTED);
      onMade();
    } catch (error) {
      if (!ClientError.is(error)) throw error;
      if (!isPlainlyRefused(error)) {
        onMade();
        // It was not listed before, and is now: it was made, though the answer was lost, or was none of the registry's.
        if (await isThere(registry, name, signal)) return;
      }
      if (error.code === "conflict")
        throw explained(error, "Another account has it: names are unique in a region. Choose another name.");
      if (error.options.status === 400 && group !== null) {
        const advice = `Is resource_group = ${JSON.stringify(group)} the id of a resource group of this account (ibmcloud resource groups)?`;
        throw explained(error, advice);
      }
      throw error;
    }
  });
}

async function isThere(registry: IcrClient, name: string, signal: AbortSignal): Promise<boolean> {
  const listed = await registry.listNamespaces(signal).catch(() => []);
  return listed.some((namespace) => namespace.name === name);
}

function explained(error: ClientError, advice: string): ClientError {
  return new ClientError("invalid", `${sentence(error.message)} ${advice}`, error.options);
}

/** It was not there before our request, so what is there now, and empty, is ours. Returns a warning where that could not be found out or undone. */
async function takeBack(registry: IcrClient, name: string, { runtime }: ConfiguredProvider): Promise<Diagnostic | undefined> {
  try {
    await endingAfter(ROLL_BACK_MILLISECONDS, (signal) =>
      persist(
        async () => {
          if (!(await registry.listNamespaces(signal)).some((namespace) => namespace.name === name)) return;
          if ((await registry.listImages(name, signal)).length === 0) await registry.deleteNamespace(name, signal);
        },
        runtime.random,
        signal,
      ),
    );
    return undefined;
  } catch {
    return {
      severity: "warning",
      summary: "A registry namespace may be left",
      detail: `The create failed, and whether ${registry.endpoint} made ${JSON.stringify(name)} all the same could not be found out or undone. It is in no state. Look for it (ibmcloud cr namespace-list), and import it, or remove it there.`,
      path: ["name"],
    };
  }
}

const UNLISTED = "This login's list does not show it: what it may not see is left out there. ";

function thereAlready(plan: NamespaceState, registry: IcrClient, why = ""): DiagnosticError {
  return DiagnosticError.at(
    ["name"],
    "Registry namespace is there already",
    `The account has a registry namespace ${JSON.stringify(plan.name)} at ${registry.endpoint}, which this resource did not make. It was left as it is: a later destroy would delete the images in it. ${why}` +
      `To manage it from here, import it (terraform import ADDRESS ${JSON.stringify(idOf(plan))}); otherwise choose another name.`,
  );
}
