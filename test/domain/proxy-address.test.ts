import { checkProxyAddress } from "../../lib/domain/proxy-address";

const AT = ["kubernetes", "proxy_url"];

it.each(["http://proxy", "HTTPS://proxy.example.com:3128/", "http://ada:p%40%23%2Fss@[fd00::1]:3128"])("takes %s", (value) => {
  expect(checkProxyAddress(value, AT)).toBeUndefined();
});

const cases: { readonly [name: string]: readonly [value: string, fault: string] } = {
  "fails when it is empty": ["", "has no scheme"],
  "fails when it has no scheme": ["ada:marker@proxy:3128", "has no scheme"],
  "fails when it is a SOCKS proxy": ["socks5://ada:marker@proxy:1080", 'is a SOCKS proxy ("socks5://"), which is not supported'],
  "fails when it has another scheme": ["ftp://ada:marker@proxy", 'starts with "ftp://"'],
  "fails when it has no host": ["http://ada:marker@", "is no URL"],
  "fails when it is an IPv6 address without brackets": [
    "http://ada:marker@fd00::1:3128",
    'is no URL. An IPv6 address stands in brackets, as in "[fd00::1]:6443"',
  ],
  "fails when its password holds a sign that ends a host": [
    "http://ada:1#marker@proxy",
    'holds a user name or password with a "#", "/", "?" or "\\" as it is (write "%23", "%2F", "%3F" or "%5C")',
  ],
  "fails when its password is not encoded": [
    "http://ada:mark%er@proxy",
    'holds a user name or password with a "%" that is no percent-encoding (write it as "%25")',
  ],
};
it.each(Object.entries(cases))("%s", (_, [value, fault]) => {
  expect(checkProxyAddress(value, AT)).toEqual({
    path: AT,
    summary: "Invalid proxy",
    detail: `The address of the proxy ${fault}. Give it as "http://host:port" or "https://host:port"; a user name and a password, if it wants them, stand before the host ("http://user:password@host:port").`,
  });
});
