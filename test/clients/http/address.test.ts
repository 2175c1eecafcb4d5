import { parseBaseUrl } from "../../../lib/clients/http/address";

const parse = (text: string) => parseBaseUrl(text, { allowPlainHttp: false, plainHttpSetting: undefined });

test.each(["https://[::1]", "https://[fd00::1]:6443/prefix", "http://[::1]:8080", "https://api.example.com"])(
  "takes %s",
  (text) => {
    expect(parse(text).href.replace(/\/$/, "")).toBe(text);
  },
);

const BRACKETS = ' An IPv6 address stands in brackets, as in "[fd00::1]:6443".';
const refused: { readonly [text: string]: string } = {
  "https://::1": BRACKETS,
  "https://fd00::1:6443/prefix": BRACKETS,
  "https://FD00:0:0::0001": BRACKETS,
  "https://::ffff:10.0.0.1": BRACKETS,
  "https://api.example.com:1:2": "",
  "https://": "",
  "ftp://[::1]": "",
};
test.each(Object.entries(refused))("fails when it is %s (issue 4)", (text, advice) => {
  const message = `${JSON.stringify(text)} is not a URL of a service. Give it as "https://host" or "https://host:port".${advice}`;
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "invalid", message }));
});
