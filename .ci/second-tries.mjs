// A Vitest reporter that names each test which passed only at its second try.
import { say } from './steps.mjs';

export default class SecondTries {
  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky === true)
      say(`! passed only the second time: ${test.module.relativeModuleId} › ${test.fullName}`);
  }
}
