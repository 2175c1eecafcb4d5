const { writeFileSync } = require("node:fs");

/** A skipped test's title ends with its reason. */
const REASON = /\(skipped: [^)]+\)/;

/**
 * Lists every skipped test, and writes `{ passed, failed, skipped }` to the file that TEST_COUNTS_FILE names.
 * A file that doesn't load, an interrupted run and a test that is skipped without a reason count as failures.
 */
module.exports = class CountReporter {
  constructor(globalConfig) {
    this.isPartial = Boolean(globalConfig.testNamePattern);
  }

  onRunComplete(_contexts, results) {
    // With `-t`, everything that doesn't match is skipped.
    if (this.isPartial) return;
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter(({ status }) => status === "pending" || status === "todo").map(({ fullName }) => fullName),
    );
    const unexplained = skipped.filter((title) => !REASON.test(title));
    for (const title of skipped) {
      process.stderr.write(`skipped: ${title}${unexplained.includes(title) ? ": no reason in its title (skipped: …)" : ""}\n`);
    }
    const file = process.env.TEST_COUNTS_FILE;
    if (file === undefined || file === "") return;
    const failed =
      results.numFailedTests + results.numRuntimeErrorTestSuites + (results.wasInterrupted ? 1 : 0) + unexplained.length;
    writeFileSync(file, `${JSON.stringify({ passed: results.numPassedTests, failed, skipped: skipped.length })}\n`);
  }
};
