import type { RegistryLogin } from "../../../domain/docker-config";
import { describeConfigKey } from "../../../domain/registry-host";
import { pullSecret } from "../../../schema/pull-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import { describeDockerSecret, UnreadableSecret } from "../../docker-secret";
import type { TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue } from "../../framework/value";
import { listed } from "../placement/report";
import type { SourceLogins } from "./changed-copies";
import {
  type Copied,
  conflictOf,
  copiesTheSame,
  hasCopies,
  isCopy,
  missingSource,
  readSource,
  type Source,
  sourceOf,
} from "./copies";
import { entriesOf } from "./entries";

/**
 * Reads the sources of copies at plan. What is wrong with one that was copied before (not there, damaged, not to be read, with a host of another
 * entry) is a warning: the copies stay, and Terraform plans before a destroy, too. One that is new and not there yet, or may not be read, is
 * a warning, or an error by `on_missing_access`. A plan of something new does without a cluster that can't be reached yet.
 * @throws DiagnosticError where a source can't be copied, or two entries are for one host
 */
export async function planCopies(
  config: ObjectValue,
  prior: ObjectValue | null,
  context: TypeContext<ConfiguredProvider>,
): Promise<SourceLogins> {
  const { registries } = config;
  const isNone = !isUnknown(registries) && !hasCopies(registries);
  const logins = new Map<number, readonly RegistryLogin[]>();
  if (isNone || context.provider.cluster.unknown !== undefined) return { logins, isAll: isNone };
  const read = async (signal: AbortSignal) => {
    for (const [index, entry] of entriesOf(registries)) {
      const found = await readAtPlan(entry, index, prior, { ...context, signal });
      if (found !== undefined) logins.set(index, found.logins);
    }
  };
  await within(pullSecret, config, "read", context.signal, read);
  for (let conflict = conflictOf(registries, logins); conflict !== undefined; conflict = conflictOf(registries, logins)) {
    const { index, diagnostic } = conflict;
    const entry = entriesOf(registries).find(([at]) => at === index)?.[1];
    if (entry === undefined || !isCopiedIn(prior, entry)) throw new DiagnosticError([diagnostic]);
    context.report(copiesStay(diagnostic));
    logins.delete(index);
  }
  const isWhole = Array.isArray(registries) && entriesOf(registries).length === registries.length;
  const copies = entriesOf(registries).filter(([, entry]) => isCopy(entry));
  return { logins, isAll: isWhole && copies.every(([index]) => logins.has(index)) };
}

async function readAtPlan(
  entry: ObjectValue,
  index: number,
  prior: ObjectValue | null,
  { provider, signal, log, report }: TypeContext<ConfiguredProvider>,
): Promise<Copied | undefined> {
  const source = sourceOf(entry, index);
  if (source === undefined) return undefined;
  const wasCopied = isCopiedIn(prior, entry);
  const severity = provider.onMissingAccess === "error" ? "error" : "warning";
  try {
    const found = await readSource(source, provider, signal);
    if (found === undefined) {
      const { server } = await provider.cluster.client();
      report(
        wasCopied
          ? missingSource(source, server, "warning", COPIES_STAY)
          : missingSource(source, server, severity, NOT_THERE_YET),
      );
      return undefined;
    }
    if (found.leftOut.length > 0) report(notCopied(source, found.leftOut));
    return found;
  } catch (error) {
    if (error instanceof UnreadableSecret) {
      const { diagnostic, code } = error;
      if (code === "forbidden") {
        report(
          wasCopied
            ? { ...diagnostic, detail: `${diagnostic.detail} ${UNSEEN}`, severity: "warning" }
            : { ...diagnostic, detail: `${diagnostic.detail} ${UNREADABLE}`, severity },
        );
        return undefined;
      }
      if (prior !== null || code === "aborted") throw error;
      log.debug("a plan without a look at what is copied", { reason: error.message });
      return undefined;
    }
    if (!wasCopied || !(error instanceof DiagnosticError)) throw error;
    for (const diagnostic of error.diagnostics) report(copiesStay(diagnostic));
    return undefined;
  }
}

/** Whether an entry was copied before. */
function isCopiedIn(prior: ObjectValue | null, entry: ObjectValue): boolean {
  return entriesOf(prior?.registries).some(([, former]) => copiesTheSame(former, entry));
}

/** What is wrong with a source that was copied before: it stops no plan, and so no destroy. */
function copiesStay(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: "warning", detail: `${diagnostic.detail} ${COPIES_STAY}` };
}

const NOT_THERE_YET =
  "If it is not there at the apply either, that fails before it writes anything. Where this stack makes it, refer to it (name = registry_pull_secret.….name, revision = registry_pull_secret.….fingerprint; or of a kubernetes_secret_v1 metadata[0].name and metadata[0].uid), so that it is made first, and not looked for before.";
const COPIES_STAY =
  "What was copied of it stays, and a copy that is missing is made of another one; only where none is left does the apply stop before it writes anything.";
const UNSEEN = `Whether it changed is not seen. ${COPIES_STAY}`;
const UNREADABLE = "An apply by this identity would stop at this resource, before it writes anything of it.";

function notCopied(source: Source, keys: readonly string[]): Diagnostic {
  return {
    severity: "warning",
    summary: "Not everything is copied",
    detail: `The ${describeDockerSecret(source)} has entries that no kubelet can use, which are left out of every copy: ${listed(keys.map(describeConfigKey))}. A kubelet takes a user name and a password, or auth, which is standard base64 of both with a colon between; it knows no identity tokens. Correct them there, or name in copy_from.hosts what is to be copied.`,
    path: source.path,
  };
}
