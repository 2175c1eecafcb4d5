const QUANTITY = /^([+-]?\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;
const DECIMAL: { readonly [suffix: string]: number } = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** True where two Kubernetes quantities are the same amount: `1000m` and `1`, `1Gi` and `1024Mi`. */
export function sameQuantity(a: string, b: string): boolean {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return a === b || (left !== undefined && left === right);
}

/** A quantity in billionths, exactly; what is below a billionth counts as in Kubernetes: not at all. */
function parseQuantity(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (!match || !/\d/.test(text)) return undefined;
  const [, whole = "", fraction = "", exponent, suffix = ""] = match;
  const power = exponent === undefined ? (DECIMAL[suffix] ?? 0) : Number(exponent.slice(1));
  const factor = 1024n ** BigInt(BINARY.indexOf(suffix) + 1);
  const shift = 9 + power - fraction.length;
  const digits = BigInt(`${whole}${fraction}`) * factor;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
}
