/** One kind of call: what stands for one object stands in the template as `{name}`. */
export interface Call {
  /** The proxy's name for what it stands before. */
  readonly service: string;
  readonly method: string;
  /** `/api/v1/namespaces/{namespace}/secrets/{name}`. */
  readonly template: string;
}

/** How often a call was made, and when. */
export interface CallCount extends Call {
  readonly count: number;
  /** Of each of them, how many calls of all kinds its service had been asked before. */
  readonly before: readonly number[];
}

/** Writes down calls. */
export interface CallLog {
  /** Counts one more, and returns how many of its kind there are by now. */
  add(call: Call): number;
  /** How many calls of all kinds a service was asked. */
  countOf(service: string): number;
  /** In the order in which each kind was first made. */
  counts(): readonly CallCount[];
  clear(): void;
}

/** Nothing has been called yet. */
export function createCallLog(): CallLog {
  const counts = new Map<string, CallCount>();
  const countOf = (service: string) =>
    [...counts.values()].reduce((sum, call) => sum + (call.service === service ? call.count : 0), 0);
  return {
    add(call) {
      const known = counts.get(formatCall(call));
      const count = (known?.count ?? 0) + 1;
      counts.set(formatCall(call), { ...call, count, before: [...(known?.before ?? []), countOf(call.service)] });
      return count;
    },
    countOf,
    counts: () => [...counts.values()],
    clear: () => counts.clear(),
  };
}

/** `kubernetes: GET /api/v1/secrets`. */
export function formatCall({ service, method, template }: Call): string {
  return `${service}: ${method} ${template}`;
}

/** Parts of a path that stand for one object, after the part that says of what kind. */
const OBJECTS: readonly (readonly [RegExp, string])[] = [
  // Not an object called so: what is known of all.
  [/\/(apikeys|namespaces)\/details$/, "/$1/details"],
  [/^\/v1\/(apikeys|serviceids|policies)\/[^/]+$/, "/v1/$1/{id}"],
  [/\/namespaces\/[^/]+\/serviceaccounts\/[^/]+\/token$/, "/namespaces/{namespace}/serviceaccounts/{name}/token"],
  [/\/projects\/[^/]+$/, "/projects/{name}"],
  [/\/namespaces\/[^/]+\/([^/]+)\/[^/]+$/, "/namespaces/{namespace}/$1/{name}"],
  [/\/namespaces\/[^/]+\/([^/]+)$/, "/namespaces/{namespace}/$1"],
  [/\/namespaces\/[^/]+$/, "/namespaces/{name}"],
  [/\/tokens\/[^/]+$/, "/tokens/{id}"],
  [/^\/v1\/orgs\/[^/]+\/([^/]+)\/[^/]+\/([^/]+)\/[^/]+$/, "/v1/orgs/{org}/$1/{id}/$2/{id}"],
  [/^\/v1\/orgs\/[^/]+\/([^/]+)\/[^/]+\/([^/]+)$/, "/v1/orgs/{org}/$1/{id}/$2"],
  [/^\/v1\/orgs\/[^/]+\/([^/]+)\/[^/]+$/, "/v1/orgs/{org}/$1/{id}"],
  [/^\/v1\/orgs\/[^/]+\/([^/]+)$/, "/v1/orgs/{org}/$1"],
  [/^\/v2\/.+\/(manifests|blobs)\/[^/]+$/, "/v2/{repository}/$1/{reference}"],
];

/** A path without its query, with what names one object left out. */
export function templateOf(path: string): string {
  const [plain = ""] = path.split("?");
  const found = OBJECTS.find(([pattern]) => pattern.test(plain));
  return found === undefined ? plain : plain.replace(found[0], found[1]);
}
