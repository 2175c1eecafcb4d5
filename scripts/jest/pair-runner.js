/** How `npm test` runs: a runner that takes two files at a time, and a reporter that counts for .ci/run. */
const { basename } = require("node:path");
const { default: TestRunner } = require("jest-runner");

/** A sandbox takes about half a gigabyte, and a Terraform run waits as much as it computes: two of them fill two cores. */
const AT_A_TIME = 2;

/** Minutes each: begun first, so that none of them is left to run alone at the end. */
const LONG = ["faults", "crashes", "engines", "pull-secret", "secretless", "fleet"];

/** Jest's own runner, two test files at a time: each end-to-end test has a sandbox of its own. */
module.exports = class PairRunner extends TestRunner {
  constructor(globalConfig, context) {
    super({ ...globalConfig, maxWorkers: Math.min(globalConfig.maxWorkers, AT_A_TIME) }, context);
  }

  async runTests(tests, ...rest) {
    const rank = ({ path }) => {
      const place = LONG.indexOf(basename(path, ".test.ts"));
      return place === -1 ? LONG.length : place;
    };
    return super.runTests(
      [...tests].sort((a, b) => rank(a) - rank(b)),
      ...rest,
    );
  }
};
