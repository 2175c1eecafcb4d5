import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { types } from "../../lib/schema";
import { type GivenChange, patch, planJson, pullSecret, targets, token } from "./support/plan-json";
import { runCli } from "./support/run";

const NOW = new Date("2026-11-23T00:00:00Z");
const MARKER = "hunter2-marker";

/** Runs `review --from -` on a plan. */
const review = (json: string, ...args: readonly string[]) =>
  runCli(["review", "--from", "-", ...args, "shop"], {}, { stdin: async () => json, now: () => NOW });

const NO_OP_TOKEN: GivenChange = { type: "registry_token", name: "pull", actions: ["no-op"], before: token(), after: token() };
const two = { "team-a": "in_sync", "team-b": "in_sync" };
const twoAccounts = { "team-a/default": "in_sync", "team-b/default": "in_sync" };
const same = (type: string, values: object): GivenChange => ({ type, actions: ["no-op"], before: values, after: values });

const cases: { readonly [name: string]: { readonly plan: string; readonly code?: number } } = {
  "no change": {
    plan: planJson([
      NO_OP_TOKEN,
      same("registry_pull_secret", pullSecret(two)),
      same("registry_service_account_patch", patch(twoAccounts)),
    ]),
    code: 0,
  },
  "the first deploy": {
    plan: planJson([
      {
        type: "registry_token",
        name: "pull",
        actions: ["create"],
        after: {
          name: "pull",
          permanent: true,
          read_only: false,
          revoke_on_destroy: true,
          hosts: ["registry.acme.example"],
          status: "active",
        },
        unknown: { id: true, credential_id: true, expires_at: true },
      },
      {
        type: "registry_pull_secret",
        actions: ["create"],
        after: {
          name: "pull",
          namespaces: ["team-a", "kube-system"],
          registries: [{ hosts: null, copy_from: null }],
          targets: targets({ "team-a": "in_sync", "kube-system": "in_sync" }),
        },
        unknown: { id: true, fingerprint: true, registries: [{ credential_id: true }] },
      },
      {
        type: "registry_service_account_patch",
        actions: ["create"],
        after: patch({ "team-a/default": "in_sync", "kube-system/default": "in_sync" }),
        unknown: { id: true },
      },
      {
        type: "kubernetes_deployment_v1",
        provider: "registry.terraform.io/hashicorp/kubernetes",
        actions: ["create"],
        after: { spec: MARKER },
      },
    ]),
  },
  "a new namespace": {
    plan: planJson([
      NO_OP_TOKEN,
      {
        type: "registry_pull_secret",
        actions: ["update"],
        before: pullSecret(two),
        after: pullSecret({ ...two, "team-c": "in_sync" }),
      },
      {
        type: "registry_service_account_patch",
        actions: ["update"],
        before: patch(twoAccounts),
        after: patch({ ...twoAccounts, "team-c/default": "in_sync" }),
      },
    ]),
  },
  "a namespace that the selector means by now": {
    plan: planJson(
      [
        NO_OP_TOKEN,
        {
          type: "registry_pull_secret",
          actions: ["update"],
          before: pullSecret(
            { ...two, "team-c": "missing", old: "unmatched" },
            { namespaces: null, namespace_selector: { names: ["team-*"] } },
          ),
          after: pullSecret({ ...two, "team-c": "in_sync" }, { namespaces: null, namespace_selector: { names: ["team-*"] } }),
        },
      ],
      [
        {
          type: "registry_pull_secret",
          actions: ["update"],
          before: pullSecret({ ...two, old: "in_sync" }),
          after: pullSecret({ ...two, "team-c": "missing", old: "unmatched" }),
        },
      ],
    ),
  },
  "a rotation": {
    plan: planJson([
      {
        type: "registry_token",
        name: "pull",
        actions: ["create", "delete"],
        before: token({ status: "renewal_due" }),
        after: token({ credential_id: undefined, id: undefined, expires_at: undefined }),
        unknown: { id: true, credential_id: true, expires_at: true },
      },
      {
        type: "registry_pull_secret",
        actions: ["update"],
        before: pullSecret(two),
        after: pullSecret(two, { registries: [{ hosts: null, copy_from: null }], fingerprint: undefined }),
        unknown: { fingerprint: true, registries: [{ credential_id: true }] },
      },
      same("registry_service_account_patch", patch(twoAccounts)),
    ]),
  },
  "a token that was revoked, and is replaced without an overlap": {
    plan: planJson([
      {
        type: "registry_token",
        name: "pull",
        actions: ["delete", "create"],
        before: token({ status: "revoked" }),
        after: token({ credential_id: undefined, id: undefined, expires_at: undefined }),
        unknown: { id: true, credential_id: true, expires_at: true },
      },
    ]),
  },
  "a Secret edited by hand, one deleted, one adopted": {
    plan: planJson(
      [
        NO_OP_TOKEN,
        {
          type: "registry_pull_secret",
          actions: ["update"],
          before: pullSecret({ "team-a": "edited", "team-b": "missing", "team-c": "foreign", "team-d": "in_sync" }),
          after: pullSecret({ "team-a": "in_sync", "team-b": "in_sync", "team-c": "in_sync", "team-d": "in_sync" }),
        },
      ],
      [
        {
          type: "registry_pull_secret",
          actions: ["update"],
          before: pullSecret({ "team-a": "in_sync", "team-b": "in_sync", "team-c": "in_sync", "team-d": "in_sync" }),
          after: pullSecret({ "team-a": "edited", "team-b": "missing", "team-c": "foreign", "team-d": "in_sync" }),
        },
      ],
    ),
  },
  "a patch that names one more pull secret, and one less": {
    plan: planJson([
      NO_OP_TOKEN,
      same("registry_pull_secret", pullSecret(two)),
      {
        type: "registry_service_account_patch",
        actions: ["update"],
        before: patch(twoAccounts, { pull_secrets: ["theirs", "kept"] }),
        after: patch({ ...twoAccounts, "team-a/ci": "in_sync" }, { pull_secrets: ["pull", "kept"] }),
      },
    ]),
  },
  "the removal of a registry": {
    plan: planJson([
      { type: "registry_token", name: "pull", actions: ["delete"], before: token() },
      { type: "registry_pull_secret", actions: ["delete"], before: pullSecret(two) },
      { type: "registry_service_account_patch", actions: ["delete"], before: patch(twoAccounts) },
      { type: "registry_pull_check", actions: ["delete"], before: {} },
    ]),
  },
  "a selector, of which the apply decides": {
    plan: planJson([
      {
        type: "registry_pull_secret",
        actions: ["create"],
        after: {
          name: "pull",
          namespaces: null,
          namespace_selector: { names: ["team-*"] },
          registries: [{ hosts: ["docker.io"] }],
        },
        unknown: { id: true, fingerprint: true, targets: true },
      },
    ]),
  },
};

