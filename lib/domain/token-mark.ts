/** What our registry tokens carry in their description, so that they are found again. */
export interface TokenMark {
  readonly owner: string;
  /** The token's `name`: tells one owner's tokens apart. */
  readonly name: string;
  /** One above the highest sibling's when it was issued. */
  readonly number: number;
  /** Drawn at apply: finds the token after an answer was lost. */
  readonly nonce: string;
}

/** Bytes of a nonce; it is written in hex. */
export const NONCE_BYTES = 8;

const MARK = /(?:^| )\[registry-access owner=([^\s[\]]+) name=([^\s[\]]+) number=([1-9]\d{0,14}) nonce=([0-9a-f]+)\]$/;

/** `<description> [registry-access owner=… name=… number=… nonce=…]`. Brackets and spaces can't stand in an owner or a name. */
export function formatTokenDescription(description: string | null, { owner, name, number, nonce }: TokenMark): string {
  const mark = `[registry-access owner=${owner} name=${name} number=${number} nonce=${nonce}]`;
  return description === null ? mark : `${description} ${mark}`;
}

/** The mark at the end of a token's description; undefined where it is not one of ours. */
export function parseTokenMark(description: string): TokenMark | undefined {
  const match = MARK.exec(description);
  if (match === null) return undefined;
  return { owner: match[1] ?? "", name: match[2] ?? "", number: Number(match[3]), nonce: match[4] ?? "" };
}

/** True for tokens of the same owner and name. */
export function areSiblings(a: TokenMark, b: Pick<TokenMark, "owner" | "name">): boolean {
  return a.owner === b.owner && a.name === b.name;
}

/** The number of the next token: one above the highest listed sibling's. */
export function nextNumber(descriptions: readonly string[], of: Pick<TokenMark, "owner" | "name">): number {
  const numbers = descriptions.map(parseTokenMark).flatMap((mark) => (mark && areSiblings(mark, of) ? [mark.number] : []));
  return Math.max(0, ...numbers) + 1;
}
