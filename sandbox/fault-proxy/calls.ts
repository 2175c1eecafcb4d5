/** One kind of call: what stands for one object stands in the template as `{name}`. */
export interface Call {
  /** The proxy's name for what it stands before. */
  readonly service: string;
  readonly method: string;
  /** `/api/v1/namespaces/{namespace}/secrets/{name}`. */
  readonly template: string;
}

/** How often a call was made. */
export interface CallCount extends Call {
  readonly count: number;
}

/** Writes down calls. */
export interface CallLog {
  /** Counts one more, and returns how many of its kind there are by now. */
  add(call: Call): number;
  /** In the order in which each kind was first made. */
  counts(): readonly CallCount[];
  clear(): void;
}

/** Nothing has been called yet. */
export function createCallLog(): CallLog {
  const counts = new Map<string, CallCount>();
  return {
    add(call) {
      const count = (counts.get(formatCall(call))?.count ?? 0) + 1;
      counts.set(formatCall(call), { ...call, count });
      return count;
    },
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
  [/\/namespaces\/[^/]+\/([^/]+)\/[^/]+$/, "/namespaces/{namespace}/$1/{name}"],
  [/\/namespaces\/[^/]+\/([^/]+)$/, "/namespaces/{namespace}/$1"],
  [/\/namespaces\/[^/]+$/, "/namespaces/{name}"],
  [/\/tokens\/[^/]+$/, "/tokens/{id}"],
  [/^\/v2\/.+\/(manifests|blobs)\/[^/]+$/, "/v2/{repository}/$1/{reference}"],
];

/** A path without its query, with what names one object left out. */
export function templateOf(path: string): string {
  const [plain = ""] = path.split("?");
  const found = OBJECTS.find(([pattern]) => pattern.test(plain));
  return found === undefined ? plain : plain.replace(found[0], found[1]);
}
