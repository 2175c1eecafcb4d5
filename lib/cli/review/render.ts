import type { CredentialAction, CredentialChange, CredentialExpiry } from "../../domain/review/credentials";
import { type FoldedChange, foldChanges } from "../../domain/review/fold";
import type { FoldedResources, OwnResource } from "../../domain/review/other-resources";
import type { Review, ReviewVerdict } from "../../domain/review/review";
import type { AccessAction } from "../../domain/review/targets";
import { type Block, counted, type Document, formatCount, type Line, printable, someOf, type Tone } from "../document/document";
import { messageLines } from "../terraform/message-lines";
import { radiusLines } from "./render-radius";
import type { StackReview } from "./report";

const VERDICTS: { readonly [V in ReviewVerdict]: readonly [words: string, tone: Tone] } = {
  revoke: ["takes access away", "bad"],
  rotate: ["rotates credentials", "careful"],
  adopt: ["takes over what others made", "careful"],
  issue: ["gives access", "plain"],
  change: ["changes access", "careful"],
  repair: ["repairs access", "good"],
  no_change: ["no change", "good"],
};

const ACTIONS: { readonly [A in AccessAction]: readonly [words: string, tone: Tone] } = {
  remove: ["loses", "bad"],
  adopt: ["taken over", "careful"],
  rotate: ["rotated", "careful"],
  add: ["gains", "good"],
  change: ["changed", "careful"],
  repair: ["repaired", "good"],
};

const CREDENTIALS: { readonly [A in CredentialAction]: readonly [words: string, tone: Tone] } = {
  revoke: ["revoked", "bad"],
  forget: ["left behind", "careful"],
  rotate: ["replaced", "careful"],
  issue: ["issued", "good"],
  adopt: ["imported", "careful"],
  change: ["changed", "careful"],
};

/** How much is written out before the rest is counted. */
export interface Fullness {
  /** Rows of tables, and lines of lists. */
  readonly rows: number;
  /** Names in one cell. */
  readonly names: number;
}

/** One stack's review as a document: what takes something away comes first. */
export function reviewDocument({ stack, review, looked, messages }: StackReview, full: Fullness): Document {
  const said = messageLines(messages);
  if (review === undefined)
    return [
      { kind: "title", text: `${printable(stack)}: could not be reviewed`, tone: "bad" },
      { kind: "list", lines: said },
    ];
  return [
    title(stack, review),
    ...section("Credentials", [
      {
        kind: "table",
        head: ["", "Credential", "Registries", "Ends", "Why"],
        rows: review.credentials.map((credential) => credentialRow(credential, full)),
      },
    ]),
    ...section("Who can pull", [
      {
        kind: "table",
        head: ["", "Registries", "Namespaces", "ServiceAccounts", "Pull secret", "Why"],
        rows: foldChanges(review.access).map((change) => accessRow(change, full)),
      },
    ]),
    ...section("Selected by the apply", [
      {
        kind: "text",
        text:
          review.selectedAtApply.length === 0
            ? ""
            : `Which namespaces are meant, the apply finds out when it begins: ${someOf(
                review.selectedAtApply.map((address) => printable(address)),
                full.names,
              )}.`,
      },
    ]),
    ...section("Whom it reaches", [
      {
        kind: "list",
        lines: [...overlapLines(review.credentials), ...(review.access.length === 0 ? [] : radiusLines(looked, full))],
      },
    ]),
    ...section("Look twice", [
      {
        kind: "list",
        lines: [...review.warnings.map(({ text }): Line => ({ text: printable(text), tone: "careful" })), ...said],
      },
    ]),
    ...section("Also", [{ kind: "list", lines: [...review.own.map(ownLine), ...otherLines(review.others)] }]),
  ].map((block) => cut(block, full));
}

function title(stack: string, { verdict, access, credentials }: Review): Block {
  const [words, tone] = VERDICTS[verdict];
  const spaces = (...actions: readonly AccessAction[]) =>
    new Set(access.filter(({ action }) => actions.includes(action)).map(({ namespace }) => namespace)).size;
  const part = (count: number, what: string) => (count === 0 ? [] : [`${counted(count, "namespace")} ${what}`]);
  const ids = (action: CredentialAction) => credentials.filter((credential) => credential.action === action).length;
  const parts = [
    ...(["revoke", "rotate", "issue"] as const).flatMap((action) =>
      ids(action) === 0 ? [] : [`${counted(ids(action), "credential")} ${CREDENTIALS[action][0]}`],
    ),
    ...part(spaces("remove"), spaces("remove") === 1 ? "loses access" : "lose access"),
    ...part(spaces("adopt"), "taken over"),
    ...part(spaces("add"), spaces("add") === 1 ? "gains access" : "gain access"),
    ...part(spaces("rotate"), spaces("rotate") === 1 ? "gets another password" : "get another password"),
    ...part(spaces("change"), "changed"),
    ...part(spaces("repair"), "repaired"),
  ];
  return { kind: "title", text: `${printable(stack)}: ${words}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`, tone };
}

