import { TerraformVariable, Testing } from "cdktf";
import { Cluster, Namespaces, PrivateRegistry, RegistryAccess, Secret } from "../../lib";
import { parseTemplate } from "../../lib/constructs/secret-template";
import { accessTo, newStack, validationOf } from "./stack";

const HOW =
  'Give Secret.variable("name") (an ephemeral Terraform variable, set as TF_VAR_name) or Secret.env("NAME") (an environment variable that the provider reads).';
const PASSWORD = "[stack/access/pull-secret] registries[0].passwordWo:";
const IN_THE_CLEAR = `${PASSWORD} A secret in the clear. A plain string was given where a secret belongs; it would stand in the synthesized files and in the plan. ${HOW}`;
const STORED = (what: string) =>
  `${PASSWORD} A secret that Terraform stores. ${what} is neither an ephemeral variable nor an ephemeral resource, so its value stands in the plan or the state. ${HOW}`;

/** What somebody without types, or with a cast, may write. */
const untyped = (value: unknown) => value as never;

/** Access with this password, in a stack that declares the ephemeral variable `pw`. */
function withPassword(password: unknown, declare = true) {
  const stack = newStack();
  if (declare) declareVariable(stack, {});
  return access(stack, password);
}

function access(stack: ReturnType<typeof newStack>, password: unknown) {
  new RegistryAccess(stack, "access", {
    cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
    registries: [new PrivateRegistry("r.example.com", { username: "acme", password: untyped(password) })],
    namespaces: Namespaces.named("team-a"),
  });
  return stack;
}

function declareVariable(stack: ReturnType<typeof newStack>, config: object) {
  const variable = new TerraformVariable(stack, "pw", { type: "string", sensitive: true, ...config });
  variable.addOverride("ephemeral", true);
  return variable;
}

describe("a secret's reference", () => {
  const good = {
    "an ephemeral variable": `\${var.pw}`,
    "a part of one": `\${jsondecode(var.pw)["password"]}`,
    "one of several": `\${var.pw[terraform.workspace]}`,
    "an ephemeral resource": `\${ephemeral.vault_secret.mine.data["password"]}`,
    "two expressions": `\${ephemeral.a.b.user}\${var.pw}`,
    "a template inside of an expression": `\${base64encode("user:\${var.pw}")}`,
    "a list made from one": `\${join("", [for part in split(",", var.pw) : trimspace(part)])}`,
  };
  test.each(Object.entries(good))("may be %s", (_, text) => {
    expect(validationOf(withPassword(Secret.from(text)))).toEqual([]);
  });

  const bad: { [name: string]: { password: () => unknown; says: string; hides?: string } } = {
    "it begins with a literal": { password: () => Secret.from(`hunter2\${var.pw}`), says: IN_THE_CLEAR, hides: "hunter2" },
    "it ends with a literal": { password: () => Secret.from(`\${var.pw}hunter2`), says: IN_THE_CLEAR, hides: "hunter2" },
    "it never ends": { password: () => `hunter\${2`, says: IN_THE_CLEAR, hides: "hunter" },
    "it names nothing": { password: () => `\${2hunter}`, says: IN_THE_CLEAR, hides: "2hunter" },
    "its expression is escaped": { password: () => Secret.from(`$\${var.pw}`), says: IN_THE_CLEAR },
    "what is stored stands beside it": {
      password: () => Secret.from(`\${random_password.x.result}\${var.pw}`),
      says: STORED(`\${random_password.x.result}`),
    },
    "what is stored stands in a template inside of it": {
      password: () => Secret.from(`\${format("%s", "\${random_password.x.result}", var.pw)}`),
      says: STORED(`\${random_password.x.result}`),
    },
    "it looks like an ephemeral one": {
      password: () => Secret.from(`\${random_password.x.result}-ephemeral.`),
      says: IN_THE_CLEAR,
    },
    "it is a text": { password: () => Secret.from(`\${trimspace("hunter2")}`), says: STORED("The expression") },
    "no variable has its name": {
      password: () => Secret.from(`\${var.nope}`),
      says: `${PASSWORD} An unknown variable. The stack declares no variable "nope". Use Secret.variable("nope"), which declares it.`,
    },
  };
  test.each(Object.entries(bad))("fails when %s", (_, { password, says, hides }) => {
    const stack = withPassword(password());
    expect(validationOf(stack)).toEqual([says]);
    if (hides !== undefined) expect(Testing.synth(stack)).not.toContain(hides);
  });

  const variables = {
    "a variable with a default comes later": {
      config: { default: "hunter2" },
      says: `${PASSWORD} A secret with a default. The variable "pw" has a default, which would stand in the synthesized files. Leave the default out and set TF_VAR_pw.`,
    },
    "a variable of one's own has its name": {
      config: {},
      says: `${PASSWORD} Two variables of one name. The variable "pw" is declared by stack/secret-variable-pw and stack/pw. To use a variable of your own as a secret, hand it over: Secret.from(variable) in place of Secret.variable("pw").`,
    },
  };
  test.each(Object.entries(variables))("fails when %s", (_, { config, says }) => {
    const stack = access(newStack(), Secret.variable("pw"));
    declareVariable(stack, config);
    expect(validationOf(stack)).toEqual([says]);
  });

  test("may be a variable of another copy of cdktf", () => {
    const stack = newStack();
    const variable = declareVariable(stack, {});
    const foreign = Object.create(Object.getPrototypeOf(Object.getPrototypeOf(variable)), {
      ...Object.getOwnPropertyDescriptors(variable),
      stringValue: { value: variable.stringValue },
    });
    expect(foreign).not.toBeInstanceOf(TerraformVariable);
    expect(validationOf(access(stack, foreign))).toEqual([]);
  });
});

describe("a secret in place of its name is never shown:", () => {
  test("Secret.env", () => {
    const stack = withPassword(Secret.env("hunter2"));
    expect(validationOf(stack).join()).not.toContain("hunter2");
    expect(validationOf(stack)).toEqual([
      expect.stringContaining("registries[0].passwordEnv: Invalid environment variable name. Secret.env takes the name"),
    ]);
    expect(Testing.synth(stack)).not.toContain("hunter2");
  });

  test("Secret.env of nothing", () => {
    expect(() => Secret.env(untyped(undefined))).toThrow(
      'Secret.env was given undefined in place of the name of an environment variable. Give the name, such as Secret.env("REGISTRY_PASSWORD"), and not process.env.REGISTRY_PASSWORD.',
    );
  });

  test("Secret.variable", () => {
    expect(() =>
      accessTo([new PrivateRegistry("r.example.com", { username: "acme", password: Secret.variable("hunter2!") })]),
    ).toThrow(
      "[stack] Secret.variable was given what is not the name of a Terraform variable: letters, digits, '_' and '-', such as \"partner_password\". Give the variable's name, never its value.",
    );
  });
});

test("parseTemplate finds what expressions refer to", () => {
  expect(parseTemplate(`\${a.b + f(c.d["e.f"].g, "h.i \${j.k} $\${l.m}")}\${n.o[0].p}`)).toEqual({
    isReference: true,
    traversals: ["a.b", "c.d", "j.k", "n.o"],
  });
});
