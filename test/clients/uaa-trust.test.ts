import { isUaaTrusted } from "../../lib/clients/uaa-trust";

const table: { [name: string]: [string, string, boolean] } = {
  "the same host": ["https://api.acme.example.com/uaa", "https://api.acme.example.com", true],
  "a host beside it": ["https://login.acme.example.com", "https://api.acme.example.com", true],
  "UAA beside it": ["https://uaa.acme.example.com/", "https://api.acme.example.com", true],
  "both at a port": ["https://login.acme.example.com:8443", "https://api.acme.example.com:8443", true],
  "beside it at HTTPS' own port, which the Cloud Controller names": [
    "https://login.acme.example.com",
    "https://api.acme.example.com:8443",
    true,
  ],
  "another port than the API's (issue 4)": ["https://login.acme.example.com:8443", "https://api.acme.example.com", false],
  "the same host at another port (issue 4)": ["https://api.acme.example.com:8443", "https://api.acme.example.com", false],
  "the same host, at HTTPS' own port": ["https://api.acme.example.com", "https://api.acme.example.com:8443", true],
  "any other host beside it (issue 4)": ["https://evil.acme.example.com", "https://api.acme.example.com", false],
  "any other host and port beside it (issue 4)": ["https://evil.acme.example.com:8443", "https://api.acme.example.com", false],
  "a host below that (issue 4)": ["https://eu.login.acme.example.com", "https://api.acme.example.com", false],
  "the domain itself (issue 4)": ["https://acme.example.com/uaa", "https://api.acme.example.com", false],
  "beside a name without api. (issue 4)": ["https://evil.co.uk", "https://acme.co.uk", false],
  "the login beside a name without api. (issue 4)": ["https://login.co.uk", "https://acme.co.uk", false],
  "another customer's application (issue 4)": ["https://evil.mybluemix.net", "https://foo.mybluemix.net", false],
  "another customer's application, called login (issue 4)": ["https://login.mybluemix.net", "https://foo.mybluemix.net", false],
  "over plain HTTP": ["http://login.acme.example.com", "https://api.acme.example.com", false],
  "over plain HTTP, as the API": ["http://login.acme.example.com", "http://api.acme.example.com", true],
  "another domain": ["https://login.evil.example.com", "https://api.acme.example.com", false],
  "a host that ends alike": ["https://loginacme.example.com", "https://api.acme.example.com", false],
  "a top-level domain is nobody's": ["https://login.com", "https://api.com", false],
  "IBM's login, for its API": ["https://iam.cloud.ibm.com/cloudfoundry/login/ng", "https://api.ng.bluemix.net", true],
  "IBM's login, for another API": ["https://iam.cloud.ibm.com", "https://api.acme.example.com", false],
  "IBM's login, for a name that only looks like IBM's (issue 4)": [
    "https://iam.cloud.ibm.com",
    "https://api.ng.bluemix.net.evil.example.com",
    false,
  ],
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
