// Which Chromium the tests drive. The page is tested in a real one or not at all; where there is none the suites skip by
// name, and the name says what to install.
import { existsSync } from 'node:fs';
import { describe } from 'vitest';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Undefined when there is none. `TALLYGATE_TEST_CHROMIUM` names one that is elsewhere. */
export const findChromium = (): string | undefined =>
  [process.env['TALLYGATE_TEST_CHROMIUM'], ...PLACES].find((path) => path !== undefined && existsSync(path));

const isThere = findChromium() !== undefined;

export function describePage(name: string, tests: () => void): void {
  const title = isThere ? name : `${name} (skipped: no Chromium; apt-get install chromium)`;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- both are what the caller says
  describe.skipIf(!isThere)(title, tests);
}
