import type { EmulatorRequest, Reply, Route } from "../../http";
import type { ExchangeContext } from "../context";
import { type Access, authenticated, type Identity, refusal } from "../identities";
import type { PatternRecord, ServiceRecord } from "../store";

/** A service or pattern that a call is about, and who calls. */
export interface Call<Found> {
  readonly identity: Identity;
  readonly organization: string;
  /** `ORG/ID`. */
  readonly id: string;
  /** Undefined where it does not exist. */
  readonly found: Found | undefined;
}

type Handle<Found> = (request: EmulatorRequest, call: Call<Found>) => Reply;

/** A route about one service (`/v1/orgs/:org/services/:service…`), for those who may. */
export function onService(context: ExchangeContext, access: Access, handle: Handle<ServiceRecord>): Route["handle"] {
  return on(context, access, handle, "SERVICES", ({ service }) => service, context.store.data.services);
}

/** A route about one pattern (`/v1/orgs/:org/patterns/:pattern…`), for those who may. */
export function onPattern(context: ExchangeContext, access: Access, handle: Handle<PatternRecord>): Route["handle"] {
  return on(context, access, handle, "PATTERNS", ({ pattern }) => pattern, context.store.data.patterns);
}

function on<Found extends { readonly owner: string; readonly public: boolean }>(
  context: ExchangeContext,
  access: Access,
  handle: Handle<Found>,
  kind: string,
  nameOf: (params: EmulatorRequest["params"]) => string | undefined,
  all: Readonly<Record<string, Found>>,
): Route["handle"] {
  return authenticated(context.authenticate, (request, identity) => {
    const organization = request.params.org ?? "";
    const id = `${organization}/${nameOf(request.params) ?? ""}`;
    const found = all[id];
    return (
      refusal(identity, { kind, organization, id, existing: found }, access) ??
      handle(request, { identity, organization, id, found })
    );
  });
}
