// What gateways say of themselves: the last word of each is kept. Never held back, never in the way of reads: while
// Postgres is away only the newest status of each gateway waits.
import type { Observable } from 'rxjs';
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { isUnavailable, type Pool } from '../store/database.ts';
import { storableJson } from '../store/text.ts';
import type { StatusMessage } from './broker.ts';

const STATUS_BYTES_MAX = 65_536;
const GATEWAYS_MAX = 100_000;

export function keepStatuses(
  statuses$: Observable<StatusMessage>,
  pool: Pool,
  log: Logger,
  nap: (ms: number) => Promise<void>,
): { readonly stop: () => Promise<void> } {
  const waiting = new Map<string, StatusMessage>();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (waiting.size > 0) {
      const [key, status] = waiting.entries().next().value!;
      waiting.delete(key);
      try {
        await keep(pool, status);
      } catch (error) {
        if (!isUnavailable(error)) {
          log.warn(
            { site: status.site, gateway: status.gateway, reason: messageOf(error) },
            'a status could not be kept',
          );
          continue;
        }
        if (!waiting.has(key)) waiting.set(key, status);
        await nap(1000);
      }
    }
    running = undefined;
  };
  const subscription = statuses$.subscribe((status) => {
    const key = `${status.site}/${status.gateway}`;
    if (status.payload.length > STATUS_BYTES_MAX || (waiting.size >= GATEWAYS_MAX && !waiting.has(key))) return;
    waiting.delete(key);
    waiting.set(key, status);
    running ??= run();
  });
  return {
    async stop() {
      subscription.unsubscribe();
      await running;
    },
  };
}

async function keep(pool: Pool, { site, gateway, payload, at }: StatusMessage): Promise<void> {
  const status = parse(payload);
  await pool.query(
    `insert into gateway (site, gateway, online, status, changed_at) values ($1, $2, $3, $4, to_timestamp($5 / 1000.0))
     on conflict (site, gateway) do update set online = excluded.online, status = excluded.status, changed_at = excluded.changed_at`,
    [site, gateway, status.online, status.json, at],
  );
}

/** JSON as it is; plain text (`connected`, `connection lost`) as a text: a will need not be JSON. */
function parse(payload: Buffer): { readonly online: boolean | null; readonly json: string | null } {
  const text = payload.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    const online =
      value !== null && typeof value === 'object' && 'online' in value && typeof value.online === 'boolean'
        ? value.online
        : null;
    return { online, json: storableJson(value) };
  } catch {
    return { online: null, json: storableJson({ text: text.slice(0, 1000) }) };
  }
}
