import { randomUUID } from "node:crypto";
import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { missing, readObject, textOf } from "../body";
import type { EmulatorContext } from "../context";
import { identityError, locked, notAuthorized, notFound } from "../errors";
import type { Identity } from "../identity";
import { withIdentityLogin } from "../login";
import { page } from "../paging";
import type { ServiceIdRecord } from "../store";
import { formatTime } from "../times";

/** `/v1/serviceids/`: list, create, get, change and delete. Its keys go with a service ID; its policies stay. */
export function serviceIdRoutes(context: EmulatorContext): Route[] {
  const { store, clock, identities } = context;
  const managed = (handle: (request: EmulatorRequest, caller: Identity) => Reply) =>
    withIdentityLogin(context, (request, caller) => (identities.managesIam(caller) ? handle(request, caller) : notAuthorized()));
  const onServiceId = (handle: (serviceId: ServiceIdRecord, request: EmulatorRequest) => Reply) =>
    managed((request, caller) => {
      const id = request.params.id ?? "";
      const found = store.data.serviceIds.find((one) => one.id === id && one.account === caller.account);
      return found === undefined ? notFound("ServiceId", id) : handle(found, request);
    });
  const setLock = (method: string, lock: boolean): Route => ({
    method,
    path: "/v1/serviceids/:id/lock",
    handle: onServiceId((serviceId) => {
      serviceId.locked = lock;
      serviceId.revision += 1;
      store.save();
      return ok(formatServiceId(serviceId));
    }),
  });
  return [
    {
      method: "GET",
      path: "/v1/serviceids/",
      handle: managed(({ url }, caller) => {
        if ((url.searchParams.get("account_id") ?? caller.account) !== caller.account) return notAuthorized();
        const name = url.searchParams.get("name");
        const found = store.data.serviceIds.filter(
          (one) => one.account === caller.account && (name === null || one.name === name),
        );
        return page(url, "serviceids", found, formatServiceId);
      }),
    },
    {
      method: "POST",
      path: "/v1/serviceids/",
      handle: managed(({ body, note }, caller) => {
        const wanted = readObject(body);
        const name = textOf(wanted?.name);
        if (name === undefined) return missing("name");
        if (textOf(wanted?.account_id) === undefined) return missing("account_id");
        if (wanted?.account_id !== caller.account) return notAuthorized();
        const id = `ServiceId-${randomUUID()}`;
        const now = clock.now();
        const made: ServiceIdRecord = {
          id,
          iamId: `iam-${id}`,
          account: caller.account,
          name,
          description: textOf(wanted.description),
          createdAt: now,
          modifiedAt: now,
          locked: false,
          revision: 1,
        };
        store.data.serviceIds.push(made);
        store.save();
        note(`created ${id}`);
        return { status: 201, json: formatServiceId(made) };
      }),
    },
    { method: "GET", path: "/v1/serviceids/:id", handle: onServiceId((serviceId) => ok(formatServiceId(serviceId))) },
    {
      method: "PUT",
      path: "/v1/serviceids/:id",
      handle: onServiceId((serviceId, { headers, body }) => {
        const tag = headers["if-match"];
        if (tag === undefined) return missing("If-Match");
        if (tag !== "*" && tag !== tagOf(serviceId)) {
          return identityError(409, "conflict", "BXNIM0121E", "The entity tag is not that of the current version.");
        }
        if (serviceId.locked) return locked();
        const wanted = readObject(body);
        if (wanted === undefined || wanted.name === "") return missing("name");
        serviceId.name = textOf(wanted.name) ?? serviceId.name;
        if (wanted.description !== undefined) serviceId.description = textOf(wanted.description);
        serviceId.modifiedAt = clock.now();
        serviceId.revision += 1;
        store.save();
        return ok(formatServiceId(serviceId));
      }),
    },
    {
      method: "DELETE",
      path: "/v1/serviceids/:id",
      handle: onServiceId((serviceId, { note }) => {
        if (serviceId.locked) return locked();
        deleteServiceId(context, serviceId);
        note(`deleted ${serviceId.id}`);
        return { status: 204 };
      }),
    },
    setLock("POST", true),
    setLock("DELETE", false),
  ];
}

/** Deletes a service ID with its API keys. */
export function deleteServiceId({ store }: EmulatorContext, serviceId: ServiceIdRecord): void {
  store.data.serviceIds = store.data.serviceIds.filter((one) => one !== serviceId);
  store.data.apiKeys = store.data.apiKeys.filter(({ iamId }) => iamId !== serviceId.iamId);
  store.save();
}

const tagOf = (serviceId: ServiceIdRecord): string => `${serviceId.revision}-${serviceId.id.slice(-12)}`;

function formatServiceId(serviceId: ServiceIdRecord): unknown {
  return {
    id: serviceId.id,
    iam_id: serviceId.iamId,
    entity_tag: tagOf(serviceId),
    crn: `crn:v1:bluemix:public:iam-identity::a/${serviceId.account}::serviceid:${serviceId.id}`,
    locked: serviceId.locked,
    created_at: formatTime(serviceId.createdAt),
    modified_at: formatTime(serviceId.modifiedAt),
    account_id: serviceId.account,
    name: serviceId.name,
    ...(serviceId.description !== undefined && { description: serviceId.description }),
    unique_instance_crns: [],
  };
}
