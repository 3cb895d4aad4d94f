// Telling of alerts by mail, to a real mail server: what belongs together is one mail, and the same one however often it is sent.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceAlerts } from '../../src/config/alerts.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { HOUR_MS, iso, MINUTE_MS, SECOND_MS } from './doings.ts';
import type { TestService } from './service.ts';
import { forgetAlerts, NOON, openLowStock, rules, SECRETS, SKUS, tellBy, telling } from './telling.ts';
import { look } from './watching.ts';

let service: TestService;

beforeAll(async () => {
  service = await openLowStock();
});
beforeEach(() => forgetAlerts(service));

const tell = (alerts: ServiceAlerts, now: number): Promise<number> => tellBy(telling(service, now), alerts);

interface Letter {
  readonly id: string;
  readonly text: string;
  readonly to: readonly string[];
}

interface Box {
  readonly port: number;
  readonly got: readonly Letter[];
  /** What it did not take. */
  readonly refused: readonly Letter[];
  refuses: boolean;
}

const GONE = 'gone@example.com';

async function openMailServer(): Promise<Box> {
  const box = { port: 0, got: [] as Letter[], refused: [] as Letter[], refuses: false };
  /** A server that talks too much: it repeats what it was told, in both ways. */
  const echo = (password = ''): string => `no ${password} ${Buffer.from(`\0x\0${password}`).toString('base64')}`;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, answer) =>
      password === SECRETS.MAIL ? answer(null, { user: username }) : answer(new Error(echo(password ?? ''))),
    onRcptTo: ({ address }, _session, answer) => (address === GONE ? answer(new Error('no such mailbox')) : answer()),
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
        const [, id = ''] = /^message-id: <(.+)@tallygate>/im.exec(text) ?? [];
        const letter = { id, text, to: session.envelope.rcptTo.map(({ address }) => address) };
        (box.refuses ? box.refused : box.got).push(letter);
        return box.refuses ? answer(new Error('the mailbox is full')) : answer();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  box.port = (server.server.address() as AddressInfo).port;
  closeAfterTest(() => new Promise<void>((resolve) => server.close(resolve)));
  return box;
}

const mails = (port: number, more: object = {}): ServiceAlerts => ({
  rules,
  mails: [
    {
      id: 'shift',
      host: '127.0.0.1',
      port,
      from: 'tallygate@example.com',
      to: ['a@example.com', 'b@example.com'],
      ...more,
    },
  ],
});

/** So many more messages wait for the mail, like the first one; written at a time, due since then. */
const more = (count: number, at: number): Promise<unknown> =>
  service.database.rows(
    `insert into alert_delivery (site, id, alert, revision, channel, content, created_at, due_at)
     select site, n.id, n.id, 1, channel, jsonb_set(content, '{delivery}', to_jsonb(n.id)), $2, $2
     from (select * from alert_delivery where channel = 'shift' limit 1) d,
          (select gen_random_uuid() as id from generate_series(1, $1)) n`,
    [count, iso(at)],
  );
const changesIn = ({ text }: Letter): number => Number(/(\d+) changes of alerts/.exec(text)?.[1]);

describe('mail', () => {
  it('of a burst is one, to everybody, and says what is wrong and what to do', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port, { user: 'tallygate', passwordVariable: 'MAIL' });
    await look(service, NOON, alerts);
    await service.database.rows("delete from alert where subject = 'C-3@T1'");
    await look(service, NOON + 20 * SECOND_MS, alerts); // a bit later: it still goes with the first of them
    expect(await tell(alerts, NOON + 29 * SECOND_MS)).toBe(0);
    expect(await tell(alerts, NOON + 30 * SECOND_MS)).toBe(4);
    expect(box.got).toHaveLength(1);
    const { text, to } = box.got[0]!;
    expect(to).toEqual(['a@example.com', 'b@example.com']);
    expect(text).toMatch(/^subject: \[T1\] warning: 4 changes of alerts/im);
    for (const sku of SKUS) expect(text).toContain(`Only 1 of ${sku} is available in T1; the minimum is 10.`);
    expect(text).toContain('To do: Order 9 of it.');
  });

  it('that was refused is sent again as the same mail', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port);
    box.refuses = true;
    await look(service, NOON, alerts);
    expect(await tell(alerts, NOON + MINUTE_MS)).toBe(0);
    expect(await service.database.value<string>('select error from alert_channel')).toContain('the mailbox is full');
    box.refuses = false;
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(3);
    expect(box.got.map(({ id }) => id)).toEqual(box.refused.map(({ id }) => id));
  });

  it('that was refused is the same mail as a whole, however much came in between', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port);
    await look(service, NOON, alerts);
    await more(97, NOON);
    await more(50, NOON + 2 * SECOND_MS);
    box.refuses = true;
    await tell(alerts, NOON + MINUTE_MS);
    box.refuses = false;
    await more(160, NOON + SECOND_MS);
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(310);
    expect(box.got.map((letter) => changesIn(letter))).toEqual([150, 160]);
    expect(box.refused.map(({ id }) => id)).toEqual([box.got[0]!.id]);
  });

  it('of which two services each send a part is two mails', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port);
    await look(service, NOON, alerts);
    await more(7, NOON);
    box.refuses = true;
    await tell(alerts, NOON + MINUTE_MS);
    box.refuses = false;
    await service.database.rows("update alert_delivery set site = 'T2' where channel = 'shift' and alert = id");
    await tellBy(telling(service, NOON + HOUR_MS), alerts, ['T1']);
    await tellBy(telling(service, NOON + HOUR_MS), alerts, ['T2']);
    expect(box.got.map((letter) => changesIn(letter))).toEqual([3, 7]);
    expect(new Set([...box.got, ...box.refused].map(({ id }) => id)).size).toBe(3);
  });

  it('that is not taken for one of its recipients is told to the others, and whom it did not reach is', async () => {
    const box = await openMailServer();
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line) => void lines.push(line) });
    const alerts = mails(box.port, { to: ['a@example.com', GONE] });
    await look(service, NOON, alerts);
    expect(await tellBy({ ...telling(service, NOON + MINUTE_MS), log }, alerts)).toBe(3);
    expect(box.got).toMatchObject([{ to: ['a@example.com'] }]);
    const refused = 'refused: gone@example.com (550 no such mailbox)';
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 50, channel: 'shift', refused }]);
    expect(await service.database.rows('select error, failing_since from alert_channel')).toEqual([
      { error: refused, failing_since: null },
    ]);
  });

  it('without its password tells which variable is missing, and not a word of a secret', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port, { user: 'x', passwordVariable: 'NOT_THERE' });
    await look(service, NOON, alerts);
    await tell(alerts, NOON + MINUTE_MS);
    expect(await service.database.value('select error from alert_channel')).toBe(
      'the environment variable NOT_THERE is not set',
    );
    const wrong = mails(box.port, { user: 'x', passwordVariable: 'OPS' });
    await tell(wrong, NOON + HOUR_MS);
    expect(await service.database.value('select error from alert_channel')).toMatch(/no \*\*\* \*\*\*/);
    expect(JSON.stringify(await service.database.rows('select * from alert_channel, alert_delivery'))).not.toContain(
      SECRETS.OPS,
    );
  });
});
