import { ICR_HOSTS, type IcrRegion, icrHost, isIcrRegion, shownIcrHosts } from "../../lib/domain/icr-hosts";

const cases: Record<string, [region: IcrRegion, host: string]> = {
  Dallas: ["us-south", "us.icr.io"],
  Washington: ["us-east", "us.icr.io"],
  London: ["eu-gb", "uk.icr.io"],
  Frankfurt: ["eu-de", "de.icr.io"],
  "Frankfurt, as the registry calls it": ["eu-central", "de.icr.io"],
  Osaka: ["jp-osa", "jp2.icr.io"],
  Madrid: ["eu-es", "es.icr.io"],
  "a label": ["ca2", "ca2.icr.io"],
  global: ["global", "icr.io"],
};

test.each(Object.entries(cases))("the host of %s", (_, [region, host]) => {
  expect([icrHost(region), icrHost(region, "private"), isIcrRegion(region)]).toEqual([host, `private.${host}`, true]);
});

test("all hosts: each once, public and private", () => {
  expect(ICR_HOSTS).toHaveLength(28);
  expect(new Set(ICR_HOSTS).size).toBe(28);
  expect(ICR_HOSTS).toEqual(
    expect.arrayContaining(["icr.io", "fr2.icr.io", "in2.icr.io", "private.icr.io", "private.jp2.icr.io"]),
  );
});

test.each(["us-south-1", "cp", "", "toString"])("fails when %j is given for a region", (region) => {
  expect(isIcrRegion(region)).toBe(false);
});

test("a state shows all hosts without those of the private network, and others as they are", () => {
  expect(shownIcrHosts(ICR_HOSTS)).toHaveLength(14);
  expect(shownIcrHosts(ICR_HOSTS).some((host) => host.startsWith("private."))).toBe(false);
  expect(shownIcrHosts(["private.us.icr.io"])).toEqual(["private.us.icr.io"]);
});
