import type { IssuerKind } from "../../../domain/issuer-kind";
import type { Path } from "../../../domain/problem";
import type { CredentialStore, IssuedCredential, Issuer } from "../../../issuers";
import type { TypeSchema } from "../../../schema/attribute";
import type { IssuedCredentialAttributes } from "../../../schema/issued-credential";
import type { StateOf } from "../../../schema/model";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";

/** What the state of every credential that is issued, and revoked on destroy, has. */
export type CredentialState = StateOf<IssuedCredentialAttributes>;

/** The issuer that a configuration or a state names, and where its credentials are. */
export interface OpenedStore<Request = unknown, Item extends IssuedCredential = IssuedCredential> {
  readonly issuer: Issuer;
  readonly store: CredentialStore<Request, Item>;
}

/** One resource that has a credential issued: what sets it apart from the others. */
export interface CredentialType<Request = unknown, Item extends IssuedCredential = IssuedCredential> {
  readonly schema: TypeSchema & { readonly attributes: IssuedCredentialAttributes };
  readonly kind: IssuerKind;
  /** Opens the store of a configuration or a state that is known so far; with it the issuer's settings are checked. Contacts nobody. */
  open(values: ObjectValue, provider: ConfiguredProvider): Promise<OpenedStore<Request, Item>>;
  /** Attributes that, beside the issuer, say where a name is unique, such as an OpenShift project. @default - none */
  readonly scope?: readonly string[];
  /** What only the issuer knows, beside what every credential has: planned unknown for a new one. */
  readonly issued?: readonly string[];
  /** What a plan knows of a new credential before it is issued, such as `hosts` and `username`; the rest is unknown. Contacts nobody. */
  foresee(opened: OpenedStore<Request, Item>, config: ObjectValue, provider: ConfiguredProvider): ObjectValue;
  /** The attribute that a refusal to issue one is about. @default - `issuer` */
  blame?(error: unknown): Path | undefined;
  /** What to ask for. */
  request(planned: ObjectValue, provider: ConfiguredProvider): Request;
  /** What the issuer says of one, beside `credential_id` and `expires_at`: hosts, user name and the type's own. */
  export(item: Item, opened: OpenedStore<Request, Item>, signal: AbortSignal): Promise<ObjectValue>;
  /** What can still be said of one that is gone, such as its hosts. */
  exportGone(opened: OpenedStore<Request, Item>, signal: AbortSignal): Promise<ObjectValue>;
  /** Why an import may have read something else than is configured, by attribute, beside what holds for every credential. */
  readonly untold?: { readonly [attribute: string]: string };
  /** Of an import: the values that {@link open} needs beside the issuer, by the native id. @default - none */
  locate?(nativeId: string): ObjectValue;
  /** Of an import: the type's own attributes. */
  imported(item: Item): ObjectValue;
  /** Looks at a credential that is on its way into a state by import. @throws DiagnosticError where it can't be taken in. @default - nothing is looked at */
  atImport?(item: Item, id: string, opened: OpenedStore<Request, Item>, signal: AbortSignal): Promise<void>;
  /** An update in place, where something of it can change at the issuer. @default - what changes is our own */
  update?(
    request: { readonly prior: ObjectValue; readonly planned: ObjectValue },
    opened: OpenedStore<Request, Item>,
    context: TypeContext<ConfiguredProvider>,
  ): Promise<ApplyResult["state"]>;
}
