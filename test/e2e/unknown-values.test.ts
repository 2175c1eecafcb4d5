/** What is not known at plan: it is planned all the same, applied, and then nothing is left to do. */
import { type Bluemix, bluemixOf } from "./mistakes/bluemix";
import { startCluster } from "./support/cluster";
import { findingsOf } from "./support/findings";
import { block, type Expressions, ephemeralVariable, later, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const PULL_SECRET = "registry_pull_secret.pull";
const PATCH = "registry_service_account_patch.patch";
const TOKEN = "registry_token.token";
const LATER = "terraform_data.later";
const HOST = "registry.partner.example";
const NAMESPACES = ["team-a", "team-b"];
let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;

beforeAll(async () => {
  const names = { pullSecrets: ["pull"], serviceAccounts: ["default"] };
  cluster = await underRoles(await startCluster("unknown-values"), names);
  bluemix = bluemixOf(cluster.state);
  await Promise.all(NAMESPACES.map((namespace) => cluster.createNamespace(namespace)));
  const password = bluemix.credentials.bluemix.password.reveal();
  const env = { TF_VAR_password: "hunter22", TF_VAR_bluemix_password: password };
  stack = await createStack("unknown-values", env, undefined, cluster.envOf);
});
afterAll(async () => {
  removeStack(stack);
  await cluster?.stop();
});
afterEach(async () => {
  stack.env.TF_VAR_password = "hunter22";
  expectWell(await stack.destroy());
});

const LATER_OUTPUT = "terraform_data.later.output";

function provider(settings: Expressions = {}): string {
  const usual = {
    owner: quoted("tests/unknown-values"),
    kubernetes: cluster.kubernetes,
    issuers: object({ dedicated: bluemix.issuer() }),
  };
  return [
    ephemeralVariable("password"),
    ephemeralVariable("bluemix_password"),
    block('provider "registry"', { ...usual, ...settings }),
  ].join("");
}
function entry(attributes: Expressions = {}): string {
  return object({ hosts: quoted([HOST]), username: quoted("acme"), password_wo: "var.password", ...attributes });
}
function pullSecret(attributes: Expressions = {}): string {
  const usual = { name: quoted("pull"), namespaces: quoted(NAMESPACES), registries: `[${entry()}]` };
  return block('resource "registry_pull_secret" "pull"', { ...usual, ...attributes });
}
function patch(attributes: Expressions = {}): string {
  const usual = { namespaces: quoted(NAMESPACES), pull_secrets: quoted(["pull"]) };
  return block('resource "registry_service_account_patch" "patch"', { ...usual, ...attributes });
}
const token = (attributes: Expressions = {}) =>
  block('resource "registry_token" "token"', { issuer: quoted("dedicated"), name: quoted("pull"), ...attributes });

/** Something unknown, and the configuration that it stands in. */
interface Case {
  /** What will only be known after the apply, as an expression. */
  readonly value: () => string;
  readonly hcl: () => string;
  /** What is planned beside it. */
  readonly creates: readonly string[];
  /** What the plan has to leave open, and what it must not. */
  readonly plans?: RegExp;
}

const registries = (...entries: readonly string[]) => pullSecret({ registries: `[${entries.join(", ")}]` });
const OPEN_TARGETS = /\+ targets\s+= \(known after apply\)/;
const KNOWN_TARGETS = /\+ targets\s+= \{\n\s+\+ "team-a/;
const byToken = () =>
  registries(
    entry({
      hosts: "registry_token.token.hosts",
      username: undefined,
      password_wo: undefined,
      credential_id: "registry_token.token.credential_id",
    }),
  );

const resources: { readonly [name: string]: Case } = {
  "a host": {
    value: () => quoted(HOST),
    hcl: () => provider() + registries(entry({ hosts: `[${LATER_OUTPUT}]` })),
    creates: [PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  "all hosts": {
    value: () => quoted([HOST, "docker.io"]),
    hcl: () => provider() + registries(entry({ hosts: LATER_OUTPUT })),
    creates: [PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  "a user name": {
    value: () => quoted("acme"),
    hcl: () => provider() + registries(entry({ username: LATER_OUTPUT })),
    creates: [PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  "a password": {
    value: () => quoted("hunter22"),
    hcl: () => provider() + registries(entry({ password_wo: LATER_OUTPUT })),
    creates: [PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  "the name of a password's variable": {
    value: () => quoted("REGISTRY_PASSWORD"),
    hcl: () => provider() + registries(entry({ password_wo: undefined, password_env: LATER_OUTPUT })),
    creates: [PULL_SECRET],
  },
  "a version of a password": {
    value: () => "7",
    hcl: () => provider() + registries(entry({ password_wo_version: LATER_OUTPUT })),
    creates: [PULL_SECRET],
  },
  "an e-mail address": {
    value: () => quoted("a@b.c"),
    hcl: () => provider() + registries(entry({ email: LATER_OUTPUT })),
    creates: [PULL_SECRET],
  },
  "how many registries there are": {
    value: () => quoted([HOST, "docker.io"]),
    hcl: () =>
      provider() +
      pullSecret({
        registries: `[for host in ${LATER_OUTPUT} : { hosts = [host], username = "acme", password_wo = var.password }]`,
      }),
    creates: [PULL_SECRET],
  },
  "a credential that the same apply issues": {
    value: () => quoted("ci"),
    hcl: () => provider() + token({ description: LATER_OUTPUT }) + byToken(),
    creates: [TOKEN, PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  "a token's issuer": {
    value: () => quoted("dedicated"),
    hcl: () => provider() + token({ issuer: LATER_OUTPUT }) + byToken(),
    creates: [TOKEN, PULL_SECRET],
  },
  "a namespace": {
    value: () => quoted("team-a"),
    hcl: () => {
      const namespaces = `[${LATER_OUTPUT}, "team-b"]`;
      return provider() + pullSecret({ namespaces }) + patch({ namespaces });
    },
    creates: [PULL_SECRET, PATCH],
    plans: OPEN_TARGETS,
  },
  "a Secret's name": {
    value: () => quoted("pull"),
    hcl: () => provider() + pullSecret({ name: LATER_OUTPUT }) + patch({ pull_secrets: `[${LATER_OUTPUT}]` }),
    creates: [PULL_SECRET, PATCH],
    plans: KNOWN_TARGETS,
  },
  "labels and annotations": {
    value: () => '{ team = "x" }',
    hcl: () => provider() + pullSecret({ labels: LATER_OUTPUT, annotations: `{ note = jsonencode(${LATER_OUTPUT}) }` }),
    creates: [PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  ServiceAccounts: {
    value: () => quoted(["default"]),
    hcl: () => provider() + patch({ service_accounts: LATER_OUTPUT }),
    creates: [PATCH],
    plans: OPEN_TARGETS,
  },
  "the owner": {
    value: () => quoted("tests/later"),
    hcl: () => provider({ owner: LATER_OUTPUT }) + pullSecret() + patch() + token(),
    creates: [PULL_SECRET, PATCH, TOKEN],
    plans: KNOWN_TARGETS,
  },
  "the cluster's kubeconfig": {
    // One path for plan and apply, since it stands in the state.
    value: () => quoted(cluster.identities.apply),
    hcl: () => provider({ kubernetes: object({ config_path: LATER_OUTPUT }) }) + pullSecret() + patch(),
    creates: [PULL_SECRET, PATCH],
    plans: OPEN_TARGETS,
  },
  "the whole cluster": {
    value: () => object({ config_path: quoted(cluster.identities.apply) }),
    hcl: () => provider({ kubernetes: LATER_OUTPUT }) + pullSecret() + patch(),
    creates: [PULL_SECRET, PATCH],
    plans: OPEN_TARGETS,
  },
  "the address of an issuer": {
    value: () => quoted(bluemix.url),
    hcl: () =>
      provider({
        issuers: object({ dedicated: bluemix.issuer({ api_endpoint: LATER_OUTPUT, registry_endpoint: LATER_OUTPUT }) }),
      }) +
      token() +
      byToken(),
    creates: [TOKEN, PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
  "the hosts of an issuer": {
    value: () => quoted(["registry.acme.example.com"]),
    hcl: () => provider({ issuers: object({ dedicated: bluemix.issuer({ hosts: LATER_OUTPUT }) }) }) + token() + byToken(),
    creates: [TOKEN, PULL_SECRET],
    plans: KNOWN_TARGETS,
  },
};

describe("unknown values: made", () => {
  it.each(Object.entries(resources))("%s", async (_, { value, hcl, creates, plans = /./ }) => {
    stack.env.REGISTRY_PASSWORD = "hunter22";
    stack.write(later("later", value()) + hcl());
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual(Object.fromEntries([LATER, ...creates].map((address) => [address, ["create"]])));
    expect(text).toMatch(plans);
    expect(expectWell(await stack.apply("plan.bin")).messages).toEqual([]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("unknown values: become unknown again", () => {
  /** `before` and `after` are what `terraform_data.later` holds; replacing it makes its output unknown while planning. */
  const again: { readonly [name: string]: { readonly values: () => readonly [string, string]; readonly hcl: () => string } } = {
    "a host": {
      values: () => [quoted(HOST), quoted("other.example")],
      hcl: () => provider() + registries(entry({ hosts: `[${LATER_OUTPUT}]` })),
    },
    "a password": {
      values: () => [quoted("hunter22"), quoted("hunter23")],
      hcl: () => provider() + registries(entry({ password_wo: LATER_OUTPUT })),
    },
    "a namespace": {
      values: () => [quoted("team-a"), quoted("team-b")],
      hcl: () => provider() + pullSecret({ namespaces: `[${LATER_OUTPUT}]` }) + patch({ namespaces: `[${LATER_OUTPUT}]` }),
    },
    "the cluster's context": {
      values: () => [quoted(""), quoted(cluster.state.context)],
      hcl: () =>
        provider({
          kubernetes: object({
            config_path: quoted(cluster.identities.apply),
            config_context: `${LATER_OUTPUT} == "" ? null : ${LATER_OUTPUT}`,
          }),
        }) +
        pullSecret() +
        patch(),
    },
    "the address of an issuer": {
      values: () => [quoted(bluemix.url), quoted(bluemix.url.replace("127.0.0.1", "localhost"))],
      hcl: () =>
        provider({ issuers: object({ dedicated: bluemix.issuer({ api_endpoint: LATER_OUTPUT }) }) }) + token() + byToken(),
    },
  };
  it.each(Object.entries(again))("%s", async (_, { values, hcl }) => {
    const [before, after] = values();
    const replaced = (expression: string) =>
      block('resource "terraform_data" "later"', { input: expression, triggers_replace: expression });
    stack.write(replaced(before) + hcl());
    expectWell(await stack.apply());
    expect(expectWell(await stack.plan()).changes).toEqual({});
    stack.write(replaced(after) + hcl());
    expect(expectWell(await stack.plan()).changes).toMatchObject({ [LATER]: ["delete", "create"] });
    expectWell(await stack.apply("plan.bin"));
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("unknown values: looking up", () => {
  const lookUp = (kind: string) =>
    block(`${kind} "registry_token" "ci"`, { issuer: quoted("dedicated"), description: quoted("ci") });
  const detail =
    'issuers.dedicated.bluemix.api_endpoint of the provider "registry" will only be known after an apply, and issuer "dedicated" is needed now. Apply what it comes from first (terraform apply -target=…), or give it a value that is known.';

  it.each(["data", "ephemeral"])("%s: fails when the issuer is not known, and names what is not", async (kind) => {
    const unknownIssuer = provider({ issuers: object({ dedicated: bluemix.issuer({ api_endpoint: LATER_OUTPUT }) }) });
    const configuration = later("later", quoted(bluemix.url)) + unknownIssuer + lookUp(kind);
    stack.write(configuration);
    expect(findingsOf(await stack.plan())).toMatchObject([
      {
        severity: "error",
        summary: "Provider configuration not known yet",
        detail,
        address: expect.stringContaining("registry_token.ci"),
      },
    ]);
    expectWell(await stack.apply(`-target=${LATER}`));
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("data: waits for a description that is not known", async () => {
    const data = block('data "registry_token" "ci"', { issuer: quoted("dedicated"), description: LATER_OUTPUT });
    const registry = entry({
      hosts: "data.registry_token.ci.hosts",
      username: undefined,
      password_wo: undefined,
      credential_id: "data.registry_token.ci.credential_id",
    });
    stack.write(later("later", quoted("ci")) + provider() + data + registries(registry));
    expect(expectWell(await stack.plan()).changes).toEqual({ [LATER]: ["create"], [PULL_SECRET]: ["create"] });
    expectWell(await stack.apply("plan.bin"));
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("unknown values: mistakes in them", () => {
  const cases: { readonly [name: string]: { readonly value: string; readonly hcl: () => string; readonly summary: string } } = {
    "a host with a scheme": {
      value: quoted("https://registry.partner.example"),
      hcl: () => registries(entry({ hosts: `[${LATER_OUTPUT}]` })),
      summary: "Invalid registry host",
    },
    "an empty password": {
      value: quoted(""),
      hcl: () => registries(entry({ password_wo: LATER_OUTPUT })),
      summary: "Empty password",
    },
    "an invalid namespace": {
      value: quoted("Team A"),
      hcl: () => patch({ namespaces: `[${LATER_OUTPUT}]` }),
      summary: "Invalid namespace name",
    },
    "an invalid owner": { value: quoted("my project"), hcl: () => pullSecret(), summary: "Invalid owner" },
  };
  it.each(Object.entries(cases))("fails at apply when there is %s", async (_, { value, hcl, summary }) => {
    const owner = summary === "Invalid owner" ? LATER_OUTPUT : quoted("tests/unknown-values");
    stack.write(later("later", value) + provider({ owner }) + hcl());
    expectWell(await stack.plan());
    const applied = await stack.apply("plan.bin");
    expect({ code: applied.code, found: findingsOf(applied).map((finding) => finding.summary) }).toEqual({
      code: 1,
      found: [summary],
    });
    expect(await Promise.all(NAMESPACES.map((namespace) => cluster.secret(namespace, "pull")))).toEqual([undefined, undefined]);
    stack.write("");
  });
});
