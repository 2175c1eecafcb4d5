import { type ImageReference, parseImageReference } from "../image-reference";
import { describeConfigKey } from "../registry-host";
import { askedHost } from "./asked-host";
import type { PullFault } from "./fault";
import { keysFor } from "./keyring";
import type { PullSecretKeys } from "./pull-secret-keys";
import type { RegistryAnswer } from "./registry-answer";

/** A pull secret that a Pod names, as it was found. */
export type PullSecretFact = { readonly name: string } & (
  | PullSecretKeys
  | { readonly missing: true }
  /** It may not be read, or could not be. */
  | { readonly unseen: true }
);

/** All that is known about a pull that failed. */
export interface PullFacts {
  readonly image: string;
  readonly fault: PullFault;
  /** The kubelet's words. */
  readonly words?: string | undefined;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Those that the Pod really had. */
  readonly pullSecrets: readonly PullSecretFact[];
  /** Those that the ServiceAccount names now: null where it is not there, undefined where it could not be seen. */
  readonly accountSecrets: readonly string[] | null | undefined;
  /** What the registry itself says about an image that was not found. @default - it was not asked, or gave no clear answer */
  readonly registry?: RegistryAnswer | undefined;
}

/** The likely cause in words, and what to do about it: a clause that begins in lower case, then sentences. */
export function likelyCause(facts: PullFacts): string {
  const reference = parseImageReference(facts.image);
  if (facts.fault === "refused") return refused(facts, reference);
  const undecodable = facts.pullSecrets.find((secret) => "undecodable" in secret);
  if (facts.fault === "undecodable_secret" || (facts.fault === "unknown" && undecodable !== undefined))
    return undecodableSecret(undecodable);
  return otherCause(facts, reference);
}

function refused(facts: PullFacts, reference: ImageReference | undefined): string {
  const { pullSecrets, namespace } = facts;
  const host = reference?.host ?? facts.image;
  if (pullSecrets.length === 0) return `${withoutSecret(facts)}${orNoRepository(facts, reference)}`;
  const missing = pullSecrets.filter((secret) => "missing" in secret).map(({ name }) => name);
  const undecodable = pullSecrets.find((secret) => "undecodable" in secret);
  if (undecodable !== undefined) return undecodableSecret(undecodable);
  const read = pullSecrets.flatMap((secret) => ("keys" in secret ? [secret] : []));
  const matching = read.filter(({ keys }) => reference !== undefined && keysFor(reference, keys).length > 0);
  if (matching.length > 0) {
    const names = matching.map(({ name }) => name).join(", ");
    const alsoMissing =
      missing.length === 0
        ? ""
        : ` The Pod also lists pull secret ${missing.join(", ")}, and there is none of that name in namespace ${namespace}.`;
    return `the registry refuses the credential that pull secret ${names} holds for ${host}: it was revoked, has expired or is wrong, or it may not read ${reference?.repository ?? facts.image}.${orNoRepository(facts, reference)} A plan says whether a registry token of registry_token is still good; a user name with its password is only tried by a pull, or by the data source registry_image. The kubelet tries again within five minutes of a repair.${alsoMissing}`;
  }
  if (missing.length > 0) {
    const [is, it] = missing.length === 1 ? ["is", "it"] : ["are", "them"];
    return `pull secret ${missing.join(", ")} ${is} listed by the Pod, but ${is} not in namespace ${namespace}. Make ${it} there (registry_pull_secret, with the namespace in namespaces), or list the right name.`;
  }
  const unseen = pullSecrets.filter((secret) => "unseen" in secret).map(({ name }) => name);
  if (unseen.length > 0)
    return `the credential is not accepted: it was revoked, has expired or is wrong, or pull secret ${unseen.join(", ")} has none for ${host}, or is not there. What is in it could not be looked at.`;
  const ignored = pullSecrets.flatMap((secret) => ("ignored" in secret ? [`pull secret ${secret.name} ${secret.ignored}`] : []));
  const held = read.map(
    ({ name, keys }) => `${name} holds ${keys.length === 0 ? "none" : keys.map(describeConfigKey).join(", ")}`,
  );
  if (ignored.length > 0) {
    const others = held.length === 0 ? "" : ` The others have no credential for ${host} (${held.join("; ")}).`;
    return `${ignored.join("; ")}: the kubelet passes it over. Make it anew as a docker-registry Secret (registry_pull_secret; kubectl create secret docker-registry).${others}`;
  }
  const none = `the Pod's pull secrets hold no credential for ${host} (${held.join("; ")}).`;
  const near = read.flatMap(({ keys }) => keys.map(describeConfigKey)).find((key) => isOtherPort(key, host));
  return near === undefined
    ? `${none} Add the host to the pull secret's registries, or name a pull secret that has it.`
    : `${none} The kubelet compares hosts letter by letter, and ports: "${host}" is not "${near}". Add the host to the pull secret's registries, or write the image's host as it stands there.`;
}

