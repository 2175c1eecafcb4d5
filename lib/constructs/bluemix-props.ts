import { checkRegistryHost } from "../domain/registry-host";
import { isUnresolved } from "./partly-known";

/** The props themselves. @throws where there are none */
export function propsOf<Props>(where: string, props: Props): Props {
  if (typeof props !== "object" || props === null) throw new Error(`[${where}] Missing props. Give an object of props.`);
  return props;
}

/** @throws where a Dedicated installation's domain is none */
export function checkDomain(domain: unknown): void {
  if (isUnresolved(domain)) return;
  const problem = typeof domain === "string" ? checkRegistryHost(domain, ["domain"]) : undefined;
  if (typeof domain === "string" && problem === undefined && !domain.includes(":")) return;
  const received = domain === undefined ? "It was not given" : `${JSON.stringify(domain)} was given`;
  throw new Error(
    `[BluemixRegistry.dedicated] domain: Invalid domain. ${received}. Give the installation's domain alone, without scheme, port and path, such as "acme.example.com": its registry is registry.acme.example.com.`,
  );
}

/** Exactly one way to come by a token; a name that is known, since it names the resource. @throws otherwise */
export function checkToken(where: string, token: unknown): void {
  const ways = isObject(token) ? ["issue", "id", "description"].filter((way) => token[way] !== undefined) : [];
  if (!isObject(token) || ways.length !== 1 || Object.keys(token).some((prop) => token[prop] !== undefined && prop !== ways[0])) {
    throw new Error(
      `[${where}] token: Which registry token? Give exactly one of: { description: "…" } or { id: "…" } for a token that exists, { issue: {} } for one to issue.`,
    );
  }
  if (token.issue === undefined) return;
  if (!isObject(token.issue))
    throw new Error(`[${where}] token: Wrong type. The token to issue is an object of props, or left out.`);
  if (isUnresolved(token.issue.name)) {
    throw new Error(
      `[${where}] token.name: Not known at synth. The token's name names a resource, so Terraform can't be the one to know it. Give it as text, or leave it out.`,
    );
  }
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
