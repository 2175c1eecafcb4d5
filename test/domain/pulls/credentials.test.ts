import { parseImageReference } from "../../../lib/domain/image-reference";
import { credentialsFor } from "../../../lib/domain/pulls/credentials";
import { Secret } from "../../../lib/domain/secret";

/** Keys of a docker config JSON → image → whose credentials a kubelet tries, in order; a user is called like its key. */
const cases: { readonly [name: string]: { keys: readonly string[]; image: string; expected: readonly string[] } } = {
  "the host itself": { keys: ["r.io", "q.io"], image: "r.io/a/b", expected: ["r.io"] },
  "with a scheme and Docker's paths": {
    keys: ["https://r.io", "http://r.io/", "https://r.io/v1/", "r.io/v2/"],
    image: "r.io/a",
    expected: ["https://r.io", "http://r.io/", "https://r.io/v1/", "r.io/v2/"],
  },
  "a port counts": { keys: ["r.io", "r.io:443", "r.io:5000"], image: "r.io:5000/a", expected: ["r.io:5000"] },
  "443 is not left out": { keys: ["r.io:443"], image: "r.io/a", expected: [] },
  "a path is the beginning of the repository's, the longer first": {
    keys: ["r.io", "r.io/team", "r.io/team/app", "r.io/other"],
    image: "r.io/team/app",
    expected: ["r.io/team/app", "r.io/team", "r.io"],
  },
  "and ends anywhere": { keys: ["r.io/team"], image: "r.io/team2/app", expected: ["r.io/team"] },
  "/v1 without a slash is a path": { keys: ["https://r.io/v1"], image: "r.io/team/app", expected: [] },
  "a star stands for part of one label": {
    keys: ["*.r.io", "eu-*.r.io", "*.io", "*"],
    image: "eu-1.r.io/a",
    expected: ["eu-*.r.io", "*.r.io"],
  },
  "a dot stands for itself": { keys: ["rxio"], image: "r.io/a", expected: [] },
  "Docker Hub by its names": {
    keys: ["https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"],
    image: "nginx",
    expected: ["https://index.docker.io/v1/", "docker.io"],
  },
  IPv6: { keys: ["[::1]:5000", "[::1]"], image: "[::1]:5000/a", expected: ["[::1]:5000"] },
};

test.each(Object.entries(cases))("%s", (_, { keys, image, expected }) => {
  const auths = Object.fromEntries(keys.map((key) => [key, { username: key, password: "p" }]));
  const reference = parseImageReference(image) ?? { host: "", repository: "" };
  const found = credentialsFor(Secret.of(JSON.stringify({ auths })), reference);
  expect(found.map(({ username }) => username)).toEqual(expected);
});

test("a credential comes whole, from auth where that is there; what can't be read is left out", () => {
  const auths = {
    "r.io": { auth: Buffer.from("ada:pass:word").toString("base64"), username: "other" },
    "r.io/a": { auth: "no base64 of a login" },
  };
  const found = credentialsFor(Secret.of(JSON.stringify({ auths })), { host: "r.io", repository: "a/b" });
  expect(found.map(({ password, ...rest }) => ({ ...rest, password: password.reveal() }))).toEqual([
    { key: "r.io", username: "ada", password: "pass:word" },
  ]);
  expect(credentialsFor(Secret.of("no JSON"), { host: "r.io", repository: "a" })).toEqual([]);
});
