import type { Problem } from "../../lib/domain/problem";
import { validateConfig } from "../../lib/provider/framework/validate-config";
import { type ObjectValue, UNKNOWN, type Value } from "../../lib/provider/framework/value";
import { pullSecret } from "../../lib/schema";

const entry = (values: { readonly [name: string]: Value }): ObjectValue => ({
  hosts: ["r.example"],
  credential_id: null,
  username: null,
  email: null,
  password_wo: null,
  password_wo_version: null,
  password_env: null,
  copy_from: null,
  ...values,
});
const copy = (values: { readonly [name: string]: Value }): ObjectValue => ({
  namespace: "default",
  name: "all-icr-io",
  hosts: null,
  ...values,
});
const withToken = entry({ credential_id: "dedicated/1" });

function config(values: { readonly [name: string]: Value }): ObjectValue {
  return {
    name: "pull",
    namespaces: ["team-a"],
    registries: [withToken],
    labels: null,
    annotations: null,
    timeouts: null,
    ...values,
  };
}

const shortly = ({ path, summary }: Problem) => ({ path, summary });
const ALLOWED =
  "Allowed are: credential_id alone; username with either password_wo or password_env; or none of them, for a public registry.";

describe("registry_pull_secret: what is taken", () => {
  const cases: Record<string, ObjectValue> = {
    "a credential by id": config({}),
    "a copy of all that another Secret has, and nothing beside it": config({
      registries: [entry({ hosts: null, copy_from: copy({}) })],
    }),
    "a copy of some hosts, of a Secret of the same name elsewhere": config({
      name: "all-icr-io",
      registries: [withToken, entry({ hosts: null, copy_from: copy({ hosts: ["us.icr.io"] }) })],
    }),
    "a source that is not known yet": config({
      registries: [entry({ hosts: null, copy_from: UNKNOWN }), entry({ hosts: null, copy_from: copy({ name: UNKNOWN }) })],
    }),
    "a password from the environment": config({
      registries: [entry({ username: "u", password_env: "REGISTRY_P", email: "a@b.c" })],
    }),
    "a write-only password with its version": config({
      registries: [entry({ username: "u", password_wo: "p", password_wo_version: 1 })],
    }),
    "a public registry beside a private one": config({ registries: [withToken, entry({ hosts: ["docker.io"] })] }),
    "a name that is not known yet": config({ name: UNKNOWN }),
    "namespaces that are not known yet": config({ namespaces: UNKNOWN }),
    "hosts that are not known yet": config({ registries: [withToken, entry({ hosts: [UNKNOWN], credential_id: UNKNOWN })] }),
    "a password that is not known yet": config({ registries: [entry({ username: "u", password_wo: UNKNOWN })] }),
    "a user name that may turn out to be null": config({ registries: [entry({ username: UNKNOWN, password_wo: UNKNOWN })] }),
    "labels and annotations": config({ labels: { "example.com/team": "x" }, annotations: { note: "any text at all!" } }),
  };
  it.each(Object.entries(cases))("%s", (_, value) => {
    expect(validateConfig(pullSecret, value)).toEqual([]);
  });
});

