import { findProxy } from "../../../lib/clients/http/proxy";

const proxy = "http://proxy.example.com:3128";
const table: { [name: string]: [string, { [name: string]: string }, string | undefined] } = {
  "none is set": ["https://api.example.com", {}, undefined],
  "HTTPS_PROXY for https": ["https://api.example.com", { HTTPS_PROXY: proxy }, proxy],
  "small letters win": ["https://api.example.com", { https_proxy: proxy, HTTPS_PROXY: "http://other" }, proxy],
  "HTTP_PROXY is not for https": ["https://api.example.com", { HTTP_PROXY: proxy }, undefined],
  "HTTP_PROXY for http": ["http://api.example.com", { HTTP_PROXY: proxy }, proxy],
  "an address without scheme": ["https://api.example.com", { HTTPS_PROXY: "proxy.example.com:3128" }, proxy],
  "an empty variable is none": ["https://api.example.com", { HTTPS_PROXY: "" }, undefined],
  "loopback never": ["https://127.0.0.1:6443", { HTTPS_PROXY: proxy }, undefined],
  "localhost never": ["http://localhost:8080", { HTTP_PROXY: proxy }, undefined],
  "NO_PROXY by name": ["https://api.example.com", { HTTPS_PROXY: proxy, NO_PROXY: "other.com, api.example.com" }, undefined],
  "NO_PROXY by domain": ["https://api.example.com", { HTTPS_PROXY: proxy, NO_PROXY: "example.com" }, undefined],
  "NO_PROXY by domain with a dot": ["https://api.example.com", { HTTPS_PROXY: proxy, NO_PROXY: ".example.com" }, undefined],
  "NO_PROXY by port": ["https://api.example.com:8443", { HTTPS_PROXY: proxy, NO_PROXY: "api.example.com:8443" }, undefined],
  "NO_PROXY of another port": ["https://api.example.com", { HTTPS_PROXY: proxy, NO_PROXY: "api.example.com:8443" }, proxy],
  "NO_PROXY of another domain with the same end": [
    "https://api.myexample.com",
    { HTTPS_PROXY: proxy, NO_PROXY: "example.com" },
    proxy,
  ],
  "NO_PROXY for all": ["https://api.example.com", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, undefined],
};
test.each(Object.entries(table))("%s", (_, [url, env, expected]) => {
  expect(findProxy(new URL(url), undefined, env)?.uri).toBe(expected);
});

test("names the setting that it comes from, and no password", () => {
  const url = new URL("https://api.example.com");
  expect(findProxy(url, "http://u:p@own:1", { HTTPS_PROXY: proxy })).toEqual({
    uri: "http://u:p@own:1",
    address: "own:1",
    setting: "proxy_url",
  });
  expect(findProxy(url, undefined, { HTTPS_PROXY: proxy })).toEqual({
    uri: proxy,
    address: "proxy.example.com:3128",
    setting: "HTTPS_PROXY",
  });
});
