import type { Grant } from "../tokens/access";
import type { Doorkeeper, Login, Verdict } from "../tokens/token-server";
import type { RegionConfig, RegistryTokensConfig } from "./config";
import type { EmulatorContext } from "./context";
import type { Identity } from "./identity";
import { actionsOf } from "./permissions";

const USERS = ["iamapikey", "iambearer", "iamrefresh", "token"] as const;

/** Whom a region's registry lets in: who logs in with a key or token of IAM's, by its policies, and registry tokens where they live on. */
export function createDoorkeeper(context: EmulatorContext, region: RegionConfig): Doorkeeper {
  return {
    path: context.config.tokenServer.path,
    knows: (service) => service === region.host,
    async decide(login) {
      if (login === undefined) return { grant: () => [], remark: "anonymous" };
      const user = USERS.find((name) => name === login.username);
      // Anything else may be a password in the wrong field.
      if (user === undefined) return { grant: undefined, remark: "unknown user" };
      if (user === "token") return await byRegistryToken(context, region, login);
      const identity = identityOf(context, user, login.password);
      const key = user === "iamapikey" ? context.identities.keyOf(login.password) : undefined;
      const remark = `user ${user}${key === undefined ? "" : ` ${key.id}`}`;
      return { grant: identity && grantTo(context, region, identity), remark };
    },
  };
}

function identityOf({ identities }: EmulatorContext, user: "iamapikey" | "iambearer" | "iamrefresh", password: string) {
  if (user === "iamapikey") return identities.byApiKey(password);
  return user === "iambearer" ? identities.byAccessToken(password) : identities.byRefreshToken(password);
}

function grantTo({ store }: EmulatorContext, region: RegionConfig, identity: Identity): Grant {
  return (name) => {
    const own = store.data.namespaces.find((one) => one.region === region.name && one.name === name);
    if (own?.account !== identity.account) return [];
    const wanted = {
      serviceName: "container-registry",
      region: region.name,
      resourceType: "namespace",
      resource: name,
      resourceGroupId: own.resourceGroup,
    };
    return [...actionsOf(store, identity, wanted)].filter((action) => action !== "manage");
  };
}

/** The old service knows its own tokens: it is asked whether this one lives. */
async function byRegistryToken(context: EmulatorContext, region: RegionConfig, login: Login): Promise<Verdict> {
  const { registryTokens } = region;
  const remark = "user token";
  if (registryTokens === undefined || !(await lives(registryTokens, login))) return { grant: undefined, remark };
  const own = (name: string): boolean =>
    context.store.data.namespaces.some(
      (one) => one.region === region.name && one.name === name && one.account === registryTokens.account,
    );
  return { grant: (name) => (own(name) ? ["pull"] : []), remark };
}

async function lives({ tokenServer, service, issuers }: RegistryTokensConfig, { username, password }: Login): Promise<boolean> {
  if (!issuers.includes(issuerOf(password))) return false;
  const url = new URL(tokenServer);
  url.searchParams.set("service", service);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const answer = await fetch(url, { headers: { authorization } });
  await answer.body?.cancel();
  return answer.status === 200;
}

function issuerOf(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { iss?: unknown };
    return String(claims.iss);
  } catch {
    return "";
  }
}
