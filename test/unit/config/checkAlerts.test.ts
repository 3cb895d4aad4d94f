import { expect, it } from 'vitest';
import { checkServiceAlerts } from '../../../src/config/checkAlerts.ts';

it.each([
  ['https://ops.example/tallygate?for=alerts@dc1', []],
  ['https://me:hidden@ops.example/tallygate', ['alerts.webhooks.0.url']],
  ['https://token@ops.example', ['alerts.webhooks.0.url']],
])('the address of a webhook is no place for a secret: %s', (url, wrong) => {
  const reported: string[] = [];
  checkServiceAlerts({ webhooks: [{ id: 'ops', url, secretVariable: 'OPS' }] }, (path) =>
    reported.push(path.join('.')),
  );
  expect(reported).toEqual(wrong);
});
