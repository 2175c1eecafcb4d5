import { createRedactor } from "../../lib/domain/redaction";
import { Secret } from "../../lib/domain/secret";
import { isSecretName } from "../../lib/domain/secret-patterns";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

describe("redactor: text", () => {
  const cases: Record<string, { input: string; output: string }> = {
    "a JWT": { input: `got ${JWT} back`, output: "got [redacted] back" },
    "a Basic header": { input: "authorization: Basic dXNlcjpwYXNz", output: "authorization: Basic [redacted]" },
    "a bearer header in lower case": { input: "bearer abcdefgh.ijk", output: "bearer [redacted]" },
    "a JSON field": { input: '{"password": "hunter2 \\" x", "user": "u"}', output: '{"password": "[redacted]", "user": "u"}' },
    "a docker auth field quoted in JSON": {
      input: '"{\\"auths\\":{\\"h\\":{\\"auth\\":\\"dTpw\\"}}}"',
      output: '"{\\"auths\\":{\\"h\\":{\\"auth\\":\\"[redacted]\\"}}}"',
    },
    "a password in an address": { input: "https://user:pass@host/x", output: "https://user:[redacted]@host/x" },
    "a form": { input: "grant_type=password&password=abc&x=1", output: "grant_type=password&password=[redacted]&x=1" },
    "a private key": { input: "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----", output: "[redacted]" },
    "a number in a JSON field": { input: '{"password": 123456, "user": 7}', output: '{"password": "[redacted]", "user": 7}' },
    "a field in single quotes": { input: "{'password': 'hunter2'}", output: "{'password': '[redacted]'}" },
    "no word of a sentence": {
      input: "You need no pull secret: leave it out.",
      output: "You need no pull secret: leave it out.",
    },
    "no words of containerd": {
      input: "repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      output: "repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    },
    "no permission that the exchange says is lacking": {
      input: "Access denied: 'acme/eve' does not have authorization: WRITE_ALL_SERVICES",
      output: "Access denied: 'acme/eve' does not have authorization: WRITE_ALL_SERVICES",
    },
    "a header's value after the same words": {
      input: "the request does not have authorization: dXNlcjpwYXNz",
      output: "the request does not have authorization: [redacted]",
    },
    "a header's value in the form of a permission": { input: "authorization: AB_CD_EF", output: "authorization: [redacted]" },
    "a field that is such a word, in its own line": {
      input: "user: u\n  secret: hunter2",
      output: "user: u\n  secret: [redacted]",
    },
    "a field in YAML": { input: "user: u\npassword: hunter2\nx: y", output: "user: u\npassword: [redacted]\nx: y" },
    "a key in a kubeconfig": { input: "    client-key-data: TUlJ\n", output: "    client-key-data: [redacted]\n" },
    "a token's header": { input: "X-Auth-Token: abc123\nAccept: x", output: "X-Auth-Token: [redacted]\nAccept: x" },
    "a cookie with its attributes": { input: "Set-Cookie: sid=abc; Path=/\nx", output: "Set-Cookie: [redacted]\nx" },
    "a variable of an environment": { input: "PRIVATE_TOKEN=glpat-1 HOME=/x", output: "PRIVATE_TOKEN=[redacted] HOME=/x" },
    "nothing that is no secret": { input: "GET /api/v1/tokens answered 403", output: "GET /api/v1/tokens answered 403" },
  };
  it.each(Object.entries(cases))("masks %s", (_, { input, output }) => {
    expect(createRedactor().text(input)).toBe(output);
  });
});

