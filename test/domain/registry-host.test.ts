import { checkRegistryHost, comparableKey, describeConfigKey, isDockerHub, toConfigKey } from "../../lib/domain/registry-host";

describe("checkRegistryHost", () => {
  const well = [
    "registry.example.com",
    "registry.example.com:5000",
    "localhost",
    "localhost:5000",
    "registry:5000",
    "127.0.0.1:5000",
    "[::1]:5000",
    "us.icr.io",
    "a-b.c",
  ];
  it.each(well)("takes %s", (host) => {
    expect(checkRegistryHost(host, ["hosts", 0])).toBeUndefined();
  });

  const ADVICE =
    'A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".';
  const cases: Record<string, { host: string; reason: string }> = {
    "it is empty": { host: "", reason: "is empty." },
    "it has a scheme": { host: "https://r.example", reason: 'starts with a scheme: leave "https://" out.' },
    "it has a scheme and a path": {
      host: "https://r.example/v1/",
      reason: 'starts with a scheme: leave "https://" out, and the path too.',
    },
    "it has a path": { host: "r.example/team", reason: 'has a path: leave "/team" out (a credential covers the whole host).' },
    "it holds a user name": { host: "me@r.example", reason: "holds a user name: give it as username." },
    "it holds a wildcard": { host: "*.example", reason: "holds a wildcard: list each host." },
    "it has capital letters": {
      host: "R.example",
      reason: 'has capital letters: write "r.example" (the kubelet compares hosts letter by letter).',
    },
    "it is no host name": { host: "r_example", reason: "is not a host name." },
    "it is an IPv6 address without brackets": {
      host: "fd00::5:5000",
      reason: 'is not a host name. An IPv6 address stands in brackets, as in "[fd00::1]:6443".',
    },
    "a label ends in a hyphen": { host: "r-.example", reason: "is not a host name." },
    "an IPv6 address has dots, which an image reference does not take (found by fuzzing, issue 4)": {
      host: "[::1.2.3.4]",
      reason: "is not a host name.",
    },
    "it ends in a number and is no IPv4 address (found by fuzzing, issue 4)": {
      host: "1.2.3.4.5",
      reason: "is no address that can be asked.",
    },
    "its images would be Docker Hub's (found by fuzzing, issue 4)": {
      host: "registry",
      reason:
        'is no host in an image reference: "registry/app" would be an image of Docker Hub. Write it with its port ("registry:5000") or its domain ("registry.example.com"), in images as well.',
    },
    "its port is too high": { host: "r.example:65536", reason: "has port 65536, which is not between 1 and 65535." },
    "its port is 0": { host: "r.example:0", reason: "has port 0, which is not between 1 and 65535." },
  };
  it.each(Object.entries(cases))("fails when %s", (_, { host, reason }) => {
    expect(checkRegistryHost(host, ["hosts", 0])).toEqual({
      path: ["hosts", 0],
      summary: "Invalid registry host",
      detail: `${JSON.stringify(host)} ${reason} ${ADVICE}`,
    });
  });
});

describe("toConfigKey", () => {
  const cases: Record<string, string> = {
    "docker.io": "https://index.docker.io/v1/",
    "index.docker.io": "https://index.docker.io/v1/",
    "registry-1.docker.io": "https://index.docker.io/v1/",
    "r.example:5000": "r.example:5000",
  };
  it.each(Object.entries(cases))("of %s is %s", (host, key) => {
    expect({ key: toConfigKey(host), hub: isDockerHub(host) }).toEqual({ key, hub: key !== host });
  });
});

describe("describeConfigKey", () => {
  it.each([
    ["r.example:5000", "r.example:5000"],
    ["https://user:secret@r.example/v1?token=secret", "https://…@r.example/v1…"],
    ["user@r.example", "…@r.example"],
    ["a b", '"a b"'],
  ])("%j", (key, shown) => {
    expect(describeConfigKey(key)).toBe(shown);
  });
});

test.each([
  ["registry.example.com", ["https://registry.example.com", "http://registry.example.com/", "https://registry.example.com/v2/"]],
  ["docker.io", ["https://index.docker.io/v1/", "index.docker.io", "registry-1.docker.io"]],
])("issue 4: %s is the same for the kubelet as %j", (host, spellings) => {
  expect(spellings.map(comparableKey)).toEqual(spellings.map(() => comparableKey(host)));
  expect(["registry.example.com:443", "registry.example.com/team", "https://docker.io.example"].map(comparableKey)).not.toContain(
    comparableKey(host),
  );
});
