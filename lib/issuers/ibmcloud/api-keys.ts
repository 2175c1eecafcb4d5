import { ClientError } from "../../clients/client-error";
import type { IamApiKey, IamClient, IamPolicy, IamServiceId } from "../../clients/ibmcloud-iam/types";
import { sleep as realSleep } from "../../clients/sleep";
import { areSiblings, parseTokenMark } from "../../domain/token-mark";
import type { CredentialStore } from "../issuer";
import { type SendOnce, sendOnce } from "../send-once";
import type { ApiKeyPlace, ApiKeyRequest, IssuedApiKey, OwnApiKey } from "./api-key";
import { type Made, onceKnown, rolledBack } from "./lag";
import { allowsPulling, pullPolicyOf, pullRightOf, READER_ROLE, REGISTRY_SERVICE } from "./pull-right";

/** An `iam_id` is the service ID's id with this before it. */
const IAM_PREFIX = "iam-";
const SERVICE_ID = /^ServiceId-/;

/** What the store asks for. */
export interface ApiKeyAccount {
  readonly iam: IamClient;
  /** The account's id. */
  id(signal: AbortSignal): Promise<string>;
  /** Waits until the registry lets a new key in. @default - not waited for */
  tryOut?(id: string, signal: AbortSignal): Promise<void>;
  /** @default - a timer */
  readonly sleep?: SendOnce<unknown>["sleep"];
}

/**
 * API keys of service IDs. Each is found by the mark in its description and in that of the service ID made with it, so what a
 * killed run left of the three (service ID, policy, key) is listed too: under the service ID's id, where there is no key yet.
 */
