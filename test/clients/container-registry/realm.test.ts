import { isRealmTrusted } from "../../../lib/clients/container-registry/realm";

const table: { [name: string]: [string, string, boolean] } = {
  "the same host": ["https://registry.example.com/token", "registry.example.com", true],
  "the same host at another port": ["https://registry.example.com/token", "registry.example.com:5000", true],
  "the same host over plain HTTP": ["http://registry.example.com/token", "registry.example.com", false],
  "another host": ["https://evil.example.com/token", "registry.example.com", false],
  "a host that begins alike": ["https://registry.example.com.evil.com/token", "registry.example.com", false],
  "Docker Hub's": ["https://auth.docker.io/token", "index.docker.io", true],
  "Docker Hub's over plain HTTP": ["http://auth.docker.io/token", "docker.io", false],
  "Docker Hub's, for another registry": ["https://auth.docker.io/token", "registry.example.com", false],
  "loopback for loopback": ["http://127.0.0.1:4000/token", "127.0.0.1:5000", true],
  "loopback for another machine": ["http://127.0.0.1:4000/token", "registry.example.com", false],
  "another machine for loopback": ["https://evil.example.com/token", "127.0.0.1:5000", false],
};
test.each(Object.entries(table))("%s", (_, [realm, host, expected]) => {
  expect(isRealmTrusted(new URL(realm), host)).toBe(expected);
});
