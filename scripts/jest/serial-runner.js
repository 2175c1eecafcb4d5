/** How `npm test` runs: a runner that takes one file at a time, and a reporter that counts for .ci/run. */
const { default: TestRunner } = require("jest-runner");

/** Jest's own runner, one test file after the other: end-to-end tests share one sandbox, and two cores. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
