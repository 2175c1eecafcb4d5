import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { rulesIn } from "../../../clients/kubernetes/reviews";
import { isAllowedBy, type ReviewedRule } from "../../../domain/reviewed-rules";
import { settleAll } from "../../concurrency";
import { isAbort } from "../../deadline";
import type { Logger } from "../../framework/definition";

/** What a review of rules can answer. */
interface Question {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** What is known of one run's rights, by namespace. */
interface RuleBook {
  readonly rules: Map<string, readonly ReviewedRule[]>;
  /** Namespaces of a kind have the same rules, which are kept once. */
  readonly kept: Map<string, readonly ReviewedRule[]>;
  /** Whether rules can be asked for. */
  isClosed: boolean;
}

const books = new WeakMap<KubernetesClient, RuleBook>();

/**
 * Of questions about many namespaces those that a review of the caller's rules there answers with yes: one request a namespace, for all
 * questions of a run, where an access review takes one each. The others are still open: a no is none that counts, and where there is but
 * one question in a namespace, its own review is as quick and says more.
 * @throws only what the signal ends
 */
export async function allowedByRules<Q extends Question>(
  client: KubernetesClient,
  questions: readonly Q[],
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<ReadonlySet<Q>> {
  const book: RuleBook = books.get(client) ?? { rules: new Map(), kept: new Map(), isClosed: false };
  books.set(client, book);
  const counts = new Map<string, number>();
  for (const { namespace } of questions) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  const asked = [...counts].flatMap(([namespace, count]) => (count > 1 && !book.rules.has(namespace) ? [namespace] : []));
  if (!book.isClosed) await ask(client, asked, questions, book, { signal, log });
  const isYes = (question: Q) => book.rules.get(question.namespace)?.some((rule) => isAllowedBy(rule, asRequested(question)));
  return new Set(questions.filter(isYes));
}

async function ask(
  client: KubernetesClient,
  namespaces: readonly string[],
  questions: readonly Question[],
  book: RuleBook,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<void> {
  const look = async (namespace: string) => {
    const found = (await rulesIn(client, namespace, signal)).filter(isOfInterest);
    const key = JSON.stringify(found);
    const rules = book.kept.get(key) ?? found;
    book.kept.set(key, rules);
    book.rules.set(namespace, rules);
  };
  const progress = { log, what: "asking for rules", unit: "namespaces" };
  const outcomes = await settleAll(namespaces, look, { progress, stopOnFailure: true });
  const failed = outcomes.find((outcome) => outcome.outcome === "failed");
  if (failed === undefined) return;
  if (isAbort(failed.error) || !ClientError.is(failed.error)) throw failed.error;
  log.debug("rules can't be reviewed: each permission is asked for", { reason: failed.error.code, questions: questions.length });
  book.isClosed = true;
}

/** Of somebody's hundred rules, those that may allow anything of ours. */
function isOfInterest({ resources }: ReviewedRule): boolean {
  return resources.some((resource) => ["secrets", "serviceaccounts", "pods", "*"].includes(resource));
}

/** An object that is to be made has no name yet. */
function asRequested({ verb, resource, name }: Question): Omit<Question, "namespace"> {
  return { verb, resource, name: verb === "create" ? "" : name };
}
