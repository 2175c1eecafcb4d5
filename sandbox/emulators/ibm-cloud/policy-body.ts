import type { Reply } from "../http";
import { textOf } from "./body";
import { policyError } from "./errors";
import type { PolicyAttribute, PolicyBody } from "./store";

const ROLE = /^crn:v1:bluemix:public:[\w-]*::::(serviceRole|role):[\w-]+$/;

/** Reads a policy as a client sends it; the refusal where IAM would refuse it. */
export function readPolicy(body: { readonly [name: string]: unknown } | undefined, account: string): PolicyBody | Reply {
  if (body === undefined) return refuse("The body is no JSON object.");
  const type = textOf(body.type);
  if (type !== "access" && type !== "authorization") return refuse("type has to be access or authorization.");
  const [subjects, resources, roles] = [readSets(body.subjects), readSets(body.resources), readRoles(body.roles)];
  if (subjects === undefined || subjects.length === 0) return refuse("subjects is missing, or has no attributes.");
  if (resources === undefined || resources.length === 0) return refuse("resources is missing, or has no attributes.");
  if (roles === undefined || roles.length === 0) return refuse("roles is missing, or one is no role.");
  const own = resources.every(({ attributes }) =>
    attributes.some(({ name, value }) => name === "accountId" && value === account),
  );
  if (!own) return refuse("resources need the attribute accountId of your account.");
  return { type, description: textOf(body.description), subjects, roles, resources };
}

function refuse(message: string): Reply {
  return policyError(400, "invalid_body", message);
}

function readSets(value: unknown): PolicyBody["resources"] | undefined {
  if (!Array.isArray(value)) return undefined;
  const sets = value.map((one: { attributes?: unknown } | null) => readAttributes(one?.attributes));
  return sets.some((set) => set === undefined) ? undefined : sets.map((attributes) => ({ attributes: attributes ?? [] }));
}

function readAttributes(value: unknown): readonly PolicyAttribute[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const read = value.flatMap((one: { name?: unknown; value?: unknown; operator?: unknown } | null): PolicyAttribute[] => {
    const [name, text, operator] = [textOf(one?.name), textOf(one?.value), textOf(one?.operator)];
    return name === undefined || text === undefined ? [] : [{ name, value: text, ...(operator !== undefined && { operator }) }];
  });
  return read.length === value.length ? read : undefined;
}

function readRoles(value: unknown): PolicyBody["roles"] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read = value.flatMap((one: { role_id?: unknown } | null) => {
    const id = textOf(one?.role_id);
    return id !== undefined && ROLE.test(id) ? [{ role_id: id }] : [];
  });
  return read.length === value.length ? read : undefined;
}
