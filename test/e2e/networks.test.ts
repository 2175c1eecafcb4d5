/** Networks as companies have them: proxies, CAs of their own, IPv6, ways to log in to a cluster; and where no credential may go. */
import { testCertificates } from "./networks/certificates";
import { testClusterLogin } from "./networks/cluster-login";
import { testCredentials } from "./networks/credentials";
import { testEnvironmentNames } from "./networks/environment";
import { testIPv6 } from "./networks/ipv6";
import { type Network, startNetwork } from "./networks/network";
import { testProxies } from "./networks/proxies";
import { testTokenRotation } from "./networks/token-rotation";

jest.setTimeout(120_000);

let started: Network;
const network = () => started;

beforeAll(async () => {
  started = await startNetwork();
});
afterEach(() => started?.tidy());
afterAll(() => started?.stop());

testProxies(network);
testCertificates(network);
testIPv6(network);
testClusterLogin(network);
testCredentials(network);
testEnvironmentNames(network);
testTokenRotation(network);