describe("review --from: what it prints, whole", () => {
  it.each(Object.entries(cases))("%s", async (_, { plan, code = 2 }) => {
    const run = await review(plan);
    expect(run.stdout).toMatchSnapshot();
    expect([run.code, run.stderr]).toEqual([code, ""]);
  });

  it("as Markdown, after the line by which its comment is found", async () => {
    const { stdout } = await review(cases["a rotation"]?.plan ?? "", "--format", "markdown");
    expect(stdout).toMatchSnapshot();
  });

  it("as JSON", async () => {
    const { stdout } = await review(cases["a rotation"]?.plan ?? "", "--json");
    expect(JSON.parse(stdout)).toMatchSnapshot();
  });
});

describe("review --from: no secret", () => {
  /** A marker under every name of a resource, also where no schema knows it. */
  const everywhere = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `${MARKER}-${name}`]));
  const planted = (type: string, actions: readonly string[]): GivenChange => {
    const names = Object.keys(types.find(({ name, kind }) => name === type && kind === "resource")?.attributes ?? {});
    const values = (n: number) => ({
      ...everywhere([...names, "unheard_of"]),
      targets: { [`${MARKER}_${n}`]: { status: MARKER } },
      registries: [
        {
          hosts: [`${MARKER}/${n}`, MARKER.toUpperCase()],
          credential_id: `${MARKER}${n}`,
          password_wo: MARKER,
          copy_from: { namespace: `${MARKER}_`, name: `${MARKER}_` },
        },
      ],
      hosts: [`user:${MARKER}@host`],
      expires_at: `${MARKER}${n}`,
    });
    return {
      type,
      key: MARKER,
      actions,
      before: actions[0] === "create" ? null : values(1),
      after: actions[0] === "delete" ? null : values(2),
    };
  };
  const ours = types.filter(({ kind }) => kind === "resource").map(({ name }) => name);

  it.each([["create"], ["update"], ["delete"], ["delete", "create"]])(
    "that stands anywhere in what is %s",
    async (...actions) => {
      const foreign = { type: MARKER, provider: "example.com/x/y", actions, before: everywhere(["a"]), after: everywhere(["b"]) };
      const changes = [...ours.map((type) => planted(type, actions)), foreign];
      const json = planJson(changes, changes, {
        registry: { name: "registry", expressions: { issuers: { constant_value: { a: { url: `http://${MARKER}` } } } } },
      });
      for (const format of ["terminal", "markdown", "json"]) {
        const { stdout, stderr, code } = await review(json, "--format", format);
        expect(code).toBe(2);
        expect(`${stdout}${stderr}`.toLowerCase()).not.toContain(MARKER);
      }
    },
  );
});

