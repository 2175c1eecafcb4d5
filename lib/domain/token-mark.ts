/** What our registry tokens carry in their description, so that they are found again. */
export interface TokenMark {
  readonly owner: string;
  /** The token's `name`: tells one owner's tokens apart. */
  readonly name: string;
  /** One above the highest sibling's when it was issued. */
  readonly number: number;
  /** Issued with `revoke_on_destroy = false`: no successor cleans it up. */
  readonly keep: boolean;
  /** Drawn at apply: finds the token after an answer was lost. */
  readonly nonce: string;
}

/** Bytes of a nonce; it is written in hex. */
export const NONCE_BYTES = 8;

const MARK =
  /(?:^| )\[registry-access owner=(?<owner>[^\s[\]]+) name=(?<name>[^\s[\]]+) number=(?<number>[1-9]\d{0,14})(?<keep> keep=true)? nonce=(?<nonce>[0-9a-f]+)\]$/;

/**
 * `<description> [registry-access owner=… name=… number=… nonce=…]`, with `keep=true` before the nonce of one that is kept.
 * Brackets and spaces can't stand in an owner or a name.
 */
export function formatTokenDescription(description: string | null, { owner, name, number, keep, nonce }: TokenMark): string {
  const mark = `[registry-access owner=${owner} name=${name} number=${number}${keep ? " keep=true" : ""} nonce=${nonce}]`;
  return description === null ? mark : `${description} ${mark}`;
}

/** The mark at the end of a token's description; undefined where it is not one of ours. */
export function parseTokenMark(description: string): TokenMark | undefined {
  const { owner, name, number, keep, nonce } = MARK.exec(description)?.groups ?? {};
  if (owner === undefined || name === undefined || nonce === undefined) return undefined;
  return { owner, name, number: Number(number), keep: keep !== undefined, nonce };
}

/** What stands before the mark, or the whole description where there is none; null where that is nothing. */
export function descriptionBefore(description: string): string | null {
  const text = description.replace(MARK, "");
  return text === "" ? null : text;
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
