import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../docker-config";

/** Docker's older form: the hosts stand at the top. */
const LEGACY_TYPE = "kubernetes.io/dockercfg";
const LEGACY_KEY = ".dockercfg";

/** What the kubelet finds in a pull secret: keys, and never what stands at them. */
export type PullSecretKeys =
  | { readonly keys: readonly string[] }
  /** What the kubelet passes over, or can't decode, as the end of a sentence. */
  | { readonly ignored: string }
  | { readonly undecodable: string };

/** Reads the keys of a pull secret as the kubelet does; `data` is base64, as the API server gives it. */
export function pullSecretKeys(type: string | undefined, data: { readonly [key: string]: string } = {}): PullSecretKeys {
  const field = type === DOCKER_CONFIG_TYPE ? DOCKER_CONFIG_KEY : type === LEGACY_TYPE ? LEGACY_KEY : undefined;
  if (field === undefined) return { ignored: `is of type ${JSON.stringify(type ?? "Opaque")}, which is no pull secret's` };
  const text = Buffer.from(data[field] ?? "", "base64").toString("utf8");
  if (text === "") return { ignored: `has nothing at ${JSON.stringify(field)}` };
  const parsed = parse(text);
  const auths = type === LEGACY_TYPE || parsed === undefined ? parsed : (parsed.auths ?? {});
  if (!isRecord(auths)) return { undecodable: `is no docker config JSON` };
  const broken = Object.entries(auths).find(([, entry]) => !isRecord(entry) || !isDecodable(entry.auth));
  if (broken !== undefined) return { undecodable: "has an `auth` that is not base64 of `user:password`" };
  return { keys: Object.keys(auths) };
}

/** Standard base64, with or without its padding, of a text with a colon; none is right, too. */
function isDecodable(auth: unknown): boolean {
  if (auth === undefined || auth === null || auth === "") return true;
  if (typeof auth !== "string") return false;
  const isPadded = auth.trim().endsWith("=");
  const text = auth.replace(/[\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || (isPadded ? text.length % 4 !== 0 : text.length % 4 === 1)) return false;
  return Buffer.from(text, "base64").includes(":");
}

function parse(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
