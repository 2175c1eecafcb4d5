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
  "a missing comma after a quoted value (issue 4)": [
    'Bearer realm="https://a/t" scope="x"service="s"',
    [{ scheme: "bearer", parameters: { realm: "https://a/t", scope: "x", service: "s" } }],
  ],
  "a missing comma before the next challenge (issue 4)": [
    'Basic realm="a" Bearer realm="https://a/t" NTLM',
    [
      { scheme: "basic", parameters: { realm: "a" } },
      { scheme: "bearer", parameters: { realm: "https://a/t" } },
      { scheme: "ntlm", parameters: {} },
    ],
  ],
  "a missing comma after an unquoted value, which is no realm (issue 4)": [
    'Bearer realm=https://a/t scope="x"',
    [{ scheme: "bearer", parameters: { realm: 'https://a/t scope="x"' } }],
  ],
  "capitals in an unquoted scope (issue 4)": [
    "Bearer realm=r,scope=repository:a:pull,Push",
    [{ scheme: "bearer", parameters: { realm: "r", scope: "repository:a:pull,Push" } }],
  ],
  "a scheme alone after an unquoted scope (issue 4)": [
    "Bearer realm=r,scope=repository:a:pull,push, Negotiate",
    [
      { scheme: "bearer", parameters: { realm: "r", scope: "repository:a:pull,push" } },
      { scheme: "negotiate", parameters: {} },
    ],
  ],
  "nothing goes on with a quoted value (issue 4)": [
    'Basic realm="a", b c, Bearer realm="https://a/t"',
    [
      { scheme: "basic", parameters: { realm: "a" } },
      { scheme: "b", parameters: {} },
      { scheme: "bearer", parameters: { realm: "https://a/t" } },
    ],
  ],
  empty: ["", []],
};
test.each(Object.entries(table))("%s", (_, [header, expected]) => {
  expect(parseChallenges(header)).toEqual(expected);
});

/** How many characters are looked at one by one, where the parser looks for commas and quotes. */
function countReads(header: string): number {
  let reads = 0;
  const counted = new Proxy(Object(header), {
    get(text: object, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads++;
      // Stops what would go on for hours.
      if (reads > 20 * header.length) throw new Error(`${reads} reads of ${header.length} characters`);
      const value: unknown = Reflect.get(text, name);
      return typeof value === "function" ? value.bind(text) : value;
    },
  });
  parseChallenges(counted);
  return reads;
}

test.each([['"\\'], ['""'], ['"a",'], ["a,"]])("%s many times: twice as long is twice the work (issue 4)", (piece) => {
  const [once, twice] = [countReads(piece.repeat(16_384)), countReads(piece.repeat(32_768))];
  expect(once).toBeGreaterThanOrEqual(16_384);
  expect(twice / once).toBeLessThan(2.1);
});
