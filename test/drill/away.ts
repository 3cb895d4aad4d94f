// Postgres is away for longer than MQTT's keep-alive: first it hangs, then it is killed as often as it comes back. Gateways stay
// connected, nothing is lost, memory stays where it is, and what has waited is caught up with.
import { closeAfterTest } from '../support/cleanUp.ts';
import { startSender, type Sender } from '../support/drill.ts';
import { descendants, installSite, mebibytes, type Installation } from '../support/serviceProcess.ts';
import { eventually, passes } from '../support/wait.ts';
import { atMost, exactly, stated, type Drill } from './figure.ts';
import { count, ledgerIsThere, measure, onceEach, SITE, SITE_FILE, verified } from './history.ts';

const KEEPALIVE_SECONDS = 2;
const AWAY_MS = 8000;
const AWAY_LONG_MS = 600_000;
const GATEWAYS = 8;
/** One connection each, and one more after each of the two outages would be no storm. */
const CONNECTS_MAX = 3 * GATEWAYS;
const GROWTH_MIB_MAX = 150;

export const away: Drill = async ({ long }) => {
  const awayMs = long ? AWAY_LONG_MS : AWAY_MS;
  const home = installSite(SITE_FILE);
  const service = await home.start();
  const senders: Sender[] = [];
  for (let number = 1; number <= GATEWAYS; number++)
    senders.push(
      await startSender(service.mqttPort, { site: SITE, gateway: `gw-${number}` }, measure, {
        keepaliveSeconds: KEEPALIVE_SECONDS,
        perSecondMax: 20,
      }),
    );
  const promised = (): number => senders.reduce((sum, sender) => sum + sender.promised.size, 0);
  await eventually('there is load', () => promised() > 100);
  const before = mebibytes(service.pid);

  const hung = await hang(home, awayMs, promised);
  const afterHang = mebibytes(service.pid);
  const caughtUpMs = await timeOf(() => goesOn(promised));
  const killed = await killAsItComes(home, awayMs);
  const afterKills = mebibytes(service.pid);
  const caughtUpAgainMs = await timeOf(() => goesOn(promised));
  for (const sender of senders) await sender.finish();

  const database = await home.database();
  await ledgerIsThere(database);
  const connects = senders.reduce((sum, sender) => sum + sender.connects(), 0);
  const sent = Object.fromEntries(senders.map((sender, index) => [`gw-${index + 1}`, sender.sent()]));
  return [
    stated('Postgres hangs (SIGSTOP), then is killed whenever it is back, each', `${awayMs / 1000} s`),
    exactly('acknowledged while it hangs', 0, hung),
    stated('times that it was killed', String(killed)),
    atMost(`connects of ${GATEWAYS} gateways with keep-alive ${KEEPALIVE_SECONDS} s`, CONNECTS_MAX, connects),
    atMost(
      `memory grows from ${Math.round(before)} MiB by`,
      GROWTH_MIB_MAX,
      Math.max(0, Math.max(afterHang, afterKills) - before),
      ' MiB',
    ),
    ...(await onceEach(database, sent)),
    exactly('set aside, or told as a gap', 0, (await count(database, 'quarantine')) + (await count(database, 'gap'))),
    stated('acknowledges again after', `${seconds(caughtUpMs)} and ${seconds(caughtUpAgainMs)}`),
    await verified(home),
    exactly('the service stops with', 'exit 0', `exit ${(await service.stop()).code}`),
  ];
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

const goesOn = async (promised: () => number): Promise<void> => {
  const until = promised() + 100;
  await eventually('envelopes are acknowledged again', () => promised() > until, 90_000);
};

/** Every process of the server stands still; how many acknowledgements came meanwhile. */
async function hang(home: Installation, ms: number, promised: () => number): Promise<number> {
  const postmaster = (await home.postgresPid())!;
  const all = [postmaster, ...descendants(postmaster)];
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of all)
      try {
        process.kill(pid, name);
      } catch {
        // that one has ended by itself
      }
  };
  closeAfterTest(() => signal('SIGCONT'));
  signal('SIGSTOP');
  await passes(300); // what was on its way to the gateways arrives
  const from = promised();
  await passes(ms);
  const meanwhile = promised() - from;
  signal('SIGCONT');
  return meanwhile;
}

/** For so long, as soon as there is a server to kill; how often. */
async function killAsItComes(home: Installation, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let times = 0;
  let last: number | undefined;
  while (performance.now() < end) {
    const pid = await home.postgresPid();
    if (pid !== undefined && pid !== last) {
      last = pid;
      try {
        process.kill(pid, 'SIGKILL');
        times++;
      } catch {
        // the file of the one before
      }
    }
    await passes(100);
  }
  return times;
}
