import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { portOf, unbracketed } from "./address";

/**
 * Whether `NO_PROXY` names a URL's host, by the rules of Go's net/http (golang.org/x/net/http/httpproxy), so that Terraform and we
 * agree on it: `*`; an address (`10.0.0.1`, `fd00::1`, also in brackets) or a network (`10.0.0.0/8`, `fd00::/8`); `example.com` with all
 * below it; `.example.com` or `*.example.com` for what is below it alone; each but a network also with `:port`. Names are never resolved.
 * Unlike Go: separated by spaces too, and names may have letters beyond ASCII.
 */
export function isExcluded(url: URL, noProxy: string): boolean {
  const host = unbracketed(url.hostname).toLowerCase().replace(/\.$/, "");
  // curl takes spaces too.
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== "" && matches(entry, host, portOf(url)));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isWithin(host, entry);
  const { name, port: wanted } = split(entry);
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(name) !== 0) return isWithin(host, name);
  const domain = toAscii(name.replace(/^\*\./, ".").replace(/\.$/, ""));
  if (domain.startsWith(".")) return domain.length > 1 && host.endsWith(domain);
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** A name with other letters as a URL has it, in Punycode. Go compares the letters, and so such a name excludes nothing there. */
function toAscii(name: string): string {
  if (!/[^\p{ASCII}]/u.test(name)) return name;
  const dot = name.startsWith(".") ? "." : "";
  return `${dot}${domainToASCII(name.slice(dot.length))}`;
}

/** `name:port`, `[address]:port`, or either alone; an IPv6 address without brackets has no port. */
function split(entry: string): { readonly name: string; readonly port: number | undefined } {
  const { bracketed, plain, digits } = /^(?:\[(?<bracketed>.*)\]|(?<plain>[^:]*))(?::(?<digits>\d+))?$/.exec(entry)?.groups ?? {};
  return { name: bracketed ?? plain ?? entry, port: digits === undefined ? undefined : Number(digits) };
}

/** By value, since one address is written in several ways. Names, and what is no network, are in none. */
function isWithin(host: string, network: string): boolean {
  const family = isIP(host);
  const [address = "", bits] = network.split("/");
  if (family === 0 || isIP(address) === 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  const wide = isIP(address) === 4 ? 32 : 128;
  const prefix = Number(bits ?? wide);
  if (prefix > wide || (family === 4 && wide === 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, wide === 32 ? "ipv4" : "ipv6");
  return list.check(host, family === 4 ? "ipv4" : "ipv6");
}
