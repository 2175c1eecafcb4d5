import { randomBytes, randomUUID } from "node:crypto";
import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { invalid, missing, readObject, textOf } from "../body";
import type { EmulatorContext } from "../context";
import { identityError, locked, notAuthorized, notFound } from "../errors";
import type { Identity } from "../identity";
import { withIdentityLogin } from "../login";
import { page } from "../paging";
import type { ApiKeyRecord } from "../store";
import { formatTime, parseTime } from "../times";

/** `/v1/apikeys`: list, create, get, change, delete, lock and disable, and whose a key is. */
export function apiKeyRoutes(context: EmulatorContext): Route[] {
  const { store, clock, identities } = context;
  const may = (caller: Identity, iamId: string, account: string) =>
    caller.account === account && (caller.iamId === iamId || identities.managesIam(caller));

  /** Finds the key of the path, where the caller may look at it. */
  const onKey = (handle: (key: ApiKeyRecord, request: EmulatorRequest) => Reply) =>
    withIdentityLogin(context, (request, caller) => {
      const id = request.params.id ?? "";
      const key = store.data.apiKeys.find((one) => one.id === id);
      if (key === undefined) return notFound("ApiKey", id);
      return may(caller, key.iamId, key.account) ? handle(key, request) : notAuthorized();
    });
  const touch = (key: ApiKeyRecord): void => {
    key.modifiedAt = clock.now();
    key.revision += 1;
    store.save();
  };
  const setting = (method: string, what: "lock" | "disable", change: (key: ApiKeyRecord) => void): Route => ({
    method,
    path: `/v1/apikeys/:id/${what}`,
    handle: onKey((key) => {
      change(key);
      touch(key);
      return { status: 204 };
    }),
  });

  return [
    {
      method: "GET",
      path: "/v1/apikeys",
      handle: withIdentityLogin(context, ({ url }, caller) => {
        const account = url.searchParams.get("account_id") ?? caller.account;
        const whole = url.searchParams.get("scope") === "account";
        const iamId = url.searchParams.get("iam_id") ?? (whole ? undefined : caller.iamId);
        if (account !== caller.account || (iamId !== caller.iamId && !identities.managesIam(caller))) return notAuthorized();
        const type = url.searchParams.get("type");
        const found = store.data.apiKeys.filter(
          (key) =>
            key.account === account &&
            (iamId === undefined || key.iamId === iamId) &&
            (type === null || (type === "serviceid") === key.iamId.startsWith("iam-")),
        );
        return page(url, "apikeys", found, (key) => formatKey(key));
      }),
    },
    {
      method: "POST",
      path: "/v1/apikeys",
      handle: withIdentityLogin(context, ({ body, headers, note }, caller) => {
        const wanted = readObject(body);
        const name = textOf(wanted?.name);
        const iamId = textOf(wanted?.iam_id);
        if (wanted === undefined || name === undefined) return missing("name");
        if (iamId === undefined) return missing("iam_id");
        const owner = identities.find(iamId);
        if (owner === undefined) return notFound("Identity", iamId);
        if (!may(caller, iamId, owner.account)) return notAuthorized();
        const key = newKey(wanted, name, owner, caller, clock.now());
        if ("status" in key) return key;
        if (identities.keyOf(key.value) !== undefined)
          return identityError(409, "conflict", "BXNIM0122E", "The API key value is taken.");
        key.locked = headers["entity-lock"] === "true";
        store.data.apiKeys.push(key);
        store.save();
        note(`created ${key.id}`);
        return { status: 201, json: formatKey(key, key.value) };
      }),
    },
    {
      method: "GET",
      path: "/v1/apikeys/details",
      handle: withIdentityLogin(context, ({ headers }, caller) => {
        const value = String(headers["iam-apikey"] ?? "");
        if (value === "") return missing("IAM-ApiKey");
        const key = identities.keyOf(value);
        if (key === undefined) return notFound("ApiKey", "of the value");
        return may(caller, key.iamId, key.account) ? ok(formatKey(key)) : notAuthorized();
      }),
    },
    {
      method: "GET",
      path: "/v1/apikeys/:id",
      handle: onKey((key) => ok(formatKey(key, key.storeValue ? key.value : undefined))),
    },
    {
      method: "PUT",
      path: "/v1/apikeys/:id",
      handle: onKey((key, { headers, body }) => {
        const tag = headers["if-match"];
        if (tag === undefined) return missing("If-Match");
        if (tag !== "*" && tag !== tagOf(key)) return conflict();
        if (key.locked) return locked();
        const wanted = readObject(body);
        if (wanted === undefined || wanted.name === "") return missing("name");
        const expiresAt = expiryOf(wanted, clock.now(), key.expiresAt);
        if (typeof expiresAt === "object" && expiresAt !== null) return expiresAt;
        key.name = textOf(wanted.name) ?? key.name;
        if (wanted.description !== undefined) key.description = textOf(wanted.description);
        key.expiresAt = expiresAt;
        touch(key);
        return ok(formatKey(key, key.storeValue ? key.value : undefined));
      }),
    },
    {
      method: "DELETE",
      path: "/v1/apikeys/:id",
      handle: onKey((key, { note }) => {
        if (key.locked) return locked();
        store.data.apiKeys = store.data.apiKeys.filter((one) => one !== key);
        store.save();
        note(`deleted ${key.id}`);
        return { status: 204 };
      }),
    },
    setting("POST", "lock", (key) => {
      key.locked = true;
    }),
    setting("DELETE", "lock", (key) => {
      key.locked = false;
    }),
    setting("POST", "disable", (key) => {
      key.disabled = true;
    }),
    setting("DELETE", "disable", (key) => {
      key.disabled = false;
    }),
  ];
}

