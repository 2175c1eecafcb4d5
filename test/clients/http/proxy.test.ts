import { findProxy } from "../../../lib/clients/http/proxy";
import { Secret } from "../../../lib/domain/secret";

const proxy = "http://proxy.example.com:3128";
const other = "http://other.example.com";
const table: { [name: string]: [string, { [name: string]: string }, [uri: string, setting: string] | undefined] } = {
  "none is set": ["https://api.example.com", {}, undefined],
  "HTTPS_PROXY for https": ["https://api.example.com", { HTTPS_PROXY: proxy }, [proxy, "HTTPS_PROXY"]],
  "https_proxy for https": ["https://api.example.com", { https_proxy: proxy }, [proxy, "https_proxy"]],
  "capitals win, as in Go": ["https://api.example.com", { https_proxy: other, HTTPS_PROXY: proxy }, [proxy, "HTTPS_PROXY"]],
  "HTTP_PROXY is not for https": ["https://api.example.com", { HTTP_PROXY: proxy }, undefined],
  "HTTP_PROXY for http": ["http://api.example.com", { HTTP_PROXY: proxy, HTTPS_PROXY: other }, [proxy, "HTTP_PROXY"]],
  "ALL_PROXY for what has none": ["https://api.example.com", { ALL_PROXY: proxy, HTTP_PROXY: other }, [proxy, "ALL_PROXY"]],
  "all_proxy for http": ["http://api.example.com", { all_proxy: proxy }, [proxy, "all_proxy"]],
  "HTTPS_PROXY before ALL_PROXY": ["https://api.example.com", { ALL_PROXY: other, https_proxy: proxy }, [proxy, "https_proxy"]],
  "an address without scheme": ["https://api.example.com", { HTTPS_PROXY: "proxy.example.com:3128" }, [proxy, "HTTPS_PROXY"]],
  "an address with spaces and a slash": ["https://api.example.com", { HTTPS_PROXY: ` ${proxy}/ ` }, [proxy, "HTTPS_PROXY"]],
  "a proxy by IPv6": ["https://api.example.com", { HTTPS_PROXY: "[fd00::1]:3128" }, ["http://[fd00::1]:3128", "HTTPS_PROXY"]],
  "an empty variable is none": ["https://api.example.com", { HTTPS_PROXY: "" }, undefined],
  "an empty variable in capitals": ["https://api.example.com", { HTTPS_PROXY: "", https_proxy: proxy }, [proxy, "https_proxy"]],
  "loopback never": ["https://127.0.0.1:6443", { HTTPS_PROXY: proxy, ALL_PROXY: proxy }, undefined],
  "loopback of IPv6 never": ["https://[::1]:6443", { HTTPS_PROXY: proxy }, undefined],
  "loopback of IPv4 in IPv6 never": ["https://[::ffff:127.0.0.1]:6443", { HTTPS_PROXY: proxy }, undefined],
  "localhost never": ["http://localhost:8080", { HTTP_PROXY: proxy }, undefined],
  "excluded by NO_PROXY": ["https://api.example.com", { HTTPS_PROXY: proxy, NO_PROXY: "example.com" }, undefined],
  "excluded by no_proxy": ["https://api.example.com", { HTTPS_PROXY: proxy, no_proxy: "example.com" }, undefined],
  "NO_PROXY before no_proxy": [
    "https://api.example.com",
    { HTTPS_PROXY: proxy, NO_PROXY: "other.com", no_proxy: "example.com" },
    [proxy, "HTTPS_PROXY"],
  ],
};
test.each(Object.entries(table))("%s", (_, [url, env, expected]) => {
  const found = findProxy(new URL(url), undefined, env);
  expect(found && [found.uri, found.setting]).toEqual(expected);
});

test("a proxy that is given counts for loopback too, whatever NO_PROXY says", () => {
  const env = { HTTPS_PROXY: other, NO_PROXY: "*" };
  expect(findProxy(new URL("https://127.0.0.1:6443"), { url: proxy, setting: "proxy_url" }, env)).toEqual({
    uri: proxy,
    address: "proxy.example.com:3128",
    setting: "proxy_url",
    fromEnvironment: false,
  });
});

test.each([
  ["http://ada:p%40ss:x@proxy:1", "ada:p@ss:x"],
  ["https://ada@proxy", "ada:"],
  ["http://:p@proxy:1", ":p"],
])("takes user name and password out of %s", (given, pair) => {
  const found = findProxy(new URL("https://api.example.com"), { url: given, setting: "proxy_url" }, {});
  expect(found?.authorization?.reveal()).toBe(`Basic ${Buffer.from(pair).toString("base64")}`);
  expect(found?.authorization).toBeInstanceOf(Secret);
  expect(found?.uri).toBe(new URL(given).origin);
});

const refused: { [name: string]: [given: string | undefined, env: { [name: string]: string }, message: string] } = {
  "is a SOCKS proxy": [
    undefined,
    { ALL_PROXY: "socks5h://ada:marker@proxy:1080" },
    'The address of the proxy in ALL_PROXY is a SOCKS proxy ("socks5h://"), which is not supported. Give it as "http://host:port" or "https://host:port", or name the hosts that need none in NO_PROXY.',
  ],
  "has no scheme": [
    "proxy.example.com:3128",
    {},
    'The address of the proxy in proxy_url has no scheme. Give it as "http://host:port" or "https://host:port".',
  ],
  "has another scheme": [
    "ftp://ada:marker@proxy",
    {},
    'The address of the proxy in proxy_url starts with "ftp://". Give it as "http://host:port" or "https://host:port".',
  ],
  "is no URL": [
    undefined,
    { https_proxy: "http://ada:marker@" },
    'The address of the proxy in https_proxy is no URL. Give it as "http://host:port" or "https://host:port", or name the hosts that need none in NO_PROXY.',
  ],
  "is an IPv6 address without brackets": [
    "http://fd00::1:3128",
    {},
    'The address of the proxy in proxy_url is no URL. An IPv6 address stands in brackets, as in "[fd00::1]:6443". Give it as "http://host:port" or "https://host:port".',
  ],
  ...Object.fromEntries(
    // The first two are URLs, of the proxy "ada".
    ["ada:1#marker", "ada:1/marker", "ada:marker?", "ada:mar\\ker", "ada/marker"].map((login) => [
      `holds ${login}, which is not encoded`,
      [
        undefined,
        { HTTPS_PROXY: `http://${login}@proxy:1` },
        'The address of the proxy in HTTPS_PROXY holds a user name or password with a "#", "/", "?" or "\\" as it is (write "%23", "%2F", "%3F" or "%5C"). Give it as "http://host:port" or "https://host:port", or name the hosts that need none in NO_PROXY.',
      ] as [undefined, { HTTPS_PROXY: string }, string],
    ]),
  ),
  "holds a bad percent sign": [
    "http://ada:mark%er@proxy:1",
    {},
    'The address of the proxy in proxy_url holds a user name or password with a "%" that is no percent-encoding (write it as "%25"). Give it as "http://host:port" or "https://host:port".',
  ],
};
test.each(Object.entries(refused))("fails when it %s", (_, [given, env, message]) => {
  expect(() =>
    findProxy(new URL("https://api.example.com"), given === undefined ? given : { url: given, setting: "proxy_url" }, env),
  ).toThrow(expect.objectContaining({ code: "invalid", message }));
});
