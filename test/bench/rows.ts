// The benchmark's traffic as rows of the journal, in event time that passes as fast as they are taken.
import type { SitePlan } from '../../src/config/plan.ts';
import type { Row } from '../../src/wire/row.ts';
import { decodeEnvelope } from '../../src/wire/envelope.ts';
import { DOORS, fill, openCrossings, READS_PER_ENVELOPE, SITE, templatesOf, type Mix } from './traffic.ts';

const SPAN_MS = 100;

export interface RowsOrder {
  readonly plan: SitePlan;
  /** How many of the gateways send, and all of them together: reads a second. */
  readonly gateways: number;
  readonly readsPerSecond: number;
  readonly seconds: number;
  readonly start: number;
  readonly mix?: Mix;
}

export interface Rows {
  readonly doors: number;
  readonly rows: Iterable<Row>;
  /** Tags of pallets that have gone all their way so far. */
  readonly crossed: () => number;
}

/** A row at a time, decoded from the bytes of an envelope. */
export function rowsOf({ plan, gateways, readsPerSecond, seconds, start, mix }: RowsOrder): Rows {
  const templates = Array.from({ length: gateways }, (_, index) =>
    templatesOf(index, 'bench-epoch', 256, READS_PER_ENVELOPE, mix),
  );
  const doors = new Set(templates.flatMap((own) => own.map(({ door }) => door)));
  const crossings = Array.from({ length: DOORS }, (_, door) =>
    openCrossings(door, (readsPerSecond * DOORS) / doors.size, start, mix),
  );
  const everyMs = (READS_PER_ENVELOPE * 1000) / readsPerSecond;
  function* rows(): Generator<Row> {
    for (let number = 0; number * everyMs < seconds * 1000; number++) {
      const now = start + Math.floor(number * everyMs);
      const own = templates[number % gateways]!;
      const template = own[Math.floor(number / gateways) % own.length]!;
      const bytes = fill(template, number + 1, now, SPAN_MS, crossings[template.door]!, 'E28011');
      const { entries, sentAt } = decodeEnvelope(bytes, plan.isKnownDevice);
      const gateway = `gw-${(number % gateways) + 1}`;
      yield { kind: 'entries', site: SITE, offset: number + 1, gateway, sentAt, receivedAt: now + 5, entries };
    }
  }
  const crossed = (): number => [...doors].reduce((sum, door) => sum + crossings[door]!.crossed, 0);
  return { doors: doors.size, rows: rows(), crossed };
}
