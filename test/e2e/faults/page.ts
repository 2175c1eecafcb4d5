import { FAULTS } from "../../../sandbox/fault-proxy";
import type { Outcome } from "./cases";

/** Outcomes by row (`create kubernetes: GET /api/v1/secrets`) and fault; what is not run is not there. */
export interface Outcomes {
  readonly [row: string]: { readonly [fault: string]: Outcome };
}

const SIGNS = { converges: "✓", diagnostic: "✗" } as const;
const NOT_RUN = "·";

/** The table, with equal rows and equal columns folded into one. */
export function renderTable(outcomes: Outcomes): string {
  const rows = Object.entries(outcomes).map(([row, faults]) => {
    const [, phase = "", number = "", call = ""] = /^(look up|pull check|plan of \S+|\S+)( #\d+)? (.*)$/.exec(row) ?? [];
    const signs = Object.keys(FAULTS).map((fault) => {
      const outcome = faults[fault];
      return outcome === undefined ? NOT_RUN : SIGNS[outcome];
    });
    return { phase, number, call, signs };
  });
  const columns = fold(
    Object.keys(FAULTS).map((fault, index) => ({ name: fault, key: rows.map(({ signs }) => signs[index]).join(), index })),
  );
  const cells = (signs: readonly string[]) => columns.map(({ items }) => signs[items[0]?.index ?? 0] ?? NOT_RUN);
  const byCall = fold(rows.map((row) => ({ ...row, key: `${row.call}|${row.signs.join()}` })));
  const byPhases = fold(
    byCall.map(({ items }) => {
      const [first] = items;
      const phases = phasesOf(items, rows);
      const signs = first?.signs ?? [];
      return { name: `\`${first?.call ?? ""}\``, key: `${phases}|${signs.join()}`, phases, signs };
    }),
  );
  const lines = byPhases.map(({ items }) => [
    items[0]?.phases ?? "",
    items.map(({ name }) => name).join("<br>"),
    ...cells(items[0]?.signs ?? []),
  ]);
  const head = ["in", "call", ...columns.map(({ items }) => items.map(({ name }) => name).join("<br>"))];
  return [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** The phases of a call's rows; which of several of a kind it is stands beside it only where the others end otherwise. */
function phasesOf(items: readonly Numbered[], rows: readonly Numbered[]): string {
  const of = (all: readonly Numbered[], { phase, call }: Numbered) =>
    all.filter((each) => each.phase === phase && each.call === call).length;
  const names = items.map((item) => (of(items, item) === of(rows, item) ? item.phase : `${item.phase}${item.number}`));
  return [...new Set(names)].join(", ");
}

interface Numbered {
  readonly phase: string;
  /** ` #2`, or nothing. */
  readonly number: string;
  readonly call: string;
}

/** Puts items with equal keys together, in the order of the first of each. */
function fold<T extends { readonly key: string }>(items: readonly T[]): readonly { readonly items: readonly T[] }[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.key, [...(groups.get(item.key) ?? []), item]);
  return [...groups.values()].map((group) => ({ items: group }));
}

/** docs/reliability.md. */
export function renderPage(outcomes: Outcomes): string {
  const cases = Object.entries(outcomes)
    .filter(([row]) => !row.startsWith("pull check "))
    .reduce((sum, [, faults]) => sum + Object.keys(faults).length, 0);
  return `<!-- Written by test/e2e/faults.test.ts; run it with UPDATE_RELIABILITY=1 to write it anew. The outcomes row by row: reliability.json. -->
# Reliability
What happens when a service fails in the middle. A proxy stands between the provider and the services of the sandbox: a real API server, and
emulators of the Bluemix login, the registry's token API, IBM Cloud's IAM and registry, OpenShift's operators and Open Horizon's exchange. It strikes one call of a full run, and then the same command is run again without a fault.

The provider is a process of its own. What calls it is a small engine that makes Terraform's calls in Terraform's order, since a real Terraform costs
several times as much: of a full run both make the same calls, and a real Terraform runs a sample of the cases, each of which has to end alike.

After every one of these ${cases} cases the suite checks that
- the next run converges, and the plan after it is empty;
- the issuer has no token that no state knows and that no destroy revokes, and every Secret holds a token that lives;
- a create wrote everything or nothing, and what the state says is in sync is there;
- ServiceAccounts keep the entries and annotations of others;
- every error names the attribute that it is about, and which request, of whom, or which time was up;
- of a huge answer no more is taken than is read (a list that is too large is asked for once more, in smaller pages), and a token is never asked for twice where it may have been issued;
- nothing printed holds a secret or a stack trace, and nobody came to the host that a redirect leads to.

There is one exception, and the run says so itself: a service that is down keeps a rollback from reaching it too. Then the error names what
is left ("Not everything could be undone", "A registry token may be left"). The next apply picks it up, or the next destroy revokes it.

## The policy
- **Reads, and writes that may be sent twice** (a PUT guarded by \`resourceVersion\`, a DELETE): one request has up to five attempts after 408, 429, 500, 502, 503,
  504 and broken connections, with full jitter, from a quarter of a second up to eight seconds, and no more than a minute for all of them.
  \`Retry-After\` is waited out where that allows it; a 429 that has one is no attempt, and is asked again within that minute. A PUT of what was changed meanwhile is
  another request, made of what is there now. Undoing what a failed create did goes on for half a minute, and longer for many namespaces.
- **A service that is away** after it had answered is being restarted, or another takes its place: connections that fail are tried again for as long as it may be
  silent (\`request_timeout\`, 30 s). An API server that is restarted in the middle of an apply is waited for. One that never answered may have another address: that is said after five attempts.
- **A new registry token** is never asked for twice. An answer that is lost or can't be read is looked up by the nonce in the token's description.
  If it is listed, it is used; if not, the run fails and says so; if the list can't be read either, it is revoked or named.
- **A new Secret** has its name given: where its answer is lost and it is sent again, the second one is refused as a conflict. Then what is there is read, and its owner and
  instance say whether it is ours.
- **Time.** \`request_timeout\` of the provider (30 s) is how long a service may be silent: until its answer begins, and between two parts of it. It does not
  end an answer that trickles; the minute for all attempts does (or twice \`request_timeout\`, where that is more). \`timeouts\` of a resource ends everything.
- **"Not found"** is only believed of what was asked for by name, in the service's own words. To a delete or a revoke it is checked against what is listed.
- **Size.** Of an answer at most 4 MiB are read, of a page of a list 32 MiB (Bluemix' tokens: 16 MiB), and of an error its beginning.
- **Permissions** are looked up before the first write. Where that can't be done, the write tells; a plan never fails for it alone.
- **A login** that is refused with 401 is made anew once, and the request sent once more.
- **Redirects** are not followed with a credential.

## The table
✓ the run itself converges · ✗ it fails with an error that names what happened, and the next run converges · ${NOT_RUN} not run: see below

${renderTable(outcomes)}

- *For ever*: from that call on. All others strike one call. *Refused*: the port is shut before the call comes. A reset *before* means that the service never saw
  the call, *after* that it had done its work; stalled, half, unreadable and huge answers come after it had. A redirect is a 302, 303, 307 or 308, by turns.
- Every write meets all faults, and where a phase makes several of one kind, each of them; where they end otherwise, *#1* and *#2* tell them apart.
- Every read meets all faults in every phase with \`FAULTS_ALL=1\`, which wrote this page. The run of every change leaves some out: each kind of read meets all in one phase, and in the
  others one that is said at once, one after which the service answers nothing any more, and a part of the rest that \`FAULTS_SEED\` draws: a read changes nothing, and one client
  sorts its faults before it knows who asks.
- The systems that came later, *iam* and *icr* (IBM Cloud) and *openshift* and *operator* (OpenShift's projects and tokens; its registry's route), meet a part: the same client
  makes the calls, and sorts the faults. Each kind of call meets, in one phase, 403, 404, a port that is shut for good and a lost answer, and of the rest a part that \`FAULTS_SEED\` draws.
  A false 404 is among them: what is to leave the state is asked for twice, or looked for in the list.
- Before a change Terraform plans. Those calls are the ones of *refresh*; what only the plan of a change calls stands as *plan of*.
- A caller who may do nothing is asked for apart from the table: each look-up of permissions with each fault ends in what is denied, or leaves it to the write.
- *pull check* is our registry client by itself, as the sandbox's proof and the data source \`registry_image\` use it. Beside those only the resource \`registry_pull_check\`, which is not meant here,
  calls a container registry or its token server: for an image that a node did not find, and only for its message, so that no fault there changes what it does.
`;
}
