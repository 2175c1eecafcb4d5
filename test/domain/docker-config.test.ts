import {
  authOf,
  canonicalDockerConfig,
  differingKeys,
  formatDockerConfig,
  hostKeysOf,
  type RegistryLogin,
  readLogins,
} from "../../lib/domain/docker-config";
import { Secret } from "../../lib/domain/secret";

const login = (rest: Partial<RegistryLogin>): RegistryLogin => ({
  hosts: ["r.example"],
  username: "u",
  password: Secret.of("p"),
  ...rest,
});

describe("formatDockerConfig", () => {
  const cases: Record<string, { logins: RegistryLogin[]; text: string }> = {
    "one host": {
      logins: [login({})],
      text: '{"auths":{"r.example":{"username":"u","password":"p","auth":"dTpw"}}}',
    },
    "an e-mail address, between password and auth": {
      logins: [login({ email: "a@b.c" })],
      text: '{"auths":{"r.example":{"username":"u","password":"p","email":"a@b.c","auth":"dTpw"}}}',
    },
    "several hosts of one credential, in order": {
      logins: [login({ hosts: ["z.example", "a.example:5000"] })],
      text: '{"auths":{"z.example":{"username":"u","password":"p","auth":"dTpw"},"a.example:5000":{"username":"u","password":"p","auth":"dTpw"}}}',
    },
    "Docker Hub under its config key": {
      logins: [login({ hosts: ["docker.io"] })],
      text: '{"auths":{"https://index.docker.io/v1/":{"username":"u","password":"p","auth":"dTpw"}}}',
    },
    "what Go escapes": {
      logins: [login({ password: Secret.of('<&>"\u2028') })],
      text: '{"auths":{"r.example":{"username":"u","password":"\\u003c\\u0026\\u003e\\"\\u2028","auth":"dTo8Jj4i4oCo"}}}',
    },
    "a password that is not ASCII": {
      logins: [login({ password: Secret.of("pässwörd:x") })],
      text: '{"auths":{"r.example":{"username":"u","password":"pässwörd:x","auth":"dTpww6Rzc3fDtnJkOng="}}}',
    },
    nothing: { logins: [], text: '{"auths":{}}' },
  };
  it.each(Object.entries(cases))("writes %s", (_, { logins, text }) => {
    expect(formatDockerConfig(logins).reveal()).toBe(text);
  });
});

