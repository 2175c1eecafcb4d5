import { checkImageReference, formatImageReference, parseImageReference } from "../../lib/domain/image-reference";

const HEX = "0123456789abcdef".repeat(4);

const references: { readonly [text: string]: ReturnType<typeof parseImageReference> } = {
  nginx: { host: "docker.io", repository: "library/nginx" },
  "nginx:1.27": { host: "docker.io", repository: "library/nginx", tag: "1.27" },
  "acme/app": { host: "docker.io", repository: "acme/app" },
  "docker.io/nginx": { host: "docker.io", repository: "library/nginx" },
  "index.docker.io/nginx": { host: "docker.io", repository: "library/nginx" },
  "registry.example.com/nginx": { host: "registry.example.com", repository: "nginx" },
  "registry.example.com:5000/acme/app:1.2": { host: "registry.example.com:5000", repository: "acme/app", tag: "1.2" },
  "localhost/app": { host: "localhost", repository: "app" },
  "localhost:5000/app:a": { host: "localhost:5000", repository: "app", tag: "a" },
  "MyRegistry/app": { host: "MyRegistry", repository: "app" },
  "10.0.0.1/a": { host: "10.0.0.1", repository: "a" },
  "[2001:db8::1]:5000/a/b:c": { host: "[2001:db8::1]:5000", repository: "a/b", tag: "c" },
  "xn--n3h.com/app": { host: "xn--n3h.com", repository: "app" },
  "a__b/c-d/e--f.g:_T.-": { host: "docker.io", repository: "a__b/c-d/e--f.g", tag: "_T.-" },
  [`app@sha256:${HEX}`]: { host: "docker.io", repository: "library/app", digest: `sha256:${HEX}` },
  [`r.io/app:1@sha512:${HEX}${HEX}`]: { host: "r.io", repository: "app", tag: "1", digest: `sha512:${HEX}${HEX}` },
  [`r.io/${HEX}`]: { host: "r.io", repository: HEX },
  "registry:5000/app": { host: "registry:5000", repository: "app" },
  "registry/app": { host: "docker.io", repository: "registry/app" },
  [`r.io/a/${"b".repeat(253)}`]: { host: "r.io", repository: `a/${"b".repeat(253)}` },
};

test.each(Object.entries(references))("%s", (text, expected) => {
  expect(parseImageReference(text)).toEqual(expected);
  expect(checkImageReference(text, [])).toBeUndefined();
});

test("in full, with everything written out", () => {
  const written = Object.keys(references).map((text) =>
    formatImageReference(parseImageReference(text) ?? { host: "", repository: "" }),
  );
  expect(written.slice(0, 6)).toEqual([
    "docker.io/library/nginx",
    "docker.io/library/nginx:1.27",
    "docker.io/acme/app",
    "docker.io/library/nginx",
    "docker.io/library/nginx",
    "registry.example.com/nginx",
  ]);
  expect(written.map((text) => parseImageReference(text))).toEqual(Object.values(references));
});

describe("fails when", () => {
  const faults: { readonly [text: string]: string } = {
    "": '"" is empty.',
    "https://r.io/app": '"https://r.io/app" starts with a scheme: leave "https://" out.',
    "r.io/a b": '"r.io/a b" holds a blank.',
    "r.io/App": '"r.io/App" has capital letters in its repository: write "app".',
    App: '"App" has capital letters in its repository: write "app".',
    "r.io/": 'has the repository "": that is lower case',
    "r.io//a": 'has the repository "/a": that is lower case',
    "/a": 'has the repository "/a": that is lower case',
    "a/": 'has the repository "a/": that is lower case',
    a___b: 'has the repository "a___b": that is lower case',
    "a.-b": 'has the repository "a.-b": that is lower case',
    "-a": 'has the repository "-a": that is lower case',
    "r.io:x/a": 'has the host "r.io:x", which is not a host name.',
    "-r.io/a": 'has the host "-r.io", which is not a host name.',
    "[::g]/a": 'has the host "[::g]", which is not a host name.',
    "r.io:0/a": 'has port "0", which is not between 1 and 65535.',
    "r.io:65536/a": 'has port "65536", which is not between 1 and 65535.',
    "a:": "has no tag behind its",
    "a:b:c": "has no tag behind its",
    "a:.b": "has no tag behind its",
    [`a:${"b".repeat(129)}`]: "has no tag behind its",
    "a@": "has no digest behind its",
    "a@sha256:abc": "has no digest behind its",
    [`a@md5:${HEX}`]: "has no digest behind its",
    [`a@sha256:${HEX.toUpperCase()}`]: "has no digest behind its",
    [HEX]: "would be read as an image's id.",
    [`r.io/${"b".repeat(256)}`]: "has a repository of 256 characters, and 255 is the most.",
  };
  test.each(Object.entries(faults))("%s", (text, detail) => {
    expect(parseImageReference(text)).toBeUndefined();
    expect(checkImageReference(text, ["image"])).toEqual({
      path: ["image"],
      summary: "Invalid image reference",
      detail: expect.stringContaining(detail),
    });
  });
});
