import { ok, type Reply, type Route } from "../../http";
import { answer, DELETED, invalidInput, notFound, nowUtc, written } from "../answers";
import type { ExchangeContext } from "../context";
import { authenticated, isSeen } from "../identities";
import { missingService, PATTERN_SHAPE, problemOfPattern, toPatternRecord } from "../pattern-body";
import { type Body, readBody, type Shape } from "../request-body";
import { onPattern } from "./call";

const LIST = "/v1/orgs/:org/patterns";
const ONE = `${LIST}/:pattern`;
const PATCH_SHAPE: Shape = { ...PATTERN_SHAPE, label: "string?", services: "array?" };

/** Patterns: which services run on a kind of node. */
export function patternRoutes(context: ExchangeContext): Route[] {
  const { config, store, authenticate } = context;
  const { data } = store;
  const mayBePublic = (organization: string) => config.organizations.find(({ name }) => name === organization)?.type === "IBM";
  const readPattern = (text: string): Reply | { readonly body: Body } => {
    const read = readBody(text, PATTERN_SHAPE);
    if ("problem" in read) return invalidInput(read.problem);
    const problem = problemOfPattern(read.body);
    return problem === undefined ? read : invalidInput(problem);
  };
  return [
    {
      method: "GET",
      path: LIST,
      handle: authenticated(authenticate, ({ params }, identity) => {
        const found = Object.entries(data.patterns).filter(
          ([id, pattern]) =>
            id.startsWith(`${params.org}/`) &&
            (identity.organization === params.org || pattern.public) &&
            isSeen(identity, "PATTERNS", pattern),
        );
        return { status: found.length === 0 ? 404 : 200, json: { patterns: Object.fromEntries(found), lastIndex: 0 } };
      }),
    },
    {
      method: "GET",
      path: ONE,
      handle: onPattern(context, "READ", (_request, { id, found }) =>
        found === undefined
          ? { status: 404, json: { patterns: {}, lastIndex: 0 } }
          : ok({ patterns: { [id]: found }, lastIndex: 0 }),
      ),
    },
    {
      method: "POST",
      path: ONE,
      handle: onPattern(context, "CREATE", ({ body: text, note }, { identity, organization, id, found }) => {
        const read = readPattern(text);
        if ("status" in read) return read;
        const missing = missingService(read.body, data);
        if (missing !== undefined) return invalidInput(`pattern '${id}' not created: ${missing}`);
        if (read.body.public === true && !mayBePublic(organization)) {
          return invalidInput(`pattern '${id}' not created: only IBM patterns can be made public`);
        }
        if (found !== undefined) {
          const duplicate = 'ERROR: duplicate key value violates unique constraint "patterns_pkey"';
          return answer(403, "already-exists", `pattern '${id}' already exists: ${duplicate}`);
        }
        data.patterns[id] = toPatternRecord(read.body, identity.id);
        store.save();
        note(`created ${id}`);
        return written(`pattern '${id}' created`);
      }),
    },
    {
      method: "PUT",
      path: ONE,
      handle: onPattern(context, "WRITE", ({ body: text, note }, { identity, organization, id, found }) => {
        const read = readPattern(text);
        if ("status" in read) return read;
        const missing = missingService(read.body, data);
        if (missing !== undefined) return invalidInput(`pattern '${id}' not updated: ${missing}`);
        if (found === undefined) return notFound(`pattern '${id}' not found`);
        if ((found.public || read.body.public === true) && !mayBePublic(organization)) {
          return invalidInput(`pattern '${id}' not updated: only IBM patterns can be made public`);
        }
        data.patterns[id] = toPatternRecord(read.body, identity.id);
        store.save();
        note(`replaced ${id}`);
        return written("pattern updated");
      }),
    },
    {
      method: "PATCH",
      path: ONE,
      handle: onPattern(context, "WRITE", ({ body: text, note }, { id, found }) => {
        const read = readBody(text, PATCH_SHAPE);
        if ("problem" in read) return invalidInput(read.problem);
        const attribute = Object.keys(PATCH_SHAPE).find((field) => read.body[field] !== undefined);
        if (attribute === undefined) return invalidInput("no valid pattern attribute specified");
        if (found === undefined) return notFound(`pattern '${id}' not found`);
        data.patterns[id] = { ...found, [attribute]: read.body[attribute], lastUpdated: nowUtc() };
        store.save();
        note(`changed ${attribute} of ${id}`);
        return written(`attribute '${attribute}' of pattern '${id}' updated`);
      }),
    },
    {
      method: "DELETE",
      path: ONE,
      handle: onPattern(context, "WRITE", ({ note }, { id, found }) => {
        if (found === undefined) return notFound(`pattern '${id}' not found`);
        delete data.patterns[id];
        data.keys = data.keys.filter((key) => key.of !== "pattern" || key.owner !== id);
        store.save();
        note(`deleted ${id}`);
        return DELETED;
      }),
    },
  ];
}
