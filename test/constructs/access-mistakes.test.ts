import { Construct } from "constructs";
import {
  BluemixRegistry,
  Cluster,
  DockerHub,
  Namespaces,
  PrivateRegistry,
  RegistryAccess,
  type RegistryAccessProps,
  SampleDeployment,
  Secret,
} from "../../lib";
import { accessTo, newStack, synthesize, validationOf } from "./stack";

/** What somebody without types, or with a cast, may write. */
const untyped = (value: unknown) => value as never;
const password = Secret.variable("password");
const partner = new PrivateRegistry("r.example.com", { username: "acme", password });

function access(props: Partial<RegistryAccessProps> = {}, stack: Construct = newStack(), id = "access"): RegistryAccess {
  return new RegistryAccess(stack, id, {
    cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
    registries: [partner],
    namespaces: Namespaces.named("team-a"),
    ...props,
  });
}

const region = (name: "us-south" | "eu-gb", props = {}) =>
  BluemixRegistry.region(name, { organization: "acme", apiKey: Secret.env("BLUEMIX_API_KEY"), token: { id: "1" }, ...props });

const sample = { namespace: "team-a", image: "nginx" };
const IMAGE = '"registry.example.com/acme/app:1"';

describe("fails when", () => {
  const mistakes: { readonly [name: string]: { readonly make: () => unknown; readonly says: string } } = {
    "there is no cluster": {
      make: () => access({ cluster: untyped(undefined) }),
      says: "[stack/access] cluster: Missing prop. cluster is required: a cluster, such as Cluster.fromKubeconfig().",
    },
    "namespaces are plain text": {
      make: () => access({ namespaces: untyped(["team-a"]) }),
      says: '[stack/access] namespaces: Wrong value. ["team-a"] was given where namespaces, such as Namespaces.named("team-a") or Namespaces.matching({ matchLabels: { team: "a" } }) belongs.',
    },
    "a registry is undefined": {
      make: () => access({ registries: untyped([partner, undefined]) }),
      says: "[stack/access] registries: Wrong value. [a PrivateRegistry, undefined] was given where a list of registries belongs.",
    },
    "ServiceAccounts are no list": {
      make: () => access({ serviceAccounts: untyped("builder") }),
      says: '[stack/access] serviceAccounts: Wrong value. "builder" was given where a list of ServiceAccounts\' names belongs.',
    },
    "a prop is unknown": {
      make: () => access(untyped({ namespace: "team-a" })),
      says: '[stack/access] namespace: Unknown prop. "namespace" is not a prop. Props are: cluster, registries, namespaces, serviceAccounts, secretName, labels, annotations, adoptExisting, recreateWaitingPods, onRefused, owner.',
    },
    "a namespace's name is invalid": {
      make: () => access({ namespaces: Namespaces.named("team-a", "Team_B") }),
      says: '[stack/access] namespaces[1]: Invalid namespace name. "Team_B" is not a valid namespace name: it takes 1 to 63 lower case letters, digits and \'-\', and starts and ends with a letter or a digit, such as "team-a".',
    },
    "two regions bring the international registry": {
      make: () => access({ registries: [region("us-south"), region("eu-gb")] }),
      says: "[stack/access] registries[1]: Two tokens for one registry host. registry.bluemix.net comes with registries[0] already, and a docker config JSON holds one credential per host. Give one of the two regions international: false.",
    },
    "the construct's id makes no Secret's name": {
      make: () => access({}, newStack(), "ÜÏ"),
      says: '[stack/ÜÏ] The pull secret would be named after the construct, and "ÜÏ" makes no name for it. Give secretName, such as "registry-pull".',
    },
    "two of one stack have different owners": {
      make: () => {
        const stack = newStack();
        access({ owner: "a" }, stack);
        access({ owner: "b" }, stack, "other");
      },
      says: '[stack/other] The stack "stack" has a registry provider for a cluster without a name already, with other settings: owner. Give both the same, or tell the clusters apart, as in Cluster.fromKubeconfig({ name: "prod" }).',
    },
    "a private registry has no props": {
      make: () => new PrivateRegistry("r.example.com", untyped(undefined)),
      says: "[PrivateRegistry r.example.com] Missing props. Give an object of props: username, password, email, passwordVersion.",
    },
    "a private registry has an unknown prop, and no password": {
      make: () => new PrivateRegistry("r.example.com", untyped({ username: "a", pass: "hunter2" })),
      says: '[PrivateRegistry r.example.com] pass: Unknown prop. "pass" is not a prop. Props are: username, password, email, passwordVersion.\n[PrivateRegistry r.example.com] password: Missing prop. password is required: Secret.variable("name") or Secret.env("NAME").',
    },
    "an image is another registry's": {
      make: () => partner.image("other.io/x"),
      says: '"other.io/x" names the host other.io, and this registry is r.example.com. Leave the host out, or ask the registry that it belongs to; a repository that does begin like that is "r.example.com/other.io/x".',
    },
    "an image of Docker Hub is empty": {
      make: () => DockerHub.anonymous().image(""),
      says: '"" is not an image of docker.io: give its repository, and a tag where it is not "latest", such as "acme/ibmliberty:1.2".',
    },
    "an image's repository has capital letters": {
      make: () => partner.image("Acme/App:1"),
      says: 'Invalid image reference. "r.example.com/Acme/App:1" has capital letters in its repository: write "acme/app". An image reference is "[host[:port]/]repository[:tag][@digest]", such as "nginx" or "registry.example.com:5000/acme/app:1.2".',
    },
    "a sample's props are wrong": {
      make: () =>
        new SampleDeployment(newStack(), "My App", { namespace: "Team_Q", image: "https://x y", replicas: -1, port: 99999 }),
      says: [
        '[stack/My App] namespace: Wrong value. "Team_Q" was given where a namespace: its name, such as "team-a", or the construct that makes it belongs.',
        `[stack/My App] image: Wrong value. "https://x y" was given where an image reference, such as ${IMAGE} belongs. "https://x y" starts with a scheme: leave "https://" out. An image reference is "[host[:port]/]repository[:tag][@digest]", such as "nginx" or "registry.example.com:5000/acme/app:1.2".`,
        '[stack/My App] name: Wrong value. "My App" was given where a name of 1 to 63 lower case letters, digits and \'-\', such as "sample-pod" (where it is left out, the construct\'s id) belongs.',
        "[stack/My App] replicas: Wrong value. -1 was given where a whole number of Pods belongs.",
        "[stack/My App] port: Wrong value. 99999 was given where a port from 1 to 65535 belongs.",
      ].join("\n"),
    },
    "a sample is pinned by text": {
      make: () => new SampleDeployment(newStack(), "app", { ...sample, namespace: "team-a", pinDigest: untyped("sha256:1") }),
      says: '[stack/app] pinDigest: Wrong value. "sha256:1" was given where true, or how the image is looked up: { credentialId } or { pullSecret: { namespace, name } } belongs.',
    },
    "a sample's namespace is not served": {
      make: () => access().samplePod("pod", { ...sample, namespace: "team-q" }),
      says: '[stack/access/pod] namespace: Not served. The pull secret is not in "team-q". Its namespaces are: team-a. Add it to namespaces, or name one of those.',
    },
    "a sample's ServiceAccount is not patched": {
      make: () => access().sampleDeployment("app", { ...sample, serviceAccount: "builder" }),
      says: '[stack/access/app] serviceAccount: Not patched. Pods of ServiceAccount "builder" don\'t get the pull secret. Patched are: default. Add it to serviceAccounts, or name one of those.',
    },
  };
  test.each(Object.entries(mistakes))("%s", (_, { make, says }) => {
    expect(make).toThrow(new Error(says));
  });

  test("two of one stack write the same Secret", () => {
    const stack = accessTo([partner], { secretName: "pull" });
    access({ secretName: "pull" }, stack, "other");
    expect(validationOf(stack)).toEqual([
      "[stack/other] secretName: Two constructs write one Secret. stack/access writes team-a/pull too. Give one of them a secretName of its own, or other namespaces.",
    ]);
  });
});

test("two of the same id, each in a construct of its own, write Secrets of their own", () => {
  const stack = newStack();
  for (const team of ["red", "blue"]) access({}, new Construct(stack, team));
  expect(synthesize(stack).resource?.registry_pull_secret).toMatchObject({
    [stack.getLogicalId(stack.node.findChild("red").node.findChild("access").node)]: { name: "registry-pull-red-access" },
    [stack.getLogicalId(stack.node.findChild("blue").node.findChild("access").node)]: { name: "registry-pull-blue-access" },
  });
});
