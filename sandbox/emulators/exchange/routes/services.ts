import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { answer, DELETED, invalidInput, notFound, nowUtc, written } from "../answers";
import type { ExchangeContext } from "../context";
import { authenticated, type Identity, isSeen, refusal } from "../identities";
import { readBody } from "../request-body";
import { formatService, missingRequirement, problemOfService, SERVICE_SHAPE, SHARABLE, toServiceRecord } from "../service-body";
import { formServiceId } from "../service-id";
import type { ServiceRecord } from "../store";
import { onService } from "./call";

const LIST = "/v1/orgs/:org/services";
const ONE = `${LIST}/:service`;

/** The attributes that PATCH changes, in the order in which it looks for one. */
const PATCHABLE = Object.keys(SERVICE_SHAPE).filter((field) => !field.startsWith("clusterDeployment"));

/** Services: list, publish, read, replace, change one attribute, delete. */
export function serviceRoutes(context: ExchangeContext): Route[] {
  const { store, authenticate } = context;
  const { data } = store;
  return [
    { method: "GET", path: LIST, handle: authenticated(authenticate, (request, identity) => list(context, request, identity)) },
    {
      method: "POST",
      path: LIST,
      handle: authenticated(authenticate, ({ params, body: text, note }, identity) => {
        const organization = params.org ?? "";
        const target = { kind: "SERVICES", organization, id: `${organization}/`, existing: undefined };
        const refused = refusal(identity, target, "CREATE");
        if (refused !== undefined) return refused;
        const read = readBody(text, SERVICE_SHAPE);
        const problem = "problem" in read ? read.problem : problemOfService(read.body, organization);
        if ("problem" in read || problem !== undefined) return invalidInput(problem ?? "");
        const { body } = read;
        const id = formServiceId(organization, String(body.url), String(body.version), String(body.arch));
        const missing = missingRequirement(body, data);
        if (missing !== undefined) return invalidInput(`service '${id}' not created: ${missing}`);
        if (data.services[id] !== undefined) {
          const duplicate = 'ERROR: duplicate key value violates unique constraint "services_pkey"';
          return answer(403, "already-exists", `service '${id}' already exists: ${duplicate}`);
        }
        data.services[id] = toServiceRecord(body, identity.id);
        store.save();
        note(`created ${id}`);
        return written(`service '${id}' created`);
      }),
    },
    {
      method: "GET",
      path: ONE,
      handle: onService(context, "READ", ({ url }, { id, found }) => {
        if (found === undefined) return notFound(`service '${id}' not found`);
        const attribute = url.searchParams.get("attribute");
        if (attribute === null) return ok({ services: { [id]: formatService(found) }, lastIndex: 0 });
        const value = (found as unknown as Record<string, unknown>)[attribute];
        if (value === undefined)
          return invalidInput(`Service attribute name '${attribute}' is not an attribute of the service resource.`);
        return ok({ attribute, value: typeof value === "string" ? value : JSON.stringify(value) });
      }),
    },
    {
      method: "PUT",
      path: ONE,
      handle: onService(context, "WRITE", ({ body: text, note }, { identity, organization, id, found }) => {
        const read = readBody(text, SERVICE_SHAPE);
        const problem = "problem" in read ? read.problem : problemOfService(read.body, organization, id);
        if ("problem" in read || problem !== undefined) return invalidInput(problem ?? "");
        const missing = missingRequirement(read.body, data);
        if (missing !== undefined) return invalidInput(`service '${id}' not updated: ${missing}`);
        if (found === undefined) return notFound(`service '${id}' not found`);
        data.services[id] = toServiceRecord(read.body, identity.id);
        store.save();
        note(`replaced ${id}`);
        return written("service updated");
      }),
    },
    {
      method: "PATCH",
      path: ONE,
      handle: onService(context, "WRITE", ({ body: text, note }, { id, found }) => {
        const read = readBody(text, optional(SERVICE_SHAPE));
        if ("problem" in read) return invalidInput(read.problem);
        const { body } = read;
        const attribute = PATCHABLE.find((field) => body[field] !== undefined);
        if (attribute === undefined) return invalidInput("no valid service attribute specified");
        if (["url", "version", "arch"].includes(attribute)) {
          return invalidInput(
            "patching attributes 'url', 'version', and 'arch' are not allowed (because the id would not match). To change those attributes you must delete the resource and recreate it.",
          );
        }
        if (attribute === "sharable" && !SHARABLE.includes(body.sharable)) {
          return invalidInput(`invalid value '${body.sharable}' for the sharable attribute.`);
        }
        if (found === undefined) return notFound(`service '${id}' not found`);
        data.services[id] = { ...found, [attribute]: body[attribute], lastUpdated: nowUtc() };
        store.save();
        note(`changed ${attribute} of ${id}`);
        return written(`attribute '${attribute}' of service '${id}' updated`);
      }),
    },
    {
      method: "DELETE",
      path: ONE,
      handle: onService(context, "WRITE", ({ note }, { id, found }) => {
        if (found === undefined) return notFound(`service '${id}' not found`);
        delete data.services[id];
        data.dockAuths = data.dockAuths.filter(({ service }) => service !== id);
        data.keys = data.keys.filter((key) => key.of !== "service" || key.owner !== id);
        store.save();
        note(`deleted ${id}`);
        return DELETED;
      }),
    },
  ];
}

/** Those of the organization, by `owner`, `url`, `version`, `arch` and `public`; `%` stands for anything. */
function list({ store }: ExchangeContext, { params, url }: EmulatorRequest, identity: Identity): Reply {
  const organization = params.org ?? "";
  const fits = (service: ServiceRecord): boolean =>
    [...url.searchParams].every(([name, wanted]) => {
      if (!["owner", "url", "version", "arch", "public"].includes(name)) return true;
      const value = String((service as unknown as Record<string, unknown>)[name]);
      const pattern = wanted.split("%").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return new RegExp(`^${pattern.join(".*")}$`).test(value);
    });
  const found = Object.entries(store.data.services).filter(
    ([id, service]) =>
      id.startsWith(`${organization}/`) &&
      (identity.organization === organization || service.public) &&
      isSeen(identity, "SERVICES", service) &&
      fits(service),
  );
  const services = Object.fromEntries(found.map(([id, service]) => [id, formatService(service)]));
  return { status: found.length === 0 ? 404 : 200, json: { services, lastIndex: 0 } };
}

function optional(shape: typeof SERVICE_SHAPE): typeof SERVICE_SHAPE {
  const entries = Object.entries(shape).map(([field, kind]) => [field, kind.endsWith("?") ? kind : `${kind}?`] as const);
  return Object.fromEntries(entries) as typeof SERVICE_SHAPE;
}
