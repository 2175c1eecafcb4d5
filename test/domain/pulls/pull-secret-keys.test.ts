import { type PullSecretKeys, pullSecretKeys } from "../../../lib/domain/pulls/pull-secret-keys";

const TYPE = "kubernetes.io/dockerconfigjson";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const config = (auths: object) => ({ ".dockerconfigjson": base64(JSON.stringify({ auths })) });

const cases: {
  readonly [name: string]: {
    readonly type?: string;
    readonly data?: { readonly [key: string]: string };
    readonly is: PullSecretKeys;
  };
} = {
  "two hosts, and no value of theirs": {
    data: config({ "a.example": { username: "u", password: "hunter22" }, "b.example:5000": { auth: base64("u:p") } }),
    is: { keys: ["a.example", "b.example:5000"] },
  },
  "without padding": {
    data: config({ "a.example": { auth: base64("user:pw").replace(/=+$/, "") } }),
    is: { keys: ["a.example"] },
  },
  "no auths": { data: { ".dockerconfigjson": base64("{}") }, is: { keys: [] } },
  "the older form": {
    type: "kubernetes.io/dockercfg",
    data: { ".dockercfg": base64(JSON.stringify({ "a.example": { auth: base64("u:p") } })) },
    is: { keys: ["a.example"] },
  },
  "another type": {
    type: "Opaque",
    data: config({}),
    is: { ignored: 'is of type "Opaque", which is no pull secret\'s' },
  },
  "nothing in it": { data: {}, is: { ignored: 'has nothing at ".dockerconfigjson"' } },
  "fails when it is no JSON": { data: { ".dockerconfigjson": base64("auths") }, is: { undecodable: "is no docker config JSON" } },
  "fails when an auth has no colon": {
    data: config({ "a.example": { auth: base64("nocolon") } }),
    is: { undecodable: "has an `auth` that is not base64 of `user:password`" },
  },
  "fails when an auth is not base64": {
    data: config({ "a.example": { auth: "user:password" } }),
    is: { undecodable: "has an `auth` that is not base64 of `user:password`" },
  },
};
test.each(Object.entries(cases))("%s", (_, { type = TYPE, data, is }) => {
  expect(pullSecretKeys(type, data)).toEqual(is);
});