/** No pull secret at all: admission found none when the Pod was made. */
function withoutSecret({ namespace, serviceAccount, accountSecrets }: PullFacts): string {
  const account = `ServiceAccount ${serviceAccount} in namespace ${namespace}`;
  if (accountSecrets === undefined)
    return `the Pod has no pull secret: it names none itself, and ${account} had none when the Pod was made (what it has now could not be looked at).`;
  if (accountSecrets === null) return `the Pod has no pull secret, and ${account} is not there any more.`;
  if (accountSecrets.length > 0)
    return `the Pod was made before ${account} had pull secret ${accountSecrets.join(", ")}: a Pod gets them when it is made, and never later. Delete the Pod, so that its controller makes a new one; or let the patch do it (recreate_waiting_pods of registry_service_account_patch, recreateWaitingPods of RegistryAccess).`;
  return `no pull secret is linked to ${account}, and the Pod names none itself. Add the namespace to the access (registry_pull_secret and registry_service_account_patch; RegistryAccess in the constructs), or name a pull secret in the Pod.`;
}

/** Some registries answer as if access was denied where there is nothing. */
function orNoRepository({ words = "" }: PullFacts, reference: ImageReference | undefined): string {
  if (!/does not exist|access denied|insufficient_scope|denied:/i.test(words)) return "";
  return ` Or there is no repository ${reference?.repository ?? ""}: this registry does not say which.`;
}

function undecodableSecret(secret: PullSecretFact | undefined): string {
  const which =
    secret !== undefined && "undecodable" in secret
      ? `pull secret ${secret.name} ${secret.undecodable}`
      : "a pull secret of the Pod can't be decoded";
  return `${which}: one such entry breaks all pulls of a Pod. Write the Secret anew (registry_pull_secret does it in place).`;
}

function otherCause({ fault, image, words = "", registry }: PullFacts, reference: ImageReference | undefined): string {
  const host = reference?.host ?? image;
  const asked = askedHost(words) ?? host;
  // A mirror, a registry's login server, or what a registry is really called: that is what does not answer.
  const at = asked === host ? host : `${asked}, where the node asks for ${host}`;
  const what = reference === undefined ? image : (reference.digest ?? `tag ${reference.tag ?? "latest"}`);
  switch (fault) {
    case "not_found":
      return notFound(what, reference?.repository ?? image, host, registry);
    case "no_repository":
      return `there is no repository ${reference?.repository ?? image} at ${host}, as the registry says; some say so too where a credential may not see it. Look at the spelling, and whether it was pushed.`;
    case "no_platform":
      return "the image is there, but not for the platform of the node. Push one for that platform too, or choose other nodes (nodeSelector).";
    case "unresolved":
      return `the registry is not reached: ${asked} has no address where the node looks for one. Look at the host's spelling and at the node's DNS.`;
    case "unreachable":
      return `the registry is not reached: nothing answers at ${at}. Look whether it is up, and at proxies and firewalls between the node and it.`;
    case "timed_out":
      return `the registry is not reached: there was no answer in time at ${at}. Look whether it is up, and at proxies and firewalls between the node and it.`;
    case "server_error":
      return `the registry is not well: it answers with an error of its own at ${at}. The kubelet goes on trying.`;
    case "throttled":
      return `too many pulls: ${host}, or the kubelet itself, lets no more through for now. A credential of one's own has a higher limit at some registries.`;
    case "unknown_authority":
      return `TLS: the node does not know the authority that signed the certificate of ${at}. Give its CA to the container runtime of every node (containerd: certs.d/${host}/hosts.toml).`;
    case "wrong_name":
      return `TLS: a certificate for another name answers at ${at}. Pull by the name that it has, or give the registry one for this name.`;
    case "expired":
      return `TLS: a certificate that has expired, or is not valid yet, answers at ${at}. Renew it, or set the node's clock.`;
    case "plain_http":
      return `TLS: the node speaks HTTPS, and what answers speaks HTTP, at ${at}. Give the registry a certificate, or tell the container runtime of every node to speak HTTP with it (containerd: certs.d/${host}/hosts.toml).`;
    case "tls":
      return `TLS: no secure connection comes about at ${at}.`;
    case "invalid_name":
      return 'the image reference can\'t be read: it is "[host[:port]/]repository[:tag][@digest]", in lower case. Waiting does not help.';
    case "never_pulled":
      return "imagePullPolicy is Never, and the image is not on the node (or the Pod may not use what is there). Load it on the node, or choose IfNotPresent.";
    case "bad_signature":
      return "the node's policy asks for a signature, and the image has none that it accepts.";
    case "no_space":
      return "the node has no space left for the image.";
    case "old_format":
      return "the image is in a form that this container runtime no longer reads. Build and push it anew.";
    default:
      return "not known: the kubelet's words are all there is.";
  }
}

/** containerd says the same of a tag and of a repository: the registry may tell. */
function notFound(what: string, repository: string, host: string, registry: RegistryAnswer | undefined): string {
  switch (registry?.says) {
    case "no_such_image":
      return `there is no ${what} in repository ${repository} of ${host}. ${registry.tags} Look at the spelling, and whether it was pushed.`;
    case "no_repository":
      return `there is no repository ${repository} at ${host}. Look at the spelling, and whether it was pushed.`;
    case "found":
      return `${host} has ${what} in repository ${repository} when it is asked from here: it was pushed since, or the node asks another place, such as a mirror. The kubelet tries again within five minutes.`;
    case undefined:
      return `there is no ${what} in repository ${repository} of ${host}, or no such repository. Look at the spelling, and whether it was pushed (the data source registry_image tells the two apart).`;
  }
}

/** Whether a key is for the same host at another port. */
function isOtherPort(key: string, host: string): boolean {
  const bare = key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return bare !== host && withoutPort(bare) === withoutPort(host);
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}
