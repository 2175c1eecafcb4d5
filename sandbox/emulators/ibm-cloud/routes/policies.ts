import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type EmulatorRequest, ok, type Reply, type Route } from "../../http";
import { readObject } from "../body";
import type { EmulatorContext } from "../context";
import { policyError } from "../errors";
import { withPolicyLogin } from "../login";
import { readPolicy } from "../policy-body";
import type { PolicyBody, PolicyRecord } from "../store";

/** `/v1/policies`: list, create, get, replace and delete. Two policies that say the same are not allowed. */
export function policyRoutes(context: EmulatorContext): Route[] {
  const { store, clock } = context;
  const active = (account: string) => store.data.policies.filter((one) => one.account === account && one.state === "active");
  const onPolicy = (handle: (policy: PolicyRecord, request: EmulatorRequest) => Reply) =>
    withPolicyLogin(context, (request, caller) => {
      const id = request.params.id ?? "";
      const policy = store.data.policies.find((one) => one.id === id && one.account === caller.account);
      return policy === undefined
        ? policyError(404, "policy_not_found", `Policy with ID ${id} not found.`)
        : handle(policy, request);
    });
  return [
    {
      method: "GET",
      path: "/v1/policies",
      handle: withPolicyLogin(
        context,
        ({ url }, caller) => {
          const account = url.searchParams.get("account_id");
          if (account === null) return policyError(400, "missing_required_query_parameter", "account_id is missing.");
          if (account !== caller.account)
            return policyError(403, "insufficent_permissions", "You are not authorized to use this API.");
          const [iamId, type] = [url.searchParams.get("iam_id"), url.searchParams.get("type")];
          const state = url.searchParams.get("state") ?? "active";
          const found = store.data.policies.filter(
            (one) =>
              one.account === account &&
              one.state === state &&
              (iamId === null || subjectsOf(one.body).includes(iamId)) &&
              (type === null || one.body.type === type),
          );
          return ok({ policies: found.map((one) => formatPolicy(one, url.origin)) });
        },
        () => ok({ policies: [] }),
      ),
    },
    {
      method: "POST",
      path: "/v1/policies",
      handle: withPolicyLogin(context, ({ body, url, note }, caller) => {
        const read = readPolicy(readObject(body), caller.account);
        if ("status" in read) return read;
        const twin = active(caller.account).find((one) => saysTheSame(one.body, read));
        if (twin !== undefined) return conflictWith(twin);
        const now = clock.now();
        const policy: PolicyRecord = {
          id: randomUUID(),
          account: caller.account,
          body: read,
          createdBy: caller.iamId,
          createdAt: now,
          modifiedAt: now,
          state: "active",
          revision: 1,
        };
        store.data.policies.push(policy);
        store.save();
        note(`created ${policy.id}`);
        return { status: 201, json: formatPolicy(policy, url.origin), headers: { etag: tagOf(policy) } };
      }),
    },
    {
      method: "GET",
      path: "/v1/policies/:id",
      handle: onPolicy((policy, { url }) => ({ ...ok(formatPolicy(policy, url.origin)), headers: { etag: tagOf(policy) } })),
    },
    {
      method: "PUT",
      path: "/v1/policies/:id",
      handle: onPolicy((policy, { body, headers, url }) => {
        if (headers["if-match"] !== tagOf(policy)) {
          return policyError(
            headers["if-match"] === undefined ? 400 : 412,
            "request_not_processed",
            "If-Match is not the policy's ETag.",
          );
        }
        const read = readPolicy(readObject(body), policy.account);
        if ("status" in read) return read;
        policy.body = read;
        policy.modifiedAt = clock.now();
        policy.revision += 1;
        store.save();
        return { ...ok(formatPolicy(policy, url.origin)), headers: { etag: tagOf(policy) } };
      }),
    },
    {
      method: "DELETE",
      path: "/v1/policies/:id",
      handle: onPolicy((policy, { note }) => {
        if (policy.state === "deleted") return policyError(404, "policy_not_found", `Policy with ID ${policy.id} not found.`);
        policy.state = "deleted";
        policy.revision += 1;
        store.save();
        note(`deleted ${policy.id}`);
        return { status: 204 };
      }),
    },
  ];
}

const tagOf = ({ id, revision }: PolicyRecord): string => `${revision}-${id.replaceAll("-", "")}`;

function subjectsOf({ subjects }: PolicyBody): string[] {
  return subjects.flatMap(({ attributes }) => attributes.flatMap(({ name, value }) => (name === "iam_id" ? [value] : [])));
}

function saysTheSame(one: PolicyBody, other: PolicyBody): boolean {
  const essence = ({ type, subjects, roles, resources }: PolicyBody) => ({ type, subjects, roles, resources });
  return isDeepStrictEqual(essence(one), essence(other));
}

function conflictWith(twin: PolicyRecord): Reply {
  const { roles, resources, subjects } = twin.body;
  const details = {
    conflicts_with: { etag: tagOf(twin), role: roles[0]?.role_id, policy: { id: twin.id, roles, resources, subjects } },
  };
  return policyError(
    409,
    "policy_conflict_error",
    `The policy wasn't created because an access policy with identical attributes and roles already exists: ${twin.id}.`,
    details,
  );
}

function formatPolicy(policy: PolicyRecord, origin: string): unknown {
  const { type, description, subjects, roles, resources } = policy.body;
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
  return {
    id: policy.id,
    type,
    ...(description !== undefined && { description }),
    subjects,
    roles: roles.map(({ role_id: id }) => ({ role_id: id, display_name: id.split(":").at(-1) })),
    resources,
    href: `${origin}/v1/policies/${policy.id}`,
    created_at: iso(policy.createdAt),
    created_by_id: policy.createdBy,
    last_modified_at: iso(policy.modifiedAt),
    last_modified_by_id: policy.createdBy,
    state: policy.state,
  };
}