describe("registry_pull_secret: what is refused", () => {
  const cases: Record<string, { value: ObjectValue; problems: Problem[] }> = {
    "there are no namespaces": {
      value: config({ namespaces: [], namespace_selector: null }),
      problems: [
        {
          path: ["namespaces"],
          summary: "No namespaces",
          detail:
            "namespaces is an empty list, and namespace_selector is not set. Name at least one namespace, select them, or leave the resource out.",
        },
      ],
    },
    "namespaces are neither named nor selected": {
      value: config({ namespaces: null, namespace_selector: null }),
      problems: [
        {
          path: ["namespaces"],
          summary: "No namespaces",
          detail:
            "Neither namespaces nor namespace_selector is set. Name at least one namespace, select them, or leave the resource out.",
        },
      ],
    },
    "a selector can't match": {
      value: config({
        namespace_selector: {
          match_labels: null,
          match_expressions: [{ key: "team", operator: "Within", values: null }],
          names: ["Team-*"],
          except: null,
          include_system: null,
        },
      }),
      problems: [
        {
          path: ["namespace_selector", "names", 0],
          summary: "Invalid glob",
          detail:
            "\"Team-*\" matches no name: a glob takes lower case letters, digits, '-' and '.', '*' for any number of characters and '?' for one, such as \"team-*\".",
        },
        {
          path: ["namespace_selector", "match_expressions", 0, "operator"],
          summary: "Unknown operator",
          detail: '"Within" is none of Kubernetes\' operators: In, NotIn, Exists, DoesNotExist.',
        },
      ],
    },
    "a selector has an empty list of names, which could be taken for all": {
      value: config({
        namespace_selector: { match_labels: null, match_expressions: null, names: [], except: [], include_system: null },
      }),
      problems: [
        {
          path: ["namespace_selector", "names"],
          summary: "Empty list of names",
          detail: "names is empty, and no name matches one of none. Leave it out where every name is meant.",
        },
      ],
    },
    "there are no registries": {
      value: config({ registries: [] }),
      problems: [
        {
          path: ["registries"],
          summary: "No registries",
          detail: "registries is an empty list. Give at least one, or leave the resource out.",
        },
      ],
    },
    "an entry has no hosts": {
      value: config({ registries: [entry({ hosts: [], credential_id: "d/1" })] }),
      problems: [
        {
          path: ["registries", 0, "hosts"],
          summary: "No registry host",
          detail: 'hosts is an empty list. Give at least one registry host, such as "registry.example.com".',
        },
      ],
    },
    "two entries are for one host": {
      value: config({ registries: [withToken, entry({ hosts: ["s.example", "r.example"], credential_id: "d/2" })] }),
      problems: [
        {
          path: ["registries", 1, "hosts", 1],
          summary: "Two entries for one registry host",
          detail:
            '"r.example" stands in registries[0].hosts[0] already. A docker config JSON holds one credential per host: keep one of the two.',
        },
      ],
    },
    "two names of Docker Hub meet": {
      value: config({ registries: [entry({ hosts: ["docker.io", "index.docker.io"], credential_id: "d/1" })] }),
      problems: [
        {
          path: ["registries", 0, "hosts", 1],
          summary: "Two entries for one registry host",
          detail:
            '"index.docker.io" is the same registry as "docker.io", which stands in registries[0].hosts[0] already. A docker config JSON holds one credential per host: keep one of the two.',
        },
      ],
    },
    "a credential id stands beside a user name": {
      value: config({ registries: [entry({ credential_id: "d/1", username: "u" })] }),
      problems: [
        {
          path: ["registries", 0, "credential_id"],
          summary: "Two credentials for one registry entry",
          detail: `credential_id stands beside username. ${ALLOWED}`,
        },
      ],
    },
    "there are two passwords": {
      value: config({ registries: [entry({ username: "u", password_wo: "p", password_env: "REGISTRY_P" })] }),
      problems: [
        {
          path: ["registries", 0, "password_env"],
          summary: "Two passwords for one registry entry",
          detail: `Both password_wo and password_env are set. ${ALLOWED}`,
        },
      ],
    },
    "a user name has no password": {
      value: config({ registries: [entry({ username: "u" })] }),
      problems: [
        {
          path: ["registries", 0, "username"],
          summary: "A user name without a password",
          detail: `username is "u", and no password is set. ${ALLOWED}`,
        },
      ],
    },
    "a password has no user name": {
      value: config({ registries: [entry({ password_wo: "p" })] }),
      problems: [
        {
          path: ["registries", 0, "password_wo"],
          summary: "A password without a user name",
          detail: `password_wo is set, and username is not. ${ALLOWED}`,
        },
      ],
    },
    "a version counts nothing": {
      value: config({ registries: [entry({ username: "u", password_env: "REGISTRY_P", password_wo_version: 1 })] }),
      problems: [
        {
          path: ["registries", 0, "password_wo_version"],
          summary: "A version without a write-only password",
          detail: "password_wo_version counts the changes of password_wo, which is not set. Set both, or neither.",
        },
      ],
    },
    "a copy stands beside hosts": {
      value: config({ registries: [entry({ copy_from: copy({}) })] }),
      problems: [
        {
          path: ["registries", 0, "hosts"],
          summary: "Hosts of a copy",
          detail:
            "hosts stands beside copy_from, whose Secret says which hosts it is for. To copy some of them alone, name them in copy_from.hosts.",
        },
      ],
    },
    "a copy stands beside a credential": {
      value: config({ registries: [entry({ hosts: null, credential_id: "dedicated/1", copy_from: copy({}) })] }),
      problems: [
        {
          path: ["registries", 0, "copy_from"],
          summary: "Two credentials for one registry entry",
          detail: "copy_from stands beside a credential. Make two entries of them, or leave one out.",
        },
      ],
    },
    "a copy names no host, or brings an e-mail address": {
      value: config({
        registries: [
          entry({ hosts: null, copy_from: copy({ hosts: [] }) }),
          entry({ hosts: null, email: "a@b.c", copy_from: copy({ name: "other" }) }),
        ],
      }),
      problems: [
        {
          path: ["registries", 0, "copy_from", "hosts"],
          summary: "No registry host",
          detail: "hosts is an empty list. Name the hosts to copy, or leave it out to copy all of them.",
        },
        {
          path: ["registries", 1, "email"],
          summary: "An e-mail address of a copy",
          detail: "email stands beside copy_from, whose Secret has it or has none. Leave it out.",
        },
      ],
    },
    "a copied host stands in another entry": {
      value: config({ registries: [withToken, entry({ hosts: null, copy_from: copy({ hosts: ["s.example", "r.example"] }) })] }),
      problems: [
        {
          path: ["registries", 1, "copy_from", "hosts", 1],
          summary: "Two entries for one registry host",
          detail:
            '"r.example" stands in registries[0].hosts[0] already. A docker config JSON holds one credential per host: keep one of the two.',
        },
      ],
    },
    "a Secret would be copied into itself": {
      value: config({
        namespaces: ["team-a", "default"],
        registries: [entry({ hosts: null, copy_from: copy({ name: "pull" }) })],
      }),
      problems: [
        {
          path: ["registries", 0, "copy_from"],
          summary: "A copy of itself",
          detail:
            'copy_from names the Secret "pull" in namespace "default", which this resource writes itself. Name another source, give this pull secret another name, or leave that namespace out of namespaces.',
        },
      ],
    },
    "an entry has neither hosts nor a source": {
      value: config({ registries: [entry({ hosts: null, credential_id: "dedicated/1" })] }),
      problems: [
        {
          path: ["registries", 0, "hosts"],
          summary: "No registry host",
          detail:
            'hosts is not set. Give at least one registry host, such as "registry.example.com", or copy_from, which brings its hosts along.',
        },
      ],
    },
    "no registry needs a credential": {
      value: config({ registries: [entry({}), entry({ hosts: ["s.example"] })] }),
      problems: [
        {
          path: ["registries"],
          summary: "No registry needs a credential",
          detail:
            "None of the entries has a credential, so the Secret would be empty. Public registries need no pull secret: leave the resource out.",
        },
      ],
    },
  };
  it.each(Object.entries(cases))("fails when %s", (_, { value, problems }) => {
    expect(validateConfig(pullSecret, value)).toEqual(problems);
  });

  const single: Record<string, { value: ObjectValue; problem: { path: readonly (string | number)[]; summary: string } }> = {
    "the name is invalid": { value: config({ name: "Pull" }), problem: { path: ["name"], summary: "Invalid object name" } },
    "a namespace's name is invalid": {
      value: config({ namespaces: ["team-a", "Team B"] }),
      problem: { path: ["namespaces", 1], summary: "Invalid namespace name" },
    },
    "a host has a scheme": {
      value: config({ registries: [entry({ hosts: ["https://r.example"], credential_id: "d/1" })] }),
      problem: { path: ["registries", 0, "hosts", 0], summary: "Invalid registry host" },
    },
    "a password is empty": {
      value: config({ registries: [entry({ username: "u", password_wo: "" })] }),
      problem: { path: ["registries", 0, "password_wo"], summary: "Empty password" },
    },
    "a user name is empty": {
      value: config({ registries: [entry({ username: "", password_wo: "p" })] }),
      problem: { path: ["registries", 0, "username"], summary: "Invalid user name" },
    },
    "a user name has a colon": {
      value: config({ registries: [entry({ username: "a:b", password_wo: "p" })] }),
      problem: { path: ["registries", 0, "username"], summary: "Invalid user name" },
    },
    "an e-mail address is none": {
      value: config({ registries: [entry({ credential_id: "d/1", email: "nobody" })] }),
      problem: { path: ["registries", 0, "email"], summary: "Invalid e-mail address" },
    },
    "an environment variable's name holds a dollar": {
      value: config({ registries: [entry({ username: "u", password_env: "$P" })] }),
      problem: { path: ["registries", 0, "password_env"], summary: "Invalid environment variable name" },
    },
    "a label is ours": {
      value: config({ labels: { "app.kubernetes.io/managed-by": "me" } }),
      problem: { path: ["labels", "app.kubernetes.io/managed-by"], summary: "Invalid label" },
    },
    "an annotation is ours": {
      value: config({ annotations: { "registry-access/owner": "me" } }),
      problem: { path: ["annotations", "registry-access/owner"], summary: "Invalid annotation" },
    },
    "a label's value is none": {
      value: config({ labels: { team: "a b" } }),
      problem: { path: ["labels", "team"], summary: "Invalid label" },
    },
    "a timeout is no duration": {
      value: config({ timeouts: { create: "soon", read: null, update: null, delete: null } }),
      problem: { path: ["timeouts", "create"], summary: "Invalid duration" },
    },
  };
  it.each(Object.entries(single))("fails when %s", (_, { value, problem }) => {
    expect(validateConfig(pullSecret, value).map(shortly)).toEqual([problem]);
  });
});
