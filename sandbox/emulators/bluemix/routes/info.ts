import { ok, type Route } from "../../http";

/** `GET /v2/info`: where to log in. Needs no login; the addresses lead back to the origin that the client used. */
export function infoRoutes(): Route[] {
  return [
    {
      method: "GET",
      path: "/v2/info",
      handle: ({ url }) =>
        ok({
          name: "Bluemix",
          build: "emulator",
          support: "",
          version: 0,
          description: "",
          authorization_endpoint: url.origin,
          token_endpoint: url.origin,
          api_version: "2.92.0",
          min_cli_version: null,
          min_recommended_cli_version: null,
        }),
    },
  ];
}
