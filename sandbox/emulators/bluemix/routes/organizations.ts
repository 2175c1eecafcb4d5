import { bearerToken, ok, type Reply, type Route } from "../../http";
import type { OrganizationConfig, RegionConfig } from "../config";
import type { EmulatorContext } from "../context";

/** `GET /v2/organizations`: those of the user, by name (`q=name:`), in pages that `next_url` leads through. */
export function organizationRoutes({ logins }: EmulatorContext, region: RegionConfig): Route[] {
  return [
    {
      method: "GET",
      path: "/v2/organizations",
      handle({ headers, url }) {
        const token = bearerToken(headers);
        if (token === undefined) return cfError(401, 10002, "Authentication error", "CF-NotAuthenticated");
        const user = logins.byAccessToken(token, "uaa", region.name);
        if (user === undefined) return cfError(401, 1000, "Invalid Auth Token", "CF-InvalidAuthToken");
        const names = url.searchParams.getAll("q").flatMap((query) => (query.startsWith("name:") ? [query.slice(5)] : []));
        const found = region.organizations.filter(
          (organization) => user.accounts.includes(organization.account) && names.every((name) => name === organization.name),
        );
        return page(found, url, region.organizationsPerPage ?? 50);
      },
    },
  ];
}

function page(found: readonly OrganizationConfig[], url: URL, perPage: number): Reply {
  const number = Math.max(1, Number.parseInt(url.searchParams.get("page") ?? "1", 10) || 1);
  const pages = Math.ceil(found.length / perPage);
  const onPage = found.slice((number - 1) * perPage, number * perPage);
  return ok({
    total_results: found.length,
    total_pages: pages,
    prev_url: number > 1 ? pageUrl(url, number - 1) : null,
    next_url: number < pages ? pageUrl(url, number + 1) : null,
    resources: onPage.map(({ guid, name }) => ({
      metadata: { guid, url: `/v2/organizations/${guid}` },
      entity: { name, status: "active" },
    })),
  });
}

function pageUrl(url: URL, number: number): string {
  const query = new URLSearchParams(url.searchParams);
  query.set("page", String(number));
  return `${url.pathname}?${query}`;
}

function cfError(status: number, code: number, description: string, errorCode: string): Reply {
  return { status, json: { code, description, error_code: errorCode } };
}
