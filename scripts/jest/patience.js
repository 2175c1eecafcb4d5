/** A build machine may be slow: a test is stopped for hanging, not for taking its time. Speed is what `npm run bench` measures. */
jest.setTimeout(60_000);
