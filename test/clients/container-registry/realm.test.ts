import { isRealmTrusted } from "../../../lib/clients/container-registry/realm";

const table: { [name: string]: [string, string, boolean] } = {
  "the same host": ["https://registry.example.com/token", "registry.example.com", true],
  "the same host and port": ["https://registry.example.com:5000/token", "registry.example.com:5000", true],
  "the same host at HTTPS' own port": ["https://registry.example.com/token", "registry.example.com:5000", true],
  "the same host at another port (issue 4)": ["https://registry.example.com:9/token", "registry.example.com:5000", false],
  "the same host at another port than 443 (issue 4)": ["https://registry.example.com:9/token", "registry.example.com", false],
  "the same host over plain HTTP": ["http://registry.example.com/token", "registry.example.com", false],
  "another host": ["https://evil.example.com/token", "registry.example.com", false],
  "a host that begins alike": ["https://registry.example.com.evil.com/token", "registry.example.com", false],
  "Docker Hub's": ["https://auth.docker.io/token", "index.docker.io", true],
  "Docker Hub's over plain HTTP": ["http://auth.docker.io/token", "docker.io", false],
  "Docker Hub's, for another registry": ["https://auth.docker.io/token", "registry.example.com", false],
  "Docker Hub's at another port": ["https://auth.docker.io:8443/token", "docker.io", false],
  "anybody's, for Docker Hub": ["https://evil.example.com/token", "docker.io", false],
  "GitLab's": ["https://gitlab.com/jwt/auth", "registry.gitlab.com", true],
  "GitLab's, for another registry": ["https://gitlab.com/jwt/auth", "registry.example.com", false],
  "DigitalOcean's": ["https://api.digitalocean.com/v2/registry/auth", "registry.digitalocean.com", true],
  "IBM's": ["https://us.icr.io/oauth/token", "us.icr.io", true],
  "IBM's of another region": ["https://de.icr.io/oauth/token", "us.icr.io", false],
  "a user name in the realm": ["https://registry.example.com@evil.com/token", "registry.example.com", false],
  "a host below": ["https://auth.registry.example.com/token", "registry.example.com", false],
  "IPv6, the same address": ["https://[fd00::1]:5000/token", "[fd00::1]:5000", true],
  "IPv6, the same address at another port (issue 4)": ["https://[fd00::1]:5001/token", "[fd00::1]:5000", false],
  "IPv6, another address": ["https://[fd00::2]/token", "[fd00::1]:5000", false],
  "IPv6 over plain HTTP": ["http://[fd00::1]:5001/token", "[fd00::1]:5000", false],
  "IPv6, loopback for loopback": ["http://[::1]:4000/token", "[::1]:5000", true],
  "loopback for loopback": ["http://127.0.0.1:4000/token", "127.0.0.1:5000", true],
  "loopback for another machine": ["http://127.0.0.1:4000/token", "registry.example.com", false],
  "another machine for loopback": ["https://evil.example.com/token", "127.0.0.1:5000", false],
};
test.each(Object.entries(table))("%s", (_, [realm, host, expected]) => {
  expect(isRealmTrusted(new URL(realm), host)).toBe(expected);
});
