import { ClientError } from "../../../../lib/clients/client-error";
import type { ContainerRegistryClient } from "../../../../lib/clients/container-registry/client";
import type { RegistryCredential } from "../../../../lib/clients/container-registry/login";
import type { ImageReference } from "../../../../lib/domain/image-reference";
import { Secret } from "../../../../lib/domain/secret";
import { DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import { askRegistry } from "../../../../lib/provider/resources/pull-check/ask-registry";

const image = { host: "r.example", repository: "team/app", tag: "nope" };
const [wrong, right] = ["wrong", "right"].map((username) => ({ username, password: Secret.of(`${username}-password`) }));
const { signal } = new AbortController();
const failing = (code: ConstructorParameters<typeof ClientError>[0]) => () => Promise.reject(new ClientError(code, "no"));

/** Registries that are one; who asked. */
function registryWith(client: Partial<ContainerRegistryClient>, refuses: readonly string[] = []) {
  const asked: string[] = [];
  const open = (host: string, { credential }: { readonly credential?: RegistryCredential | undefined }) => {
    const who = credential?.username ?? "nobody";
    asked.push(`${who} at ${host}`);
    const fake: Partial<ContainerRegistryClient> = {
      headManifest: async () => undefined,
      listTags: async () => undefined,
      close: async () => undefined,
      ...client,
      ...(refuses.includes(who) ? { headManifest: failing("unauthenticated") } : {}),
    };
    return fake as ContainerRegistryClient;
  };
  return { asked, open };
}

const ask = (
  client: Partial<ContainerRegistryClient>,
  {
    of = image,
    as = [],
    refuses,
  }: { of?: ImageReference; as?: readonly (RegistryCredential | undefined)[]; refuses?: readonly string[] } = {},
) => {
  const registries = registryWith(client, refuses);
  const credentials = as.filter((credential) => credential !== undefined);
  return askRegistry(registries, of, credentials, signal).then((answer) => ({ answer, asked: registries.asked }));
};

test("a wrong tag, and which tags there are", async () => {
  expect(await ask({ listTags: async () => ["2", "1"] })).toEqual({
    answer: { says: "no_such_image", tags: "Its tags are 1, 2." },
    asked: ["nobody at r.example"],
  });
});

test("a wrong repository", async () => {
  expect((await ask({})).answer).toEqual({ says: "no_repository" });
});

test("an image that is there by now", async () => {
  expect((await ask({ headManifest: async () => ({ digest: "", mediaType: "" }) })).answer).toEqual({ says: "found" });
});

test("each credential is tried until one is let in", async () => {
  const { answer, asked } = await ask({}, { as: [wrong, right], refuses: ["wrong"] });
  expect({ answer, asked }).toEqual({
    answer: { says: "no_repository" },
    asked: ["wrong at r.example", "right at r.example"],
  });
});

const unclear: { readonly [name: string]: () => ReturnType<typeof ask> } = {
  "nobody is let in": () => ask({}, { as: [wrong], refuses: ["wrong"] }),
  "nobody answers": () => ask({ headManifest: failing("unreachable") }),
  "its certificate is not trusted": () => ask({ headManifest: failing("untrusted") }),
  "it is no registry": () => ask({ listTags: failing("no_registry") }),
  "it lists no tags": () => ask({ listTags: failing("forbidden") }),
  "it lists a tag that it has not": () => ask({ listTags: async () => ["nope"] }),
  "the settings are wrong": () => ask({ headManifest: () => Promise.reject(DiagnosticError.at(["image"], "Invalid", "no")) }),
  "the time is up": () => ask({ headManifest: failing("aborted") }),
};
test.each(Object.entries(unclear))("no clear answer where %s", async (_, answer) => {
  expect((await answer()).answer).toBeUndefined();
});

test.each(["localhost:5000", "127.0.0.1:5000"])("%s of a node is not this machine, and not asked", async (host) => {
  expect(await ask({}, { of: { ...image, host } })).toEqual({ answer: undefined, asked: [] });
});
