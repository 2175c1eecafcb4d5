import { type Answer, endWorld, send, startWorld, type World } from "./support";

let world: World;
let region: string;
beforeAll(async () => {
  world = await startWorld();
  region = world.region("us-south");
});
afterAll(() => endWorld(world));

const cf = { authorization: "Basic Y2Y6" };
const badCredentials = { status: 401, body: { error: "unauthorized", error_description: "Bad credentials" } };
const notLoggedIn = {
  status: 401,
  body: { code: 10002, description: "Authentication error", error_code: "CF-NotAuthenticated" },
};
const invalidToken = { status: 401, body: { code: 1000, description: "Invalid Auth Token", error_code: "CF-InvalidAuthToken" } };

/** An answer with what is drawn anew each time replaced by its kind. */
function shape(answer: Answer): unknown {
  const body = answer.body as Record<string, unknown>;
  const drawn = ["access_token", "refresh_token", "jti", "expiration"];
  return {
    status: answer.status,
    body: Object.fromEntries(Object.entries(body).map(([key, value]) => [key, drawn.includes(key) ? typeof value : value])),
  };
}

test("info names itself as the place to log in, whatever name it was reached by", async () => {
  const byName = region.replace("127.0.0.1", "localhost");
  const { body } = await send("GET", `${byName}/v2/info`);
  expect(body).toMatchObject({ authorization_endpoint: byName, token_endpoint: byName });
});

const loggedIn = {
  status: 200,
  body: {
    access_token: "string",
    refresh_token: "string",
    token_type: "bearer",
    expires_in: 3600,
    scope: "cloud_controller.read cloud_controller.write openid uaa.user",
    jti: "string",
  },
};
const grants: Record<string, { form: Record<string, string>; headers?: Record<string, string>; answer: unknown }> = {
  password: { form: { grant_type: "password", username: "ada", password: "ada-password" }, answer: loggedIn },
  "API key": { form: { grant_type: "password", username: "apikey", password: "ada-api-key" }, answer: loggedIn },
  passcode: { form: { grant_type: "password", passcode: "often" }, answer: loggedIn },
  "fails when the password is wrong": {
    form: { grant_type: "password", username: "ada", password: "wrong" },
    answer: badCredentials,
  },
  "fails when the API key is unknown": {
    form: { grant_type: "password", username: "apikey", password: "wrong" },
    answer: badCredentials,
  },
  "fails when the passcode is unknown": { form: { grant_type: "password", passcode: "wrong" }, answer: badCredentials },
  "fails when the client does not say who it is": {
    form: { grant_type: "password", username: "ada", password: "ada-password" },
    headers: {},
    answer: badCredentials,
  },
  "fails when the refresh token is none": {
    form: { grant_type: "refresh_token", refresh_token: "wrong" },
    answer: { status: 401, body: { error: "invalid_token", error_description: "Bad refresh token" } },
  },
  "fails when the grant is unknown": {
    form: { grant_type: "implicit" },
    answer: { status: 400, body: { error: "unsupported_grant_type", error_description: "Unsupported grant type" } },
  },
};
describe("UAA", () => {
  for (const [name, { form, headers = cf, answer }] of Object.entries(grants)) {
    test(name, async () => {
      expect(shape(await send("POST", `${region}/oauth/token`, { headers, form }))).toEqual(answer);
    });
  }

  test("a passcode works once", async () => {
    const options = { headers: cf, form: { grant_type: "password", passcode: "once" } };
    expect((await send("POST", `${region}/oauth/token`, options)).status).toBe(200);
    expect(await send("POST", `${region}/oauth/token`, options)).toEqual(badCredentials);
  });

  test("a refresh token gives a new access token, also after the old one ended", async () => {
    const form = { grant_type: "password", username: "ada", password: "ada-password" };
    const first = (await send("POST", `${region}/oauth/token`, { headers: cf, form })).body as Record<string, string>;
    const organizations = (token = "") =>
      send("GET", `${region}/v2/organizations`, { headers: { authorization: `bearer ${token}` } });
    expect((await organizations(first.access_token)).status).toBe(200);
    expect(await organizations(first.refresh_token)).toEqual(invalidToken);
    await world.control.expireLogins();
    expect(await organizations(first.access_token)).toEqual(invalidToken);
    const renewal = { grant_type: "refresh_token", refresh_token: first.refresh_token ?? "" };
    const second = (await send("POST", `${region}/oauth/token`, { headers: cf, form: renewal })).body as Record<string, string>;
    expect((await organizations(second.access_token)).status).toBe(200);
  });
});

describe("IAM", () => {
  const grant = "urn:ibm:params:oauth:grant-type:apikey";
  test("API key", async () => {
    const form = { grant_type: grant, apikey: "ada-api-key", response_type: "cloud_iam" };
    expect(shape(await send("POST", `${region}/identity/token`, { form }))).toEqual({
      status: 200,
      body: {
        access_token: "string",
        refresh_token: "string",
        token_type: "Bearer",
        expires_in: 3600,
        expiration: "number",
      },
    });
  });
  test("fails when the API key is unknown", async () => {
    expect(await send("POST", `${region}/identity/token`, { form: { grant_type: grant, apikey: "wrong" } })).toEqual({
      status: 400,
      body: {
        errorCode: "BXNIM0415E",
        errorMessage: "Provided API key could not be found",
        context: { requestId: "emulator" },
      },
    });
  });
});

describe("organizations", () => {
  const headers = { authorization: "Bearer ready-uaa" };
  const resource = (guid: string, name: string) => ({
    metadata: { guid, url: `/v2/organizations/${guid}` },
    entity: { name, status: "active" },
  });

  test("by name", async () => {
    expect(await send("GET", `${region}/v2/organizations?q=name:acme%20web`, { headers })).toEqual({
      status: 200,
      body: { total_results: 1, total_pages: 1, prev_url: null, next_url: null, resources: [resource("org-3", "acme web")] },
    });
  });

  for (const name of ["unknown", "other"]) {
    test(`none called "${name}" is an empty answer`, async () => {
      expect(await send("GET", `${region}/v2/organizations?q=name:${name}`, { headers })).toEqual({
        status: 200,
        body: { total_results: 0, total_pages: 0, prev_url: null, next_url: null, resources: [] },
      });
    });
  }

  test("in pages that next_url leads through", async () => {
    const pages: unknown[] = [];
    for (let path: string | null = "/v2/organizations"; path !== null; ) {
      const body = (await send("GET", `${region}${path}`, { headers })).body as { next_url: string | null; resources: unknown };
      pages.push({ next: body.next_url, resources: body.resources });
      path = body.next_url;
    }
    expect(pages).toEqual([
      { next: "/v2/organizations?page=2", resources: [resource("org-1", "acme"), resource("org-2", "acme labs")] },
      { next: null, resources: [resource("org-3", "acme web")] },
    ]);
  });

  const refused: Record<string, { headers: Record<string, string>; answer: unknown }> = {
    "fails when nobody is logged in": { headers: {}, answer: notLoggedIn },
    "fails when the token is none": { headers: { authorization: "bearer wrong" }, answer: invalidToken },
    "fails when the token is IAM's": { headers: { authorization: "bearer ready-iam" }, answer: invalidToken },
  };
  for (const [name, { headers: sent, answer }] of Object.entries(refused)) {
    test(name, async () => expect(await send("GET", `${region}/v2/organizations`, { headers: sent })).toEqual(answer));
  }
});
