import { parseImageReference } from "../../../lib/domain/image-reference";
import { keysFor } from "../../../lib/domain/pulls/keyring";

/** As the kubelet's own tests and comments have it (pkg/credentialprovider/keyring.go). */
const cases: {
  readonly [name: string]: { readonly image: string; readonly keys: readonly string[]; readonly found: readonly string[] };
} = {
  "the host": { image: "r.example/a/b", keys: ["r.example", "other.example"], found: ["r.example"] },
  "scheme and Docker's own paths": {
    image: "r.example/a/b",
    keys: ["https://r.example", "http://r.example/", "https://r.example/v1/", "r.example/v2/"],
    found: ["https://r.example", "http://r.example/", "https://r.example/v1/", "r.example/v2/"],
  },
  "a port is part of the host": { image: "r.example/a", keys: ["r.example:443", "r.example:5000"], found: [] },
  "the same port": { image: "r.example:5000/a", keys: ["r.example", "r.example:5000"], found: ["r.example:5000"] },
  "a path is the beginning of a text": {
    image: "r.example/team2/app",
    keys: ["r.example/team", "r.example/team2", "r.example/team/app", "https://r.example/v1"],
    found: ["r.example/team", "r.example/team2"],
  },
  "stars within a label": {
    image: "a.r.example/app",
    keys: ["*.r.example", "*.example", "a.*.example", "b*.r.example", "?.r.example"],
    found: ["*.r.example", "a.*.example"],
  },
  "stars for parts of a label": {
    image: "abcab.r.example/app",
    keys: ["a*b.r.example", "*ca*.r.example", "ab*ab.r.example", "**.r.example", "abca*cab.r.example", "*bc*c*.r.example"],
    found: ["a*b.r.example", "*ca*.r.example", "ab*ab.r.example", "**.r.example"],
  },
  "more stars than anybody could try in every way": {
    image: `${"a".repeat(60)}.example/app`,
    keys: [`${"*a".repeat(30)}b.example`, `${"*a".repeat(30)}.example`],
    found: [`${"*a".repeat(30)}.example`],
  },
  "letter by letter": { image: "r.example/app", keys: ["R.example"], found: [] },
  "Docker Hub by its old name": {
    image: "nginx",
    keys: ["https://index.docker.io/v1/", "r.example"],
    found: ["https://index.docker.io/v1/"],
  },
  "Docker Hub by its new name": { image: "nginx", keys: ["docker.io", "index.docker.io"], found: ["docker.io"] },
  "no address": { image: "r.example/app", keys: ["", "a b", "https://"], found: [] },
};
test.each(Object.entries(cases))("%s", (_, { image, keys, found }) => {
  const reference = parseImageReference(image);
  expect(reference && keysFor(reference, keys)).toEqual(found);
});
