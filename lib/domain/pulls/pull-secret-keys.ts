import { decodeAuth } from "../docker-auth";
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../docker-config";
import { isRecord, parseRecord } from "../json";
import { Secret } from "../secret";

/** The type of a Secret of Docker's older form: the hosts stand at the top. */
export const LEGACY_TYPE = "kubernetes.io/dockercfg";
const LEGACY_KEY = ".dockercfg";

/** What the kubelet finds in a pull secret: keys, and never what stands at them. */
export type PullSecretKeys =
  | { readonly keys: readonly string[] }
  /** What the kubelet passes over, or can't decode, as the end of a sentence. */
  | { readonly ignored: string }
  | { readonly undecodable: string };

/** Reads the keys of a pull secret as the kubelet does; `data` is base64, as the API server gives it. */
export function pullSecretKeys(type: string | undefined, data: { readonly [key: string]: string } = {}): PullSecretKeys {
  const field = fieldOf(type);
  if (field === undefined) return { ignored: `is of type ${JSON.stringify(type ?? "Opaque")}, which is no pull secret's` };
  const text = textAt(data, field);
  if (text === "") return { ignored: `has nothing at ${JSON.stringify(field)}` };
  const parsed = parseRecord(text);
  const auths = type === LEGACY_TYPE || parsed === undefined ? parsed : (parsed.auths ?? {});
  if (!isRecord(auths)) return { undecodable: `is no docker config JSON` };
  const broken = Object.entries(auths).find(([, entry]) => !isRecord(entry) || !isDecodable(entry.auth));
  if (broken !== undefined) return { undecodable: "has an `auth` that is not base64 of `user:password`" };
  return { keys: Object.keys(auths) };
}

/** What a pull secret holds as a docker config JSON, whichever form it has; undefined where the kubelet passes it over or can't decode it. */
export function dockerConfigIn(type: string | undefined, data: { readonly [key: string]: string } = {}): Secret | undefined {
  const parsed = parseRecord(textAt(data, fieldOf(type) ?? ""));
  if (parsed === undefined) return undefined;
  return Secret.of(JSON.stringify(type === LEGACY_TYPE ? { auths: parsed } : parsed));
}

function fieldOf(type: string | undefined): string | undefined {
  return type === DOCKER_CONFIG_TYPE ? DOCKER_CONFIG_KEY : type === LEGACY_TYPE ? LEGACY_KEY : undefined;
}

function textAt(data: { readonly [key: string]: string }, field: string): string {
  return Buffer.from(data[field] ?? "", "base64").toString("utf8");
}

/** None is right, too. */
function isDecodable(auth: unknown): boolean {
  if (auth === undefined || auth === null || auth === "") return true;
  return typeof auth === "string" && decodeAuth(auth) !== undefined;
}