function newKey(
  wanted: { readonly [name: string]: unknown },
  name: string,
  owner: Identity,
  caller: Identity,
  now: number,
): ApiKeyRecord | Reply {
  const account = textOf(wanted.account_id);
  if (account !== undefined && account !== owner.account) return invalid("account_id", "It is not the account of the iam_id.");
  const storeValue = wanted.store_value === true;
  if (storeValue && owner.kind === "user") return invalid("store_value", "The value of a user's API key is not stored.");
  const expiresAt = expiryOf(wanted, now, null);
  if (typeof expiresAt === "object" && expiresAt !== null) return expiresAt;
  return {
    id: `ApiKey-${randomUUID()}`,
    value: textOf(wanted.apikey) ?? randomBytes(33).toString("base64url"),
    name,
    description: textOf(wanted.description),
    iamId: owner.iamId,
    account: owner.account,
    createdBy: caller.iamId,
    createdAt: now,
    modifiedAt: now,
    storeValue,
    expiresAt,
    locked: false,
    disabled: false,
    revision: 1,
  };
}

/** When a key is to end: what is wanted, else what is so. */
function expiryOf(wanted: { readonly [name: string]: unknown }, now: number, current: number | null): number | null | Reply {
  if (wanted.expires_at === undefined) return current;
  if (wanted.expires_at === null || wanted.expires_at === "") return null;
  const expiresAt = parseTime(String(wanted.expires_at));
  if (expiresAt === undefined) return invalid("expires_at", "It has to be a time such as 2030-01-31T12:00+0000.");
  return expiresAt > now ? expiresAt : invalid("expires_at", "It has to be in the future.");
}

const tagOf = (key: ApiKeyRecord): string => `${key.revision}-${key.id.slice(-12)}`;
const conflict = (): Reply => identityError(409, "conflict", "BXNIM0121E", "The entity tag is not that of the current version.");

/** A key as IAM tells it. Its value stands in it only where it is given out; else the property is empty. */
function formatKey(key: ApiKeyRecord, value = ""): unknown {
  return {
    id: key.id,
    entity_tag: tagOf(key),
    crn: `crn:v1:bluemix:public:iam-identity::a/${key.account}::apikey:${key.id}`,
    locked: key.locked,
    disabled: key.disabled,
    created_at: formatTime(key.createdAt),
    created_by: key.createdBy,
    modified_at: formatTime(key.modifiedAt),
    ...(key.expiresAt !== null && { expires_at: formatTime(key.expiresAt) }),
    support_sessions: false,
    action_when_leaked: "none",
    name: key.name,
    ...(key.description !== undefined && { description: key.description }),
    iam_id: key.iamId,
    account_id: key.account,
    apikey: value,
  };
}
