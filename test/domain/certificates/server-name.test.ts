import { checkServerName } from "../../../lib/domain/certificates/server-name";

test.each(["registry.example.com", "localhost", "REGISTRY.example.com", "my_host.example"])("%s is a server's name", (name) => {
  expect(checkServerName(name, [])).toBeUndefined();
});

test.each(["", "registry.example.com:443", "https://registry.example.com", "10.0.0.7", "a..b", "a/b", "*.example.com", "[::1]"])(
  "fails when it is %j",
  (name) => {
    expect(checkServerName(name, ["server_name"])).toMatchObject({ path: ["server_name"], summary: "Invalid server name" });
  },
);
