const { writeFileSync } = require("node:fs");

/**
 * Writes `{ passed, failed, skipped }` to the file that TEST_COUNTS_FILE names, and lists every skipped test:
 * a skipped test has its reason in its title. A file that doesn't load, and an interrupted run, count as failures.
 */
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter(({ status }) => status === "pending" || status === "todo").map(({ fullName }) => fullName),
    );
    for (const title of skipped) process.stderr.write(`skipped: ${title}\n`);
    const file = process.env.TEST_COUNTS_FILE;
    if (file === undefined || file === "") return;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (results.wasInterrupted ? 1 : 0);
    writeFileSync(file, `${JSON.stringify({ passed: results.numPassedTests, failed, skipped: skipped.length })}\n`);
  }
};
