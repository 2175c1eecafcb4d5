import { isUaaTrusted } from "../../lib/clients/uaa-trust";

const table: { [name: string]: [string, string, boolean] } = {
  "the same host": ["https://api.acme.example.com/uaa", "https://api.acme.example.com", true],
  "a host beside it": ["https://login.acme.example.com", "https://api.acme.example.com", true],
  "a host below that": ["https://eu.login.acme.example.com", "https://api.acme.example.com", true],
  "the domain itself": ["https://acme.example.com/uaa", "https://api.acme.example.com", true],
  "over plain HTTP": ["http://login.acme.example.com", "https://api.acme.example.com", false],
  "over plain HTTP, as the API": ["http://login.acme.example.com", "http://api.acme.example.com", true],
  "another domain": ["https://login.evil.example.com", "https://api.acme.example.com", false],
  "a host that ends alike": ["https://loginacme.example.com", "https://api.acme.example.com", false],
  "a top-level domain is nobody's": ["https://evil.com", "https://api.com", false],
  "IBM's login, for its API": ["https://iam.cloud.ibm.com/cloudfoundry/login/ng", "https://api.ng.bluemix.net", true],
  "IBM's login, for another API": ["https://iam.cloud.ibm.com", "https://api.acme.example.com", false],
  "another's login, for IBM's API": ["https://evil.example.com", "https://api.ng.bluemix.net", false],
  "IBM's login, over plain HTTP": ["http://iam.cloud.ibm.com", "https://api.ng.bluemix.net", false],
  "another address of a network": ["https://10.0.0.6", "https://10.0.0.5", false],
  "loopback for loopback": ["http://127.0.0.1:4000", "https://127.0.0.1:5000", true],
  "loopback for another machine": ["https://127.0.0.1:4000", "https://api.acme.example.com", false],
  "another machine for loopback": ["https://login.acme.example.com", "http://127.0.0.1:5000", false],
};
test.each(Object.entries(table))("%s", (_, [endpoint, api, expected]) => {
  expect(isUaaTrusted(new URL(endpoint), new URL(api))).toBe(expected);
});
