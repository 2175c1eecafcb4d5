import { optionsAt, readTarget } from "../../../lib/clients/container-registry/other-host";

const signed = "/b%2fc/../d?X-A=1&X-A=2&sig=a+b%2Fc%2fd%20'e'~&empty";
const table: { [name: string]: [string, { path: string; rawQuery: string }] } = {
  "a signed address, as it stands there": [
    `https://s.example.com${signed}`,
    { path: "/b%2fc/../d", rawQuery: "?X-A=1&X-A=2&sig=a+b%2Fc%2fd%20'e'~&empty" },
  ],
  "the same host": [signed, { path: "/b%2fc/../d", rawQuery: "?X-A=1&X-A=2&sig=a+b%2Fc%2fd%20'e'~&empty" }],
  "no query": ["https://s.example.com/a", { path: "/a", rawQuery: "" }],
  "a port and a fragment": ["https://s.example.com:8443/a?b#c", { path: "/a", rawQuery: "?b" }],
  "a fragment with a question mark": ["https://s.example.com/a#b?c", { path: "/a", rawQuery: "" }],
  "an address in the query": ["/a?to=https://x.example.com/y", { path: "/a", rawQuery: "?to=https://x.example.com/y" }],
  "no path": ["https://s.example.com?a=1", { path: "/", rawQuery: "?a=1" }],
  "without scheme": ["//s.example.com/a?b=1", { path: "/a", rawQuery: "?b=1" }],
  "a relative path": ["../a?b=1", { path: "/v2/a/a", rawQuery: "?b=1" }],
  "what can't be sent as it is": ["https://s.example.com/a b\\c?d=é", { path: "/a%20b/c", rawQuery: "?d=%C3%A9" }],
};
test.each(Object.entries(table))("%s (issue 4)", (_, [location, expected]) => {
  expect(readTarget(location, new URL(location, "https://r.example.com/v2/a/blobs/x"))).toEqual(expected);
});

test("what identifies registry and caller in TLS goes to the registry's own address alone (issue 4)", () => {
  const given = { serverName: "r", cert: "c", key: "k", ca: "a", insecure: true };
  expect(optionsAt("https://s.example.com", "https://r.example.com", given)).toEqual({
    ca: "a",
    baseUrl: "https://s.example.com",
  });
  expect(optionsAt("https://r.example.com:9", "https://r.example.com", given)).toEqual({
    ca: "a",
    baseUrl: "https://r.example.com:9",
  });
  expect(optionsAt("https://r.example.com", "https://r.example.com:443", given)).toEqual({
    ...given,
    baseUrl: "https://r.example.com",
  });
});
