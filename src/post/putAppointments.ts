// Appointments at doors, beside the ledger, as they are after a batch.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { columns, lastOf, type EffectsBatch } from './batch.ts';

const PUT = sqlFile(import.meta.url, 'sql/putAppointments.sql');

export async function putAppointments(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = lastOf(
    effects.flatMap(({ appointments, offset }) => appointments.map((one) => ({ ...one, offset }))),
    ({ id }) => id,
  );
  if (told.length === 0) return;
  await client.query({
    name: 'put-appointments',
    text: PUT,
    values: [
      site,
      ...columns(
        told,
        (a) => a.id,
        (a) => a.door,
        (a) => a.direction,
        (a) => a.from,
        (a) => a.to,
        (a) => a.inbound ?? null,
        (a) => a.load ?? null,
        (a) => a.carrier ?? null,
        (a) => a.note ?? null,
        (a) => a.state,
        (a) => a.by,
        (a) => a.arrivedAt ?? null,
        (a) => a.leftAt ?? null,
        (a) => a.changedAt,
        (a) => a.offset,
      ),
    ],
  });
}
