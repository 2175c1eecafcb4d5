import { Lazy } from "cdktf";
import {
  Cluster,
  type CopyOptions,
  DockerHub,
  Namespaces,
  PrivateRegistry,
  type PullSecret,
  PullSecretCopy,
  type PullSecretCopyProps,
  type Registry,
  RegistryAccess,
  Secret,
} from "../../lib";
import { accessTo, newStack, synthesize, validationOf } from "./stack";

const SOURCE = { namespace: "default", name: "all-icr-io" };

describe("PullSecretCopy", () => {
  test("is an entry of the pull secret, with all hosts or with some", () => {
    const registries = [new PullSecretCopy(SOURCE), new PullSecretCopy({ ...SOURCE, name: "other", hosts: ["us.icr.io"] })];
    const entries = synthesize(accessTo(registries)).resource?.registry_pull_secret?.access?.registries;
    expect(entries).toEqual([{ copy_from: SOURCE }, { copy_from: { ...SOURCE, name: "other", hosts: ["us.icr.io"] } }]);
  });

  test("of an access of the stack refers to its Secret and its fingerprint", () => {
    const stack = accessTo([
      new PrivateRegistry("registry.example.com", { username: "acme", password: Secret.variable("password") }),
    ]);
    const source = stack.node.findChild("access") as RegistryAccess;
    const cluster = Cluster.fromKubeconfig({ path: "/kubeconfig" });
    const registries = [PullSecretCopy.of(source, { namespace: "team-a", hosts: ["registry.example.com"] })];
    new RegistryAccess(stack, "copies", { cluster, registries, namespaces: Namespaces.named("team-c") });
    expect(synthesize(stack).resource?.registry_pull_secret?.copies?.registries).toEqual([
      {
        copy_from: {
          namespace: "team-a",
          name: "${registry_pull_secret.access.name}",
          hosts: ["registry.example.com"],
          revision: "${registry_pull_secret.access.fingerprint}",
        },
      },
    ]);
    expect(PullSecretCopy.of(source.pullSecret as PullSecret, { namespace: "team-a" }).entryFor(source.provider)).toMatchObject({
      copyFrom: { namespace: "team-a" },
    });
  });

  describe("of a Secret that the stack makes refers to its fingerprint by itself", () => {
    const copied = (namespace: string, nameOf: (made: PullSecret) => string, isElsewhere = false) => {
      const stack = newStack();
      const cluster = Cluster.fromKubeconfig({ path: "/kubeconfig" });
      const other = isElsewhere ? Cluster.fromKubeconfig({ path: "/other", name: "other" }) : cluster;
      const open = (id: string, where: Cluster, registries: readonly Registry[]) =>
        new RegistryAccess(stack, id, { cluster: where, namespaces: Namespaces.named(id), registries, secretName: id });
      const registry = new PrivateRegistry("r.example", { username: "u", password: Secret.env("REGISTRY_PASSWORD") });
      const name = Lazy.stringValue({ produce: () => nameOf(source.pullSecret as PullSecret) });
      // The copy first: what makes the source may come later in the program.
      open("copies", cluster, [new PullSecretCopy({ namespace, name })]);
      const source = open("source", other, [registry]);
      return synthesize(stack).resource?.registry_pull_secret?.copies?.registries;
    };
    const reference = (attribute: string) => `$${"{"}registry_pull_secret.source.${attribute}}`;
    const revision = reference("fingerprint");

    test("named by its text, or by a reference", () => {
      expect(copied("source", () => "source")).toEqual([{ copy_from: { namespace: "source", name: "source", revision } }]);
      expect(copied("source", ({ name }) => name)).toEqual([
        { copy_from: { namespace: "source", name: reference("name"), revision } },
      ]);
    });

    test("but not of another namespace, nor in another cluster", () => {
      expect(copied("elsewhere", () => "source")).toEqual([{ copy_from: { namespace: "elsewhere", name: "source" } }]);
      expect(copied("source", () => "source", true)).toEqual([{ copy_from: { namespace: "source", name: "source" } }]);
    });
  });

  test("copies a key with a path, and names images by a host", () => {
    const copy = new PullSecretCopy({ ...SOURCE, hosts: ["us.icr.io/acme", "de.icr.io"] });
    expect(copy.image("acme/app:1")).toBe("de.icr.io/acme/app:1");
    const entries = synthesize(accessTo([copy])).resource?.registry_pull_secret?.access?.registries;
    expect(entries).toEqual([{ copy_from: { ...SOURCE, hosts: ["us.icr.io/acme", "de.icr.io"] } }]);
  });

  test("fails when the access that is copied has no pull secret, or no namespace is named", () => {
    const open = accessTo([DockerHub.anonymous()]).node.findChild("access") as RegistryAccess;
    expect(() => PullSecretCopy.of(open, { namespace: "team-a" })).toThrow("has no pull secret");
    expect(() => PullSecretCopy.of(open, {} as CopyOptions)).toThrow("namespace is required");
  });

  test("names images by its first host, or in full", () => {
    expect(new PullSecretCopy({ ...SOURCE, hosts: ["us.icr.io", "icr.io"] }).image("acme/app:1")).toBe("us.icr.io/acme/app:1");
    expect(new PullSecretCopy(SOURCE).image("de.icr.io/acme/app:1")).toBe("de.icr.io/acme/app:1");
    expect(() => new PullSecretCopy(SOURCE).image("acme/app:1")).toThrow("names no registry host");
  });

  test("pins an image by the pull secret, as nothing else knows the credential", () => {
    for (const hosts of [undefined, ["us.icr.io"]]) {
      const stack = accessTo([new PullSecretCopy({ ...SOURCE, hosts })]);
      const access = stack.node.findChild("access") as RegistryAccess;
      access.samplePod("pod", { namespace: "team-a", image: "us.icr.io/acme/app:1", pinDigest: true });
      const images = Object.values(synthesize(stack).data?.registry_image ?? {});
      expect(images).toMatchObject([{ image: "us.icr.io/acme/app:1", pull_secret: { namespace: "team-a" } }]);
    }
  });

  test("fails at synth for a copy of itself", () => {
    const stack = accessTo([new PullSecretCopy({ namespace: "team-a", name: "pull" })], { secretName: "pull" });
    expect(validationOf(stack)).toEqual([expect.stringContaining("registries[0].copyFrom: A copy of itself.")]);
  });

  const refused: { readonly [name: string]: [props: object, words: string] } = {
    "the source has no name": [{ namespace: "default" }, "name is required"],
    "the hosts are no list": [{ ...SOURCE, hosts: "us.icr.io" }, "a list of registry hosts"],
    "a prop is unknown": [{ ...SOURCE, username: "x" }, '"username" is not a prop'],
  };
  test.each(Object.entries(refused))("fails when %s", (_, [props, words]) => {
    expect(() => new PullSecretCopy(props as PullSecretCopyProps)).toThrow(words);
  });
});
