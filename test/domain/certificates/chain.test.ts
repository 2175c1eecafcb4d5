import {
  type Certificate,
  faultOfCertificates,
  isFor,
  namesOf,
  readCertificate,
  readCertificates,
} from "../../../lib/domain/certificates/certificate";
import { pathOf } from "../../../lib/domain/certificates/chain";
import { createAuthority, issueCertificate, type KeyPair } from "../../../sandbox/certificates";

const made: { [name: string]: KeyPair } = {};
beforeAll(async () => {
  const root = await createAuthority("root");
  const middle = await createAuthority("middle", { parent: root });
  // The same name and another key: what a chain must not be led by.
  const twin = await createAuthority("middle", { parent: root });
  const own = await issueCertificate(middle, {
    commonName: "own",
    hosts: ["a.example.com", "*.b.example.com", "10.0.0.7", "fd00::7"],
  });
  Object.assign(made, { root, middle, twin, own, stranger: await createAuthority("stranger") });
});

const read = (name: string): Certificate => readCertificate(made[name]?.certificate ?? "");
const nameOf = ({ sha256 }: Certificate) => Object.keys(made).find((name) => read(name).sha256 === sha256);

describe("paths", () => {
  const cases: { [name: string]: [sent: string[], trusted: string[], path: string[]] } = {
    "to the topmost that was sent": [["own", "middle", "root"], [], ["own", "middle", "root"]],
    "in any order, past what belongs to nothing": [["own", "stranger", "root", "twin", "middle"], [], ["own", "middle", "root"]],
    "to a root that was not sent": [
      ["own", "middle"],
      ["stranger", "root"],
      ["own", "middle", "root"],
    ],
    "no further than to what is trusted": [["own", "middle", "root"], ["middle"], ["own", "middle"]],
    "of one that is trusted itself": [["own", "middle"], ["own"], ["own"]],
    "of one that was sent alone": [["own"], ["root"], ["own"]],
    "not by name alone": [["own", "twin", "root"], [], ["own"]],
    "of one that signed itself": [["root", "middle"], [], ["root"]],
    "of nothing": [[], [], []],
  };
  test.each(Object.entries(cases))("%s", (_, [sent, trusted, path]) => {
    expect(pathOf(sent.map(read), trusted.map(read)).map(nameOf)).toEqual(path);
  });
});

describe("certificates", () => {
  test.each<[string, boolean]>([
    ["a.example.com", true],
    ["A.example.com", true],
    ["x.b.example.com", true],
    ["b.example.com", false],
    ["x.y.b.example.com", false],
    ["10.0.0.7", true],
    ["10.0.0.8", false],
    ["fd00::7", true],
    ["[fd00::7]", true],
    ["own", false],
  ])("are for a name: %s %s", (name, expected) => {
    expect(isFor(read("own"), name)).toBe(expected);
  });

  test("say their names", () => {
    const { subject, issuer, isCa, isSelfSigned } = read("own");
    expect([namesOf(read("own")), subject, issuer, isCa, isSelfSigned]).toEqual([
      ["a.example.com", "*.b.example.com", "10.0.0.7", "FD00:0:0:0:0:0:0:7"],
      "CN=own",
      "CN=middle",
      false,
      false,
    ]);
    expect([read("root").isCa, read("root").isSelfSigned, namesOf(read("root"))]).toEqual([true, true, []]);
  });

  test("are read one by one, and faults are named", () => {
    const [root, own] = [made.root?.certificate ?? "", made.own?.certificate ?? ""];
    expect(
      readCertificates(`# a comment\n${root}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${own}`).map(nameOf),
    ).toEqual(["root", "own"]);
    expect(faultOfCertificates(`${root}\n${own.slice(0, 200)}`)).toBe("certificate 2 of 2 in it is damaged");
    expect(faultOfCertificates("nothing")).toBe("no certificate in it");
    expect(faultOfCertificates(`${root}\n${own}`)).toBeUndefined();
  });
});