describe("redactor: remembered values", () => {
  const value = 'p@ss"word/1';
  const cases: Record<string, string> = {
    plain: `x ${value} y`,
    "JSON-escaped": JSON.stringify(value),
    "URL-escaped": encodeURIComponent(value),
    "base64 alone": Buffer.from(value).toString("base64"),
    "base64 after one byte": Buffer.from(`:${value}`).toString("base64"),
    "base64 after two bytes": Buffer.from(`u:${value}`).toString("base64"),
    "base64 inside a text": Buffer.from(`user:${value}, and more`).toString("base64"),
  };
  it.each(Object.entries(cases))("are masked %s", (_, text) => {
    const redactor = createRedactor();
    redactor.remember(Secret.of(value));
    expect(redactor.text(text)).toContain("[redacted]");
    expect(redactor.text(text)).not.toContain(value);
    expect(Buffer.from(redactor.text(text), "base64").toString("latin1")).not.toContain(value);
  });

  const odd = `p@ss "wo<rd>" /&1!~`;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const json = (inner: unknown) => JSON.stringify(inner);
  const forms: Record<string, string> = {
    "in a form": new URLSearchParams({ a: odd }).toString(),
    "percent-encoded strictly": encodeURIComponent(odd).replaceAll("!", "%21"),
    "percent-encoded in lower case": encodeURIComponent(odd).replace(/%../g, (byte) => byte.toLowerCase()),
    "JSON inside JSON": json({ a: json({ b: odd }) }),
    "JSON with escaped slashes": json(odd).replaceAll("/", "\\/"),
    "JSON as Go writes it": json(odd).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"),
    HTML: odd.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    "base64 of JSON": base64(json({ x: { y: odd, z: 1 } })),
    "base64 of base64": base64(json({ auths: { h: { auth: base64(`user:${odd}`) } } })),
    "base64 of base64, otherwise aligned": base64(json({ auths: { ho: { auth: base64(`users:${odd}`) } } })),
  };
  it.each(Object.entries(forms))("are masked in %s", (_, text) => {
    const redactor = createRedactor();
    redactor.remember(odd);
    expect(redactor.text(text)).toContain("[redacted]");
    expect(redactor.text(text).replaceAll("[redacted]", "").length).toBeLessThan(text.length - odd.length + 4);
  });

  it("may be no well-formed text", () => {
    expect(() => createRedactor().remember("half \ud800 a pair")).not.toThrow();
  });

  it("are not remembered where they are too short to protect", () => {
    const redactor = createRedactor();
    redactor.remember("abc");
    expect(redactor.text("abc")).toBe("abc");
  });
});

describe("redactor: values", () => {
  it("masks Secrets and fields with secret names, at any depth", () => {
    const redactor = createRedactor();
    expect(
      redactor.value({
        a: Secret.of("s3cret"),
        b: [{ Authorization: "x", ok: 1 }],
        c: { access_token: "t", path: "/x" },
        d: new Uint8Array(3),
      }),
    ).toEqual({
      a: "[redacted]",
      b: [{ Authorization: "[redacted]", ok: 1 }],
      c: { access_token: "[redacted]", path: "/x" },
      d: "3 bytes",
    });
  });

  it("keeps a circle from hanging it", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(createRedactor().value(circle)).toEqual({ self: "[circular]" });
  });

  it("tells an error's causes", () => {
    const error = new Error("above", { cause: new Error("password=abc") });
    expect(createRedactor().value(error)).toMatchObject({ message: "above", cause: { message: "password=[redacted]" } });
  });

  const names: Record<string, boolean> = {
    "X-Auth-Token": true,
    password_wo: true,
    ".dockerconfigjson": true,
    client_key: true,
    "client-key-data": true,
    "X-Registry-Auth": true,
    "private-token": true,
    tokens: true,
    username: false,
    pull_secret: false,
    path: false,
  };
  it.each(Object.entries(names))("knows whether %s names a secret", (name, secret) => {
    expect(isSecretName(name)).toBe(secret);
  });
});

describe("redactor: a long text", () => {
  const LENGTH = 300_000;
  const parts = [
    "a.",
    "\\",
    '"',
    "'a':",
    "eyJaaaa-",
    "eyJaaaa.",
    "basic ",
    "http://a:",
    "a://",
    "-----BEGIN ",
    "a=",
    "password: ",
    '\\"a\\":',
  ];
  it.each(parts)("made of %j takes no more than a moment", (part) => {
    const text = part.repeat(LENGTH / part.length);
    const before = process.cpuUsage();
    createRedactor().text(text);
    const { user, system } = process.cpuUsage(before); // work, not time: the machine may be busy
    expect((user + system) / 1_000_000).toBeLessThan(2);
  });
});
