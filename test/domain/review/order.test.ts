import { readPlan } from "../../../lib/domain/plan-json/read-plan";
import { reviewOf } from "../../../lib/domain/review/review";
import { type GivenChange, planJson, token } from "../../cli/support/plan-json";

/** What a review has of a plan whose changes are told in an order that says nothing. */
function review(changes: readonly GivenChange[]) {
  const now = new Date("2026-11-23T00:00:00Z");
  return reviewOf(readPlan(planJson(changes)), { now, soonSeconds: 0, attributesOf: () => [], editors: () => undefined });
}

it("of credentials what takes something away comes first", () => {
  const change = (name: string, actions: readonly string[]): GivenChange => ({
    type: "registry_token",
    name,
    actions,
    ...(actions.includes("delete") || actions.includes("update") ? { before: token() } : {}),
    ...(actions.includes("create") || actions.includes("update") ? { after: token() } : {}),
  });
  const { credentials } = review([
    change("new", ["create"]),
    change("changed", ["update"]),
    change("replaced", ["create", "delete"]),
    change("gone", ["delete"]),
    change("new_too", ["create"]),
  ]);
  expect(credentials.map(({ address }) => address.replace("registry_token.", ""))).toEqual([
    "gone",
    "replaced",
    "changed",
    "new",
    "new_too",
  ]);
});

it("of other resources what is destroyed comes first, and then by type", () => {
  const change = (type: string, actions: readonly string[], provider?: string): GivenChange => ({
    type,
    actions,
    before: {},
    after: {},
    ...(provider === undefined ? {} : { provider }),
  });
  const { own, others } = review([
    change("registry_openshift_route", ["create"]),
    change("registry_openshift_project", ["delete"]),
    change("b_thing", ["create"], "registry.terraform.io/hashicorp/b"),
    change("a_thing", ["create"], "registry.terraform.io/hashicorp/a"),
    change("z_thing", ["delete"], "registry.terraform.io/hashicorp/z"),
    change("m_thing", ["create", "delete"], "registry.terraform.io/hashicorp/m"),
  ]);
  expect(own.map(({ address, action }) => `${address} ${action}`)).toEqual([
    "registry_openshift_project.access destroyed",
    "registry_openshift_route.access created",
  ]);
  expect(others.map(({ type, action }) => `${type} ${action}`)).toEqual([
    "z_thing destroyed",
    "m_thing replaced",
    "a_thing created",
    "b_thing created",
  ]);
});
