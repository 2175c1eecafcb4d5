import { type ClusterIdentity, describeCluster, isOtherCluster, mayBeOtherCluster } from "../../lib/domain/cluster-identity";

const ID: ClusterIdentity = { id: "u1", server: "https://a", context: "prod", ca: "h1" };

describe("isOtherCluster", () => {
  const cases: {
    readonly [name: string]: {
      former?: Partial<ClusterIdentity>;
      now?: Partial<ClusterIdentity>;
      other: boolean;
      unsure?: boolean;
    };
  } = {
    "the same": { other: false },
    "the same by its UID, wherever it is": { now: { server: "https://b", context: null, ca: "h2" }, other: false },
    "another UID at the same address": { now: { id: "u2" }, other: true },
    "no UID now, another address and CA": { now: { id: null, server: "https://b", ca: "h2" }, other: true },
    "no UID before, another address and CA": { former: { id: null }, now: { server: "https://b", ca: "h2" }, other: true },
    "no UID any more, at another address": { now: { id: null, server: "https://b" }, other: true },
    "no UID, another address alone: a tunnel": {
      former: { id: null },
      now: { id: null, server: "https://b" },
      other: false,
      unsure: true,
    },
    "the first UID, at another address": { former: { id: null }, now: { server: "https://b" }, other: false, unsure: true },
    "no UID any more, another CA alone: rotated, or rebuilt (issue 4)": {
      now: { id: null, ca: "h2" },
      other: false,
      unsure: true,
    },
    "no UID before, another CA alone": { former: { id: null }, now: { ca: "h2" }, other: false, unsure: true },
    "no UID any more, and the rest as it was": { now: { id: null }, other: false },
    "no UID, and the system's CA": {
      former: { id: null, ca: null },
      now: { id: null, server: "https://b", ca: null },
      other: false,
      unsure: true,
    },
    "nothing is remembered": { former: { id: null, server: null, context: null, ca: null }, other: false },
  };
  it.each(Object.entries(cases))("%s", (_, { former, now, other, unsure = false }) => {
    const [before, after] = [
      { ...ID, ...former },
      { ...ID, ...now },
    ];
    expect([isOtherCluster(before, after), mayBeOtherCluster(before, after)]).toEqual([other, unsure]);
  });
});

describe("describeCluster", () => {
  const cases: { readonly [text: string]: Partial<ClusterIdentity> } = {
    'the cluster u1 (https://a, context "prod")': {},
    "the cluster u1 (https://a)": { context: null },
    "the cluster u1": { server: null, context: null },
    'the cluster at https://a, context "prod"': { id: null },
    "the cluster at an address that is not known": { id: null, server: null, context: null },
  };
  it.each(Object.entries(cases))("%s", (text, identity) => expect(describeCluster({ ...ID, ...identity })).toBe(text));
});
