// All tests. `unit` needs nothing; `store`, `flow` and `api` share one embedded Postgres, a database of its own each file;
// `system` and `page` start the whole service and so run one after the other; `page` needs a Chromium.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const isCi = process.env['CI'] !== undefined;
/**
 * Where whole processes and a browser run on a machine that does other things, a test that fails is tried once more, and
 * named if it passes then. At a desk it fails at once.
 */
const retry = isCi ? 1 : 0;

const project = (name: string, settings: Record<string, unknown>) => ({
  root,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...settings },
});

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default defineConfig({
  root,
  test: {
    projects: [
      project('unit', { include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts'], testTimeout: 20_000 }),
      project('store', { globalSetup: ['test/support/postgres.ts'], testTimeout: 60_000, hookTimeout: 60_000 }),
      project('flow', { globalSetup: ['test/support/postgres.ts'], retry, testTimeout: 60_000, hookTimeout: 60_000 }),
      project('api', { globalSetup: ['test/support/postgres.ts'], retry, testTimeout: 60_000, hookTimeout: 60_000 }),
      project('system', { retry, testTimeout: 180_000, hookTimeout: 60_000, fileParallelism: false }),
      project('page', {
        globalSetup: ['test/page/service.ts'],
        retry,
        // The machine that tests may be busy: a condition has as long as a person would wait.
        expect: { poll: { timeout: 10_000, interval: 50 } },
        testTimeout: 30_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
    ],
    maxWorkers: 2,
    reporters: isCi ? ['default', fileURLToPath(new URL('support/countReporter.ts', import.meta.url))] : ['default'],
  },
});
