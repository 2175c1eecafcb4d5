import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { basic, claimsOf, endWorld, registryHeaders, send, startWorld, tokenIn, type World } from "./support";

let world: World;
let tokens: Record<"read" | "write" | "dedicated" | "revoked" | "expired", string>;
beforeAll(async () => {
  world = await startWorld();
  const issue = async (region: string, guid: string, query: string) =>
    tokenIn(
      await send("POST", `${world.region(region)}/api/v1/tokens${query}`, {
        headers: await registryHeaders(world, region, "ada", guid),
      }),
    );
  tokens = {
    read: await issue("us-south", "org-1", "?permanent=true"),
    write: await issue("us-south", "org-1", "?write=true"),
    dedicated: await issue("dedicated", "org-dedicated", "?permanent=true"),
    revoked: await issue("us-south", "org-1", ""),
    expired: await issue("us-south", "org-1", "?permanent=true"),
  };
  await world.control.revoke(String(claimsOf(tokens.revoked).jti));
  await world.control.expire(String(claimsOf(tokens.expired).jti));
});
afterAll(() => endWorld(world));

const ask = (query: string, login?: readonly [string, string]) =>
  send("GET", `${world.urls.tokenServer.url}/token?${query}`, {
    headers: login === undefined ? {} : { authorization: basic(...login) },
  });
const repository = (name: string, actions: readonly string[]) => ({ type: "repository", name, actions });

const granted: Record<string, { login?: () => readonly [string, string]; query: string; access: unknown }> = {
  "a registry token pulls from its account's registry namespaces": {
    login: () => ["token", tokens.read],
    query: "service=private&scope=repository:team/a/b:pull",
    access: [repository("team/a/b", ["pull"])],
  },
  "a read-only one does not push": {
    login: () => ["token", tokens.read],
    query: "service=private&scope=repository:team/app:pull,push",
    access: [repository("team/app", ["pull"])],
  },
  "one that may write pushes": {
    login: () => ["token", tokens.write],
    query: "service=private&scope=repository:team/app:pull,push",
    access: [repository("team/app", ["pull", "push"])],
  },
  "several scopes, each by itself: own, foreign, shared by IBM, public": {
    login: () => ["token", tokens.write],
    query: [
      "service=private&scope=repository:team/app:pull%20repository:theirs/app:pull",
      "scope=repository:ibmliberty:pull,push",
      "scope=repository:open/app:pull",
      "scope=registry:catalog:*",
    ].join("&"),
    access: [repository("team/app", ["pull"]), repository("ibmliberty", ["pull"]), repository("open/app", ["pull"])],
  },
  "a token of another region has nothing here": {
    login: () => ["token", tokens.dedicated],
    query: "service=private&scope=repository:team/app:pull&scope=repository:liberty/app:pull",
    access: [repository("liberty/app", ["pull"])],
  },
  "no scope, as at docker login": { login: () => ["token", tokens.read], query: "account=token&service=private", access: [] },
  "a plain account pulls from its own": {
    login: () => ["partner", "partner-password"],
    query: "service=private&scope=repository:partner/app:pull,push&scope=repository:team/app:pull",
    access: [repository("partner/app", ["pull"])],
  },
  "an account for all pushes anywhere and sees the catalog": {
    login: () => ["pusher", "pusher-password"],
    query: "service=private&scope=repository:any/app:pull,push&scope=registry:catalog:*",
    access: [repository("any/app", ["pull", "push"]), { type: "registry", name: "catalog", actions: ["*"] }],
  },
  "without a login only what is public": {
    query: "service=private&scope=repository:team/app:pull&scope=repository:open/app:pull",
    access: [repository("open/app", ["pull"])],
  },
};
describe("grants", () => {
  for (const [name, { login, query, access }] of Object.entries(granted)) {
    test(name, async () => {
      const answer = await ask(query, login?.());
      expect(answer.status).toBe(200);
      expect(claimsOf(tokenIn(answer)).access).toEqual(access);
    });
  }
});

const refused: Record<string, { login: () => readonly [string, string]; query: string; status: number }> = {
  "fails when the token is revoked": { login: () => ["token", tokens.revoked], query: "service=private", status: 401 },
  "fails when the token expired": { login: () => ["token", tokens.expired], query: "service=private", status: 401 },
  "fails when the token is none": { login: () => ["token", "wrong"], query: "service=private", status: 401 },
  "fails when the user is not called token": { login: () => ["ada", tokens.read], query: "service=private", status: 401 },
  "fails when the token's region is not the service's": {
    login: () => ["token", tokens.read],
    query: "service=elsewhere",
    status: 401,
  },
  "fails when the password is wrong": { login: () => ["partner", "wrong"], query: "service=private", status: 401 },
  "fails when the service is unknown": { login: () => ["token", tokens.read], query: "service=unknown", status: 400 },
};
describe("refuses", () => {
  for (const [name, { login, query, status }] of Object.entries(refused)) {
    test(name, async () => expect((await ask(query, login())).status).toBe(status));
  }
});

test("what it signs: the claims and the certificate that a registry checks", async () => {
  const answer = await ask("service=private&scope=repository:partner/app:pull", ["partner", "partner-password"]);
  const body = answer.body as Record<string, unknown>;
  const jwt = tokenIn(answer);
  expect(body).toEqual({ token: jwt, access_token: jwt, expires_in: 300, issued_at: expect.any(String) });
  const claims = claimsOf(jwt);
  const issuedAt = Date.parse(String(body.issued_at)) / 1000;
  expect(claims).toEqual({
    iss: "bluemix-emulator",
    sub: "partner",
    aud: "private",
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 300,
    jti: expect.any(String),
    access: [repository("partner/app", ["pull"])],
  });
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const certificate = new X509Certificate(readFileSync(world.config.tokenServer.certificateFile));
  expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({
    alg: "ES256",
    typ: "JWT",
    x5c: [certificate.raw.toString("base64")],
  });
  const key = createPublicKey(certificate.publicKey.export({ type: "spki", format: "pem" }));
  const signed = Buffer.from(`${header}.${payload}`);
  expect(verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"))).toBe(true);
});
