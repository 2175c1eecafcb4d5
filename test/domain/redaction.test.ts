import { createRedactor, isSecretName } from "../../lib/domain/redaction";
import { Secret } from "../../lib/domain/secret";

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

  const names: Record<string, boolean> = {
    "X-Auth-Token": true,
    password_wo: true,
    ".dockerconfigjson": true,
    username: false,
    path: false,
  };
  it.each(Object.entries(names))("knows whether %s names a secret", (name, secret) => {
    expect(isSecretName(name)).toBe(secret);
  });
});
