import { likelyCause, type PullFacts } from "../../../lib/domain/pulls/cause";

const facts: PullFacts = {
  image: "r.example:5000/team/app:1",
  fault: "refused",
  words: "401 Unauthorized",
  namespace: "team-b",
  serviceAccount: "default",
  pullSecrets: [],
  accountSecrets: [],
};
const hub = { image: "acme/app", words: "pull access denied, repository does not exist or may require authorization" };

/** The beginning of what is said. */
const cases: { readonly [name: string]: readonly [Partial<PullFacts>, string] } = {
  "no pull secret anywhere": [
    {},
    "no pull secret is linked to ServiceAccount default in namespace team-b, and the Pod names none itself.",
  ],
  "no pull secret, and no such repository perhaps": [
    hub,
    "no pull secret is linked to ServiceAccount default in namespace team-b, and the Pod names none itself. Add the namespace to the access (registry_pull_secret and registry_service_account_patch; RegistryAccess in the constructs), or name a pull secret in the Pod. Or there is no repository acme/app: this registry does not say which.",
  ],
  "linked after the Pod was made": [
    { accountSecrets: ["pull"] },
    "the Pod was made before ServiceAccount default in namespace team-b had pull secret pull: a Pod gets them when it is made, and never later.",
  ],
  "the ServiceAccount may not be read": [
    { accountSecrets: undefined },
    "the Pod has no pull secret: it names none itself, and ServiceAccount default in namespace team-b had none when the Pod was made",
  ],
  "the ServiceAccount is gone": [
    { accountSecrets: null },
    "the Pod has no pull secret, and ServiceAccount default in namespace team-b is not there any more.",
  ],
  "listed, and not there": [
    { pullSecrets: [{ name: "pull", missing: true }] },
    "pull secret pull is listed by the Pod, but is not in namespace team-b.",
  ],
  "two are not there": [
    {
      pullSecrets: [
        { name: "a", missing: true },
        { name: "b", missing: true },
      ],
    },
    "pull secret a, b are listed by the Pod, but are not in namespace team-b. Make them there",
  ],
  "for this host, and refused": [
    { pullSecrets: [{ name: "pull", keys: ["r.example:5000"] }] },
    "the registry refuses the credential that pull secret pull holds for r.example:5000: it was revoked, has expired or is wrong, or it may not read team/app.",
  ],
  "for this host, beside one that is not there": [
    {
      pullSecrets: [
        { name: "pull", keys: ["https://r.example:5000/v2/"] },
        { name: "more", missing: true },
      ],
    },
    "the registry refuses the credential that pull secret pull holds for r.example:5000: it was revoked, has expired or is wrong, or it may not read team/app. A plan says whether a registry token of registry_token is still good; a user name with its password is only tried by a pull, or by the data source registry_image. The kubelet tries again within five minutes of a repair. The Pod also lists pull secret more, and there is none of that name in namespace team-b.",
  ],
  "for another host": [
    { pullSecrets: [{ name: "pull", keys: ["r.example", "https://user:hunter22@other.example"] }] },
    'the Pod\'s pull secrets hold no credential for r.example:5000 (pull holds r.example, https://…@other.example). The kubelet compares hosts letter by letter, and ports: "r.example:5000" is not "r.example".',
  ],
  "for another host altogether": [
    { pullSecrets: [{ name: "pull", keys: ["other.example:5000"] }] },
    "the Pod's pull secrets hold no credential for r.example:5000 (pull holds other.example:5000). Add the host to the pull secret's registries, or name a pull secret that has it.",
  ],
  "for another port": [
    { pullSecrets: [{ name: "pull", keys: ["other.example", "r.example:443"] }] },
    'the Pod\'s pull secrets hold no credential for r.example:5000 (pull holds other.example, r.example:443). The kubelet compares hosts letter by letter, and ports: "r.example:5000" is not "r.example:443".',
  ],
  "of a type that the kubelet passes over": [
    { pullSecrets: [{ name: "pull", ignored: 'is of type "Opaque", which is no pull secret\'s' }] },
    'pull secret pull is of type "Opaque", which is no pull secret\'s: the kubelet passes it over. Make it anew as a docker-registry Secret',
  ],
  "can't be decoded": [
    {
      pullSecrets: [
        { name: "pull", keys: ["r.example:5000"] },
        { name: "bad", undecodable: "is no docker config JSON" },
      ],
    },
    "pull secret bad is no docker config JSON: one such entry breaks all pulls of a Pod.",
  ],
  "the kubelet says that one can't be decoded": [
    { fault: "undecodable_secret", pullSecrets: [{ name: "pull", unseen: true }] },
    "a pull secret of the Pod can't be decoded: one such entry",
  ],
  "may not be read": [
    { pullSecrets: [{ name: "pull", unseen: true }] },
    "the credential is not accepted: it was revoked, has expired or is wrong, or pull secret pull has none for r.example:5000, or is not there. What is in it could not be looked at.",
  ],
  "no such tag": [{ fault: "not_found" }, "there is no tag 1 in repository team/app of r.example:5000, or no such repository."],
  "no such tag, as the registry says": [
    { fault: "not_found", registry: { says: "no_such_image", tags: "Its tags are 2." } },
    "there is no tag 1 in repository team/app of r.example:5000. Its tags are 2. Look at the spelling",
  ],
  "no such repository, as the registry says when it is asked": [
    { fault: "not_found", registry: { says: "no_repository" } },
    "there is no repository team/app at r.example:5000. Look at the spelling",
  ],
  "not found, and there by now": [
    { fault: "not_found", registry: { says: "found" } },
    "r.example:5000 has tag 1 in repository team/app when it is asked from here",
  ],
  "no such digest": [
    { fault: "not_found", image: `r.example/app@sha256:${"0".repeat(64)}` },
    `there is no sha256:${"0".repeat(64)} in repository app of r.example, or no such repository.`,
  ],
  "no such repository, in the registry's words": [
    { fault: "no_repository" },
    "there is no repository team/app at r.example:5000, as the registry says; some say so too where a credential may not see it.",
  ],
  "nothing answers": [{ fault: "unreachable" }, "the registry is not reached: nothing answers at r.example:5000"],
  "nothing answers where the node asks for it": [
    {
      fault: "unreachable",
      words:
        'failed to do request: Head "https://mirror.example/v2/team/app/manifests/1?ns=r.example:5000": dial tcp 10.0.0.7:443: connect: connection refused',
    },
    "the registry is not reached: nothing answers at mirror.example, where the node asks for r.example:5000.",
  ],
  "its login server is not trusted": [
    {
      fault: "unknown_authority",
      words:
        'fetch oauth token: Post \\"https://ada:hunter22@auth.example:8443/token\\": x509: certificate signed by unknown authority',
    },
    "TLS: the node does not know the authority that signed the certificate of auth.example:8443, where the node asks for r.example:5000.",
  ],
  "its mirror fails": [
    {
      fault: "server_error",
      words: "unexpected status from HEAD request to https://mirror.example/v2/team/app/manifests/1: 503 Service Unavailable",
    },
    "the registry is not well: it answers with an error of its own at mirror.example, where the node asks for r.example:5000.",
  ],
  "no such host": [{ fault: "unresolved" }, "the registry is not reached: r.example:5000 has no address"],
  "an unknown CA": [
    { fault: "unknown_authority" },
    "TLS: the node does not know the authority that signed the certificate of r.example:5000.",
  ],
  "plain HTTP": [{ fault: "plain_http" }, "TLS: the node speaks HTTPS, and what answers speaks HTTP, at r.example:5000."],
  "a name that is none": [{ fault: "invalid_name", image: "Team/App" }, "the image reference can't be read"],
  unknown: [{ fault: "unknown" }, "not known: the kubelet's words are all there is."],
};
test.each(Object.entries(cases))("%s", (_, [more, beginning]) => {
  const cause = likelyCause({ ...facts, ...more });
  expect(cause.slice(0, beginning.length)).toBe(beginning);
  expect(cause).not.toContain("hunter22");
});
