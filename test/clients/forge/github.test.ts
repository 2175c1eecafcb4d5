import { createGithubComments } from "../../../lib/clients/forge";
import { Secret } from "../../../lib/domain/secret";
import { startTestServer, type TestServer } from "../test-server";

const { signal } = new AbortController();
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer(() => ({ json: { data: { viewer: { login: "octocat" } } } }));
});
afterEach(() => server.close());

const paths: { readonly [api: string]: { readonly graphqlUrl?: (url: string) => string; readonly path: string } } = {
  "": { path: "/graphql" },
  "/api/v3": { path: "/api/graphql" },
  "/api/v3/": { path: "/api/graphql" },
  "/proxy/github": { path: "/proxy/github/graphql" },
  "/v3": { graphqlUrl: (url) => `${url}/elsewhere/graphql`, path: "/elsewhere/graphql" },
};

test.each(Object.entries(paths))("whose a token is: GraphQL of an API at %j", async (api, { graphqlUrl, path }) => {
  const own = graphqlUrl === undefined ? {} : { graphqlUrl: graphqlUrl(server.url) };
  const pull = { repository: "acme/infra", number: 7, token: Secret.of("the-token"), ...own };
  const comments = createGithubComments({ baseUrl: `${server.url}${api}`, env: {} }, pull);
  expect(await comments.whoAmI(signal)).toBe("octocat");
  expect(server.received.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ["POST", path, "Bearer the-token"],
  ]);
  await comments.close();
});

test("fails when it does not say whose a token is", async () => {
  const other = await startTestServer(() => ({ json: { errors: [{ message: "no" }] } }));
  const pull = { repository: "acme/infra", number: 7, token: Secret.of("the-token") };
  const comments = createGithubComments({ baseUrl: other.url, env: {} }, pull);
  await expect(comments.whoAmI(signal)).rejects.toMatchObject({
    code: "malformed",
    message: `${other.url}/graphql did not answer with the login of the token. Is it the address of the forge's API?`,
  });
  await comments.close();
  await other.close();
});
