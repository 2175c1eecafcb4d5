import { type EngineMessage, lockHolder } from "../../domain/drift/failure";
import { withoutKeys } from "../../domain/plan-json/address";
import { type Line, printable, someOf } from "../document/document";

/** Characters of a message that are shown: it says how to mend it at its end. */
const LONGEST_MESSAGE = 1500;

/** Messages of the engine as lines; what is said of many resources is said once. */
export function messageLines(messages: readonly EngineMessage[]): readonly Line[] {
  const groups = new Map<string, { readonly message: EngineMessage; readonly of: string[] }>();
  for (const message of messages) {
    const key = JSON.stringify([message.summary, message.detail]);
    const group = groups.get(key) ?? { message, of: [] };
    if (message.address !== undefined) group.of.push(printable(withoutKeys(message.address)));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ message: { summary, detail }, of }) => {
    const where = of.length === 0 ? "" : ` (${someOf(of)})`;
    const held = lockHolder(detail);
    const said = held === undefined ? printable(detail, LONGEST_MESSAGE) : held;
    return { text: `${printable(summary)}${where}: ${said}`, tone: "careful" };
  });
}
