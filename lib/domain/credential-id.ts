import type { Path, Problem } from "./problem";

/** A credential by name: the issuer's key in the provider configuration, and the issuer's own id of it. */
export interface CredentialId {
  readonly issuer: string;
  readonly id: string;
}

/** `dedicated/5f3c…`, or undefined where it is no credential id. */
export function parseCredentialId(text: string): CredentialId | undefined {
  const slash = text.indexOf("/");
  if (slash <= 0 || slash === text.length - 1) return undefined;
  return { issuer: text.slice(0, slash), id: text.slice(slash + 1) };
}

/** The text form: `<issuer>/<native id>`. */
export function formatCredentialId({ issuer, id }: CredentialId): string {
  return `${issuer}/${id}`;
}

/** Says what is wrong with a credential id, or nothing. */
export function checkCredentialId(value: string | number, path: Path): Problem | undefined {
  if (parseCredentialId(String(value)) !== undefined) return undefined;
  return {
    path,
    summary: "Invalid credential id",
    detail: `${JSON.stringify(value)} is not a credential id. It is "<issuer>/<id>", such as registry_token.example.credential_id gives it.`,
  };
}

/** Says what is wrong with an issuer's name (a key of the provider's `issuers`), or nothing. */
export function checkIssuerName(value: string | number, path: Path): Problem | undefined {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid issuer name",
    detail: `${JSON.stringify(value)} is not an issuer's name: letters, digits, '_', '-' and '.', such as "dedicated".`,
  };
}