/** Nothing of a section without content. */
function section(heading: string, blocks: readonly Block[]): readonly Block[] {
  const filled = blocks.filter((block) => {
    if (block.kind === "table") return block.rows.length > 0;
    if (block.kind === "list") return block.lines.length > 0;
    return block.text !== "";
  });
  return filled.length === 0 ? [] : [{ kind: "heading", text: heading }, ...filled];
}

function credentialRow(
  { address, action, reason, hosts, oldId, oldExpiry, newExpiry }: CredentialChange,
  { names }: Fullness,
): readonly Line[] {
  const [words, tone] = CREDENTIALS[action];
  const id = oldId === undefined ? "" : ` (${oldId})`;
  const ends = [oldExpiry, newExpiry].flatMap((expiry) => (expiry === undefined ? [] : [expiryWords(expiry)]));
  const isSame = ends.length === 2 && ends[0] === ends[1];
  return [
    { text: words, tone },
    { text: printable(`${address}${id}`) },
    { text: someOf(hosts, names) },
    { text: (isSame ? ends.slice(1) : ends).join(" \u2192 ") },
    { text: printable(reason) },
  ];
}

/** How a rotation goes. Of a credential that works and is revoked first it is told under "Look twice". */
function overlapLines(credentials: readonly CredentialChange[]): readonly Line[] {
  return credentials.flatMap(({ address, action, overlaps, isDead }): readonly Line[] => {
    if (action === "rotate" && isDead)
      return [
        {
          text: printable(`${address}: the old one opens nothing any more: until the apply, Pods that start can't pull with it`),
          tone: "careful",
        },
      ];
    if (overlaps !== true) return [];
    const text = `${address}: the old one is revoked once every Secret of this stack holds the new one; Pods that start meanwhile can pull with either`;
    return [{ text: printable(text) }];
  });
}

function expiryWords(expiry: CredentialExpiry): string {
  if (typeof expiry === "object") return expiry.at;
  return expiry === "after apply" ? "known after the apply" : expiry === "unknown" ? "not known" : "never";
}

function accessRow(change: FoldedChange, { names }: Fullness): readonly Line[] {
  const { action, hosts, copiedFrom, namespaces, serviceAccounts, pullSecret, reason } = change;
  const [words, tone] = ACTIONS[action];
  const registries = [...hosts, ...(copiedFrom === undefined ? [] : [`as in ${copiedFrom}`])];
  const many = namespaces.length > names + 1 ? `${formatCount(namespaces.length)}: ` : "";
  return [
    { text: words, tone },
    { text: registries.length === 0 ? "not told by the plan" : someOf(registries, names) },
    { text: `${many}${someOf(namespaces, names)}` },
    { text: serviceAccounts.length === 0 ? "Pods that name it" : someOf(serviceAccounts, names) },
    { text: pullSecret },
    { text: printable(reason) },
  ];
}

function ownLine({ address, action, attributes }: OwnResource): Line {
  return { text: printable(`${address}: ${action}${attributes.length === 0 ? "" : ` (${attributes.join(", ")})`}`) };
}

function otherLines(others: readonly FoldedResources[]): readonly Line[] {
  return others.map(({ type, action, count }) => ({
    text: `${type}: ${formatCount(count)} ${action} (another provider's; not judged)`,
  }));
}

/** What doesn't fit is counted, not passed over. */
function cut(block: Block, { rows: most }: Fullness): Block {
  if (block.kind === "table" && block.rows.length > most) {
    const left = block.rows.slice(most);
    const more: readonly Line[] = block.head.map((_, column) => ({
      text: column === 1 ? `and ${formatCount(left.length)} more rows` : "",
    }));
    return { ...block, rows: [...block.rows.slice(0, most), more] };
  }
  if (block.kind === "list" && block.lines.length > most)
    return { ...block, lines: [...block.lines.slice(0, most), { text: `and ${formatCount(block.lines.length - most)} more` }] };
  return block;
}