describe("canonicalDockerConfig", () => {
  const cases: Record<string, { text: string; canonical: string | undefined }> = {
    "other spacing and order": {
      text: '{ "b": [ {"y": 1, "x": 2} ],\n "a": null }',
      canonical: '{"a":null,"b":[{"x":2,"y":1}]}',
    },
    "an escaped spelling": { text: '{"a":"\\u003c"}', canonical: '{"a":"<"}' },
    "no JSON": { text: "{", canonical: undefined },
    "a list": { text: "[]", canonical: undefined },
    null: { text: "null", canonical: undefined },
    "what is nested without end (found by fuzzing, issue 4)": {
      text: `{"auths":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      canonical: undefined,
    },
  };
  it.each(Object.entries(cases))("of %s", (_, { text, canonical }) => {
    expect(canonicalDockerConfig(Secret.of(text))?.reveal()).toBe(canonical);
  });
});

describe("authOf", () => {
  const text = formatDockerConfig([login({ hosts: ["r.example", "docker.io"] })]);
  const auth = { username: "u", password: "p", auth: "dTpw" };
  const cases: Record<string, { text: Secret; host: string; found: unknown }> = {
    "a host": { text, host: "r.example", found: auth },
    "another name of Docker Hub": { text, host: "index.docker.io", found: auth },
    "a host that is not there": { text, host: "r.example:443", found: undefined },
    "a name that every object knows (found by fuzzing, issue 4)": { text, host: "__proto__", found: undefined },
    "a login that is no text (found by fuzzing, issue 4)": {
      text: Secret.of('{"auths":{"r.example":{"username":1,"password":"p","auth":["x"]}}}'),
      host: "r.example",
      found: { password: "p" },
    },
    "a list in place of a login (found by fuzzing, issue 4)": {
      text: Secret.of('{"auths":{"r.example":["u"]}}'),
      host: "r.example",
      found: undefined,
    },
    "a config without auths": { text: Secret.of("{}"), host: "r.example", found: undefined },
  };
  it.each(Object.entries(cases))("of %s", (_, { text, host, found }) => {
    expect(authOf(text, host)).toEqual(found);
  });
});

describe("readLogins", () => {
  const shown = (text: string) =>
    readLogins(Secret.of(text)).map(({ verbatim, ...found }) => ({
      ...found,
      password: found.password.reveal(),
      ...(verbatim === undefined ? {} : { verbatim: verbatim.reveal() }),
    }));
  const cases: Record<string, { text: string; logins: object[] }> = {
    "what formatDockerConfig wrote, hosts of one credential together": {
      text: formatDockerConfig([
        login({ hosts: ["z.example", "docker.io"], email: "a@b.c" }),
        login({ hosts: ["a.example"], username: "v" }),
      ]).reveal(),
      logins: [
        { hosts: ["z.example", "docker.io"], username: "u", password: "p", email: "a@b.c" },
        { hosts: ["a.example"], username: "v", password: "p" },
      ],
    },
    "auth alone, which wins": {
      text: '{"auths":{"r.example":{"username":"x","password":"y","auth":"dTpwOnE="}}}',
      logins: [
        {
          hosts: ["r.example"],
          username: "u",
          password: "p:q",
          verbatim: '{"username":"x","password":"y","auth":"dTpwOnE="}',
        },
      ],
    },
    "auth without its padding": {
      text: '{"auths":{"r.example":{"auth":"dTpwcQ"}}}',
      logins: [{ hosts: ["r.example"], username: "u", password: "pq", verbatim: '{"auth":"dTpwcQ"}' }],
    },
    "an identity token beside a login": {
      text: '{"auths":{"r.example":{"auth":"dTpw","identitytoken":"t"}}}',
      logins: [{ hosts: ["r.example"], username: "u", password: "p", verbatim: '{"auth":"dTpw","identitytoken":"t"}' }],
    },
    "what the kubelet can't decode, left out": {
      text: '{"auths":{"a.example":{"auth":"dTpw_w=="},"b.example":{"auth":"dTpw===="},"c.example":{"auth":"dTpw","username":7}}}',
      logins: [],
    },
    "what the kubelet could not use, left out": {
      text: '{"auths":{"a.example":{"username":"u"},"b.example":{"auth":"dQ=="},"c.example":7}}',
      logins: [],
    },
    "no docker config JSON": { text: "[]", logins: [] },
  };
  it.each(Object.entries(cases))("of %s", (_, { text, logins }) => {
    expect(shown(text)).toEqual(logins);
  });
});

test("what is read is written as it stands, also bytes that are no text", () => {
  const bytes = Buffer.from([0x75, 0x3a, 0x70, 0xe4]).toString("base64");
  const text = `{"auths":{"a.example":{"auth":"${bytes}"},"b.example":{"password":"p","username":"u"},"c.example":{"auth":"dTpw","x":[1]}}}`;
  expect(formatDockerConfig(readLogins(Secret.of(text))).reveal()).toBe(
    `{"auths":{"a.example":{"auth":"${bytes}"},"b.example":{"password":"p","username":"u"},"c.example":{"auth":"dTpw","x":[1]}}}`,
  );
});

test("differingKeys names what another config has and this one lacks, or has otherwise", () => {
  const config = (auths: object) => Secret.of(JSON.stringify({ auths }));
  const [one, two] = [{ auth: "dTpw" }, { auth: "dTpx" }];
  const text = config({ a: one, b: { y: 1, x: 2 }, d: one });
  expect(differingKeys(text, config({ a: two, b: { x: 2, y: 1 }, c: one }))).toEqual(["a", "c"]);
  expect([differingKeys(text, text), differingKeys(text, Secret.of("[]"))]).toEqual([[], []]);
  expect(differingKeys(Secret.of("none"), config({ a: one }))).toEqual(["a"]);
  // One login in two spellings; another e-mail address, or more than a login, is a difference.
  const spelledOut = { username: "u", password: "p", auth: "dTpw" };
  expect(differingKeys(config({ a: spelledOut }), config({ a: one }))).toEqual([]);
  expect(differingKeys(config({ a: { ...spelledOut, email: "a@b.c" } }), config({ a: one }))).toEqual(["a"]);
  expect(differingKeys(config({ a: spelledOut }), config({ a: { ...one, identitytoken: "t" } }))).toEqual(["a"]);
});

test("each of Docker Hub's keys stays as it is spelled", () => {
  const entry = (user: string) => ({ username: user, password: "p", auth: Buffer.from(`${user}:p`).toString("base64") });
  const auths = { "docker.io": entry("a"), "https://index.docker.io/v1/": entry("b"), "registry-1.docker.io": entry("c") };
  const text = Secret.of(JSON.stringify({ auths }));
  expect(JSON.parse(formatDockerConfig(readLogins(text)).reveal())).toEqual({ auths });
  const same = Secret.of(JSON.stringify({ auths: { "docker.io": entry("a"), "registry-1.docker.io": entry("a") } }));
  expect(JSON.parse(formatDockerConfig(readLogins(same)).reveal())).toEqual(JSON.parse(same.reveal()));
});

describe("hostKeysOf", () => {
  it.each([
    ['{"auths":{"b":{},"a":1}}', ["b", "a"]],
    ["{}", []],
    ['{"auths":7}', undefined],
    ['{"auths":[]}', undefined],
    ['{"auths":null}', []],
    ["7", undefined],
    ["{", undefined],
  ])("of %s", (text, keys) => {
    expect(hostKeysOf(Secret.of(text))).toEqual(keys);
  });
});

test("readLogins reads the text once, however many hosts it holds (issue 4: fuzz)", () => {
  const hosts = Array.from({ length: 500 }, (_, index) => `r${index}.example`);
  const text = formatDockerConfig(hosts.map((host, index) => login({ hosts: [host], username: `u${index % 2}` })));
  const parse = jest.spyOn(JSON, "parse");
  try {
    expect(readLogins(text).map(({ username, hosts }) => [username, hosts.length])).toEqual([
      ["u0", 250],
      ["u1", 250],
    ]);
    expect(parse).toHaveBeenCalledTimes(1);
  } finally {
    parse.mockRestore();
  }
});
