import { readPlan } from "../../../lib/domain/plan-json/read-plan";
import { warningsOf } from "../../../lib/domain/review/warnings";
import { createAuthority } from "../../../sandbox/certificates";
import { type GivenChange, planJson } from "../../cli/support/plan-json";

const DAY_MS = 86_400_000;
const NOW = new Date("2026-11-23T00:00:00Z");
const WEEK = 7 * 86_400;

/** The kinds of what is told of a plan. */
function kindsOf(changes: readonly GivenChange[], config: object = {}): readonly string[] {
  const plan = readPlan(planJson(changes, [], config));
  return warningsOf(plan, { credentials: [], access: [] }, NOW, WEEK).map(({ kind }) => kind);
}

/** A provider's block, with constants as Terraform writes them. */
const block = (expressions: object) => ({ registry: { name: "registry", expressions } });
const issuer = (url: string) => block({ issuers: { constant_value: { a: { bluemix: { api_endpoint: url } } } } });

describe("warnings of a provider's configuration", () => {
  const cases: { readonly [name: string]: readonly [object, readonly string[]] } = {
    "a service over plain HTTP": [issuer("http://registry.example.com"), ["plain_http"]],
    "one whose name only begins like loopback": [issuer("http://127.0.0.1.example.com"), ["plain_http"]],
    "plain HTTP to loopback": [issuer("http://127.0.0.1:8080"), []],
    "plain HTTP to localhost": [issuer("http://localhost/"), []],
    HTTPS: [issuer("https://registry.example.com"), []],
    "certificates that are not verified": [block({ kubernetes: { insecure: { constant_value: true } } }), ["not_verified"]],
    "certificates that are": [block({ kubernetes: { insecure: { constant_value: false } } }), []],
    "another provider's": [{ other: { name: "other", expressions: { url: { constant_value: "http://x.example" } } } }, []],
    "what is no constant": [block({ issuers: { references: ["var.issuers"] } }), []],
  };
  it.each(Object.entries(cases))("%s", (_, [config, kinds]) => {
    expect(kindsOf([], config)).toEqual(kinds);
  });
});

describe("warnings of certificates", () => {
  const route = async (days: number): Promise<GivenChange> => {
    const at = (count: number) => new Date(NOW.getTime() + count * DAY_MS);
    const { certificate } = await createAuthority("review", { validFrom: at(-90), validTo: at(days) });
    const values = { host: "x.example.com", ca_certificate: certificate };
    return { type: "registry_openshift_route", actions: ["update"], before: values, after: values };
  };

  it.each([
    [30, []],
    [5, ["certificate_ends"]],
    [-1, ["certificate_ends"]],
  ])("one that ends in %s days", async (days, kinds) => {
    expect(kindsOf([await route(days)])).toEqual(kinds);
  });

  it("say when, and nothing else of it", async () => {
    const plan = readPlan(planJson([await route(5)]));
    const [warning] = warningsOf(plan, { credentials: [], access: [] }, NOW, WEEK);
    expect(warning?.text).toBe("a certificate of registry_openshift_route.access ends in 5 days (2026-11-28)");
  });

  it("no text that is no certificate", () => {
    expect(kindsOf([{ type: "registry_openshift_route", actions: ["create"], after: { ca_certificate: "hunter2" } }])).toEqual(
      [],
    );
  });
});
