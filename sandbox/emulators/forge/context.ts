import type { EmulatorRequest, Reply } from "../http";
import type { ForgeEmulatorConfig, ForgeProject, ForgeToken, ForgeUser } from "./config";
import type { Store } from "./store";

/** What all routes work on. */
export interface ForgeContext {
  readonly config: ForgeEmulatorConfig;
  readonly store: Store;
}

/** Who calls, with which of his tokens. */
export interface Caller {
  readonly user: ForgeUser;
  readonly token: ForgeToken;
}

/** Finds the owner of a token. */
export function callerOf({ config }: ForgeContext, value: string | undefined): Caller | undefined {
  if (value === undefined) return undefined;
  for (const user of config.users) {
    const token = user.tokens.find((candidate) => candidate.value === value);
    if (token !== undefined) return { user, token };
  }
  return undefined;
}

/** A project that has this pull request. */
export function projectWith(
  { config }: ForgeContext,
  fits: (project: ForgeProject) => boolean,
  number?: number,
): ForgeProject | undefined {
  return config.projects.find((project) => fits(project) && (number === undefined || project.numbers.includes(number)));
}

/** The page that a list's query asks for. */
export function pageOf<Item>(url: URL, items: readonly Item[], standard: number) {
  const positive = (name: string, otherwise: number) => Math.max(1, Number(url.searchParams.get(name) ?? otherwise) || otherwise);
  const size = Math.min(100, positive("per_page", standard));
  const page = positive("page", 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  return { size, page, last, items: items.slice((page - 1) * size, page * size) };
}

/** The `body` of a JSON request; undefined where it has none. */
export function bodyText({ body }: EmulatorRequest): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const text = typeof parsed === "object" && parsed !== null && "body" in parsed ? parsed.body : undefined;
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A refusal in the forge's own words. */
export const refusal = (status: number, message: unknown): Reply => ({ status, json: { message } });
