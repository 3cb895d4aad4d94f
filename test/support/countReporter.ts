// The last lines of a CI run: what passed at the second try only, how many passed, how many failed.
import type { Reporter, TestModule } from 'vitest/node';

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else skipped++;
        if (test.diagnostic()?.flaky === true)
          process.stdout.write(`passed at the second try only: ${test.fullName}\n`);
      }
      if (
        module.state() === 'failed' &&
        [...module.children.allTests()].every((test) => test.result().state !== 'failed')
      )
        failed++;
    }
    process.stdout.write(`${skipped} skipped\n${passed} passed, ${failed} failed\n`);
  }
}
