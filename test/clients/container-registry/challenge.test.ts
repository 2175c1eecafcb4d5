import { parseChallenges } from "../../../lib/clients/container-registry/challenge";

const table: { [name: string]: [string, ReturnType<typeof parseChallenges>] } = {
  "as distribution sends it": [
    'Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a/b:pull,push"',
    [
      {
        scheme: "bearer",
        parameters: { realm: "https://auth.example.com/token", service: "registry", scope: "repository:a/b:pull,push" },
      },
    ],
  ],
  "blanks after commas": [
    'Bearer realm="https://a/t", service="s", scope="x"',
    [{ scheme: "bearer", parameters: { realm: "https://a/t", service: "s", scope: "x" } }],
  ],
  "no quotes": [
    "Bearer realm=https://a/t?x=1,service=s,scope=repository:a/b:pull,push",
    [{ scheme: "bearer", parameters: { realm: "https://a/t?x=1", service: "s", scope: "repository:a/b:pull,push" } }],
  ],
  "blanks around the equals sign": ['Bearer realm = "https://a/t"', [{ scheme: "bearer", parameters: { realm: "https://a/t" } }]],
  "an error beside": [
    'Bearer realm="https://a/t",error="insufficient_scope"',
    [{ scheme: "bearer", parameters: { realm: "https://a/t", error: "insufficient_scope" } }],
  ],
  "two challenges": [
    'Basic realm="Registry, private", Bearer realm="https://a/t",service="s"',
    [
      { scheme: "basic", parameters: { realm: "Registry, private" } },
      { scheme: "bearer", parameters: { realm: "https://a/t", service: "s" } },
    ],
  ],
  "OpenShift's denial": [
    'Basic realm=origin,error="access denied"',
    [{ scheme: "basic", parameters: { realm: "origin", error: "access denied" } }],
  ],
  "a scheme alone": [
    "Negotiate, Basic realm=x",
    [
      { scheme: "negotiate", parameters: {} },
      { scheme: "basic", parameters: { realm: "x" } },
    ],
  ],
  "escaped quotes": ['Basic realm="a \\"b\\""', [{ scheme: "basic", parameters: { realm: 'a "b"' } }]],
  "capitals in names": ['BEARER Realm="https://a/t"', [{ scheme: "bearer", parameters: { realm: "https://a/t" } }]],
  "token68, which is no parameter (issue 4)": [
    "Negotiate YII=, Basic realm=x",
    [
      { scheme: "negotiate", parameters: {} },
      { scheme: "basic", parameters: { realm: "x" } },
    ],
  ],
  "a scheme alone, in small letters (issue 4)": ["basic", [{ scheme: "basic", parameters: {} }]],
  "a quote that nothing closes": [
    'Basic realm="a, Bearer realm=b',
    [
      { scheme: "basic", parameters: { realm: '"a' } },
      { scheme: "bearer", parameters: { realm: "b" } },
    ],
  ],
  "a parameter that every object knows (found by fuzzing, issue 4)": [
    'Basic __proto__="a"',
    [{ scheme: "basic", parameters: JSON.parse('{"__proto__":"a"}') }],
  ],
  empty: ["", []],
};
test.each(Object.entries(table))("%s", (_, [header, expected]) => {
  expect(parseChallenges(header)).toEqual(expected);
});
