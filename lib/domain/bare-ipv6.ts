/** What to say of an IPv6 address that stands in a URL without its brackets. */
export const BRACKETS = 'An IPv6 address stands in brackets, as in "[fd00::1]:6443"';

/** Whether what is no URL, or has no scheme yet, has an IPv6 address where its host should be: two colons, and nothing that a name has. */
export function isBareIPv6(text: string): boolean {
  const host = text.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//i, "").split(/[/?#]/, 1)[0] ?? "";
  const address = host.slice(host.lastIndexOf("@") + 1);
  return /^[0-9a-f:.]+$/i.test(address) && address.split(":").length > 2;
}