describe("review --from: what is no plan", () => {
  const broken: { readonly [name: string]: readonly [string, RegExp] } = {
    empty: ["", /It is empty: was the plan made/],
    "cut off": [planJson([NO_OP_TOKEN]).slice(0, -20), /It is no JSON, or cut off/],
    "something else": ['{"auths":{}}', /It is JSON, but no plan/],
    "a state": ['{"format_version":"1.0","values":{}}', /It is a state/],
    "of another time": ['{"format_version":"2.0","resource_changes":[]}', /Its format_version is "2.0"/],
  };
  it.each(Object.entries(broken))("%s", async (_, [json, message]) => {
    const { code, stdout } = await review(json);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^shop: could not be reviewed/);
    expect(stdout).toMatch(message);
  });

  it("a file that is not there, or longer than any plan", async () => {
    const folder = mkdtempSync(join(tmpdir(), "registry-access-review-"));
    try {
      const missing = await runCli(["review", "--from", join(folder, "none.json")]);
      expect([missing.code, missing.stderr]).toEqual([
        1,
        expect.stringMatching(/can't be read \(ENOENT\)\. Name a file with the output of terraform show -json/),
      ]);
      const file = join(folder, "huge.json");
      writeFileSync(file, Buffer.alloc(100 * 1024 * 1024, " "));
      const before = process.memoryUsage().arrayBuffers;
      const huge = await runCli(["review", "--from", file]);
      expect([huge.code, huge.stderr]).toEqual([1, expect.stringMatching(/is longer than 64 MiB, which no plan of a stack is/)]);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(90 * 1024 * 1024);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("more than one stack's name", async () => {
    const { code, stderr } = await runCli(["review", "--from", "-", "a", "b"]);
    expect([code, stderr]).toEqual([
      1,
      "Error: --from is one plan: give one stack's name at most, which it is then called by.\n",
    ]);
  });
});

describe("review --format markdown: it fits a comment", () => {
  const names = Array.from({ length: 1000 }, (_, index) => `team-${index}`);
  const all = (status: string) => Object.fromEntries(names.map((name) => [name, status]));

  it("of a thousand namespaces alike", async () => {
    const json = planJson([{ type: "registry_pull_secret", actions: ["delete"], before: pullSecret(all("in_sync")) }]);
    const { stdout } = await review(json, "--format", "markdown");
    expect(stdout).toContain("1,000: team-0, team-1, ");
    expect(stdout.length).toBeLessThan(5_000);
  });

  it("of a thousand that differ: what takes something away first, the rest counted, and where the whole is", async () => {
    const changes = names.map((name, index): GivenChange => {
      const secret = pullSecret({ [name]: "in_sync" }, { name: `pull-${"x".repeat(60)}-${index}`, id: `acme/${index}` });
      return index % 2 === 0
        ? { type: "registry_pull_secret", name: `s${index}`, actions: ["create"], after: secret }
        : { type: "registry_pull_secret", name: `s${index}`, actions: ["delete"], before: secret };
    });
    const { stdout } = await review(planJson(changes), "--format", "markdown");
    expect(stdout.length).toBeLessThanOrEqual(65_000);
    const rows = stdout.split("\n").filter((line) => /^\| ❌ loses|^\| ✅ gains/.test(line));
    expect(rows[0]).toMatch(/^\| ❌ loses/);
    expect(rows.every((row) => row.startsWith("| ❌"))).toBe(true);
    expect(stdout).toMatch(new RegExp(`and ${1000 - rows.length} more rows`));
    expect(stdout).toContain("The whole: `registry-access review --format json` with the same plan.");
    expect(stdout).toContain("500 namespaces lose access, 500 namespaces gain access");
  });
});
