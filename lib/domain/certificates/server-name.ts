import type { Path, Problem } from "../problem";

const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`, "i");

/** Says what is wrong with a name that a server is asked for by TLS (SNI, RFC 6066: a DNS name without port), or nothing. */
export function checkServerName(value: string | number, path: Path): Problem | undefined {
  const name = String(value);
  if (NAME.test(name) && !/^[\d.]+$/.test(name)) return undefined;
  return {
    path,
    summary: "Invalid server name",
    detail: `${JSON.stringify(name)} is no DNS name. It is a name without scheme, port and path, such as "registry.example.com"; where host is an address that the certificate is for, leave server_name out.`,
  };
}