export function createApiKeyStore(account: ApiKeyAccount, place: ApiKeyPlace): CredentialStore<ApiKeyRequest, IssuedApiKey> {
  const { iam, sleep = realSleep } = account;

  async function services(accountId: string, signal: AbortSignal): Promise<readonly IamServiceId[]> {
    if (place.serviceId !== null) {
      const found = await iam.getServiceId(place.serviceId, signal);
      return found === undefined ? [] : [found];
    }
    const { mark } = place;
    if (mark === undefined) return [];
    return (await iam.listServiceIds(accountId, signal)).filter(({ description }) => {
      const found = parseTokenMark(description);
      return found !== undefined && areSiblings(found, mark);
    });
  }

  async function list(signal: AbortSignal): Promise<readonly IssuedApiKey[]> {
    const accountId = await account.id(signal);
    const items: IssuedApiKey[] = [];
    for (const service of await services(accountId, signal)) {
      const keys = await iam.listApiKeys({ accountId, iamId: service.iamId }, signal);
      items.push(...keys.map((key) => itemOf(key, service)));
      if (keys.length === 0 && place.serviceId === null) items.push({ ...withoutKey(service), fault: "deleted" });
    }
    return place.own === undefined ? items : withOwn(items, place.own, accountId, signal);
  }

  /** The state's own key is asked for by its id, and what it may do is looked at. */
  async function withOwn(
    items: readonly IssuedApiKey[],
    own: OwnApiKey,
    accountId: string,
    signal: AbortSignal,
  ): Promise<readonly IssuedApiKey[]> {
    const found = items.find(({ id }) => id === own.id) ?? (await lookUpOwn(own, accountId, signal));
    if (found === undefined) return items;
    const others = items.filter(({ id, iamId }) => id !== own.id && !(SERVICE_ID.test(id) && iamId === found.iamId));
    if (!found.made || found.fault !== undefined) return [...others, found];
    const policies = await policiesOf(accountId, found.iamId, own, signal);
    const right = pullRightOf(policies);
    const policyId = pullPolicyOf(policies)?.id ?? own.policyId;
    if (right === "pull") return [...others, { ...found, policyId }];
    return [...others, { ...found, policyId, fault: right === "none" ? "unauthorized" : "rights_changed" }];
  }

  /** The list leaves out what the login may not see, and that may be all: the state's own is then asked for by its id. */
  async function policiesOf(
    accountId: string,
    iamId: string,
    own: Pick<OwnApiKey, "policyId"> | undefined,
    signal: AbortSignal,
  ): Promise<readonly IamPolicy[]> {
    const listed = (await iam.listPolicies({ accountId, iamId }, signal)).filter(({ active }) => active);
    const id = own?.policyId ?? null;
    if (id === null || listed.some((policy) => policy.id === id)) return listed;
    const found = await iam.getPolicy(id, signal);
    return found?.active ? [...listed, found] : listed;
  }

  /** One whose key is gone is listed for as long as something is there that was made with it, and goes with it. */
  async function lookUpOwn(own: OwnApiKey, accountId: string, signal: AbortSignal): Promise<IssuedApiKey | undefined> {
    const { id, iamId, policyId, expiresAt } = own;
    const key = await iam.getApiKey(id, signal);
    const service = await serviceOf(key?.iamId ?? iamId, signal);
    if (key !== undefined) return itemOf(key, service);
    if (place.serviceId !== null || iamId === null) return undefined;
    const isLeft = service !== undefined || (await policiesOf(accountId, iamId, own, signal)).length > 0;
    if (!isLeft) return undefined;
    const { description = "" } = service ?? {};
    return {
      ...withoutKey({ id, iamId, description }),
      policyId,
      expiresAt,
      ...(expiresAt === null ? { fault: "deleted" } : {}),
    };
  }

  async function serviceOf(iamId: string | null, signal: AbortSignal): Promise<IamServiceId | undefined> {
    const id = iamId?.startsWith(IAM_PREFIX) ? iamId.slice(IAM_PREFIX.length) : "";
    return SERVICE_ID.test(id) ? iam.getServiceId(id, signal) : undefined;
  }

  function itemOf(key: IamApiKey, service: IamServiceId | undefined): IssuedApiKey {
    const made = place.serviceId === null && service !== undefined && isMadeWith(key, service);
    const marked = made && parseTokenMark(key.description) === undefined ? service.description : key.description;
    return {
      id: key.id,
      iamId: key.iamId,
      description: marked,
      revoked: false,
      // A locked one works: nobody can change it, that is all.
      ...(key.disabled ? { fault: "disabled" as const } : {}),
      expiresAt: key.expiresAt,
      issuedAt: key.createdAt,
      made,
      policyId: made && key.id === place.own?.id ? place.own.policyId : null,
    };
  }

  /** A state knows it of its own; of any other the marks tell. */
  function isMadeWith(key: IamApiKey, service: IamServiceId): boolean {
    if (key.id === place.own?.id && place.own.iamId !== null) return true;
    const [ofKey, ofService] = [parseTokenMark(key.description), parseTokenMark(service.description)];
    return ofService !== undefined && (ofKey === undefined || ofKey.nonce === ofService.nonce);
  }

  async function issue(
    { description, name, expiresAt }: ApiKeyRequest & { readonly description: string },
    signal: AbortSignal,
  ): Promise<IssuedApiKey> {
    const accountId = await account.id(signal);
    const once = <T>(what: string, send: () => Promise<T>, find: (signal: AbortSignal) => Promise<T | undefined>) => {
      const looked = `IAM's lists were read: none is described ${JSON.stringify(description)}`;
      return sendOnce({ what, send, find, looked, sleep });
    };
    const called = `registry-access-${name}`;
    const isThis = (one: { readonly description: string }) => one.description === description;
    const made: Made[] = [];
    try {
      if (place.serviceId !== null) return await issueKey(await existing(place.serviceId, signal), undefined);
      const service = await makeService();
      return await issueKey(service, await makePolicy(service));
    } catch (error) {
      throw await rolledBack(made, error, sleep);
    }

    async function makeService(): Promise<IamServiceId> {
      const service = await once(
        "the service ID",
        () => iam.createServiceId({ accountId, name: called, description }, signal),
        async (signal) => (await iam.listServiceIds(accountId, signal)).find(isThis),
      );
      made.push({ what: `the service ID ${service.id}`, remove: (signal) => iam.deleteServiceId(service.id, signal) });
      return service;
    }

    async function makePolicy({ iamId }: IamServiceId): Promise<IamPolicy> {
      const identity = { accountId, iamId };
      const request = { ...identity, description: `Pulls for ${called}`, role: READER_ROLE, serviceName: REGISTRY_SERVICE };
      const policy = await once(
        "the policy",
        () => onceKnown(() => iam.createPolicy(request, signal), sleep, signal),
        async (signal) => (await iam.listPolicies(identity, signal)).find(allowsPulling),
      );
      made.push({ what: `the policy ${policy.id}`, remove: (signal) => iam.deletePolicy(policy.id, signal) });
      return policy;
    }

    async function issueKey(service: IamServiceId, policy: IamPolicy | undefined): Promise<IssuedApiKey> {
      const identity = { accountId, iamId: service.iamId };
      const key = await once(
        "the API key",
        () => onceKnown(() => iam.createApiKey({ ...identity, name: called, description, expiresAt }, signal), sleep, signal),
        async (signal) => (await iam.listApiKeys(identity, signal)).find(isThis),
      );
      made.push({ what: `the API key ${key.id}`, remove: (signal) => iam.deleteApiKey(key.id, signal) });
      // What IAM may have left out of its answer is what was asked for.
      const item = { ...itemOf({ ...key, description }, service), policyId: policy?.id ?? null };
      await account.tryOut?.(key.id, signal);
      return item;
    }
  }

  async function existing(id: string, signal: AbortSignal): Promise<IamServiceId> {
    const service = await iam.getServiceId(id, signal);
    if (service !== undefined) return service;
    throw new ClientError(
      "invalid",
      `${iam.endpoint} has no service ID ${JSON.stringify(id)}. Correct service_id (ibmcloud iam service-ids shows them as "ServiceId-…"), or leave it out: one that may only pull is then made with the key.`,
    );
  }

  /** First the key, then what was made for it. */
  async function revoke(id: string, signal: AbortSignal): Promise<void> {
    if (SERVICE_ID.test(id)) {
      const bare = await iam.getServiceId(id, signal);
      await checkRemovable(bare, undefined, signal);
      return removeMade(`${IAM_PREFIX}${id}`, bare, undefined, signal);
    }
    const key = await iam.getApiKey(id, signal);
    if (key?.locked)
      throw locked("API key", key, `ibmcloud iam service-api-key-unlock ${key.id} ${key.iamId.slice(IAM_PREFIX.length)}`);
    const own = id === place.own?.id ? place.own : undefined;
    const iamId = key?.iamId ?? own?.iamId ?? null;
    const service = place.serviceId === null ? await serviceOf(iamId, signal) : undefined;
    const isMade = own !== undefined || parseTokenMark(service?.description ?? "") !== undefined;
    const goes = place.serviceId === null && isMade && iamId?.startsWith(`${IAM_PREFIX}ServiceId-`) === true;
    // Nothing is begun that can't be ended.
    if (goes) await checkRemovable(service, id, signal);
    if (key !== undefined) await iam.deleteApiKey(id, signal);
    if (goes && iamId !== null) await removeMade(iamId, service, own, signal);
  }

  /** It goes with every key under it, so none may be there that is not ours, and no lock. */
  async function checkRemovable(
    service: IamServiceId | undefined,
    keyId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (service === undefined) return;
    if (service.locked) throw locked("service ID", service, `ibmcloud iam service-id-unlock ${service.id}`);
    const keys = await iam.listApiKeys({ accountId: await account.id(signal), iamId: service.iamId }, signal);
    const foreign = keys.filter(({ id, description }) => id !== keyId && parseTokenMark(description) === undefined);
    if (foreign.length === 0) return;
    const named = foreign.map(({ id, name }) => `${id} (${JSON.stringify(name)})`).join(", ");
    throw new ClientError(
      "invalid",
      `The service ID ${service.id} was made with the key and would go with it, and with it API keys that others made under it: ${named}. Nothing was deleted. Delete them (ibmcloud iam service-api-key-delete) once nobody uses them, and apply again.`,
      { status: 409 },
    );
  }

  /** The policies go first: IAM keeps those of a service ID that is gone. */
  async function removeMade(
    iamId: string,
    service: IamServiceId | undefined,
    own: OwnApiKey | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const accountId = await account.id(signal);
    for (const { id } of await policiesOf(accountId, iamId, own, signal)) await iam.deletePolicy(id, signal);
    if (service !== undefined) await iam.deleteServiceId(service.id, signal);
  }

  return { list, issue, revoke };
}

/** IAM neither changes nor deletes what somebody locked: whoever did that is asked first. */
function locked(what: string, { id, name }: Pick<IamApiKey, "id" | "name">, unlock: string): ClientError {
  return new ClientError(
    "invalid",
    `The ${what} ${id} (${JSON.stringify(name)}) is locked, so IAM does not delete it. Nothing was deleted. Find out why it was locked; then unlock it (${unlock}), and apply again.`,
    { status: 409 },
  );
}

/** What a run that was killed left: no key yet. */
function withoutKey({ id, iamId, description }: Pick<IamServiceId, "id" | "iamId" | "description">): IssuedApiKey {
  return { id, iamId, description, revoked: false, expiresAt: null, issuedAt: null, made: true, policyId: null };
}
