// Gateways: gone, behind, or with holes in what they have sent.
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Kinds } from '../finding.ts';
import { atOnce } from '../periods.ts';
import { spanText } from '../words.ts';
import { periodsOf, sampled } from './sampled.ts';

const MISSING = sqlFile(import.meta.url, 'sql/missing.sql');
const PAST_MISSING = sqlFile(import.meta.url, 'sql/pastMissing.sql');

export const gatewayKinds = {
  'gateway-offline': {
    async find({ database, plan, now }, { offlineMs, except }) {
      const { rows } = await database.query<{ gateway: string; changed_at: number; last_at: number | null }>({
        name: 'watch-offline',
        text: `select g.gateway, g.changed_at, (select max(s.last_at) from stream s where s.site = g.site and s.gateway = g.gateway) as last_at
               from gateway g where g.site = $1 and g.online = false and g.changed_at <= $2 and g.gateway <> all ($3) order by g.gateway`,
        values: [plan.site, formatTime(now - offlineMs), except],
      });
      return rows.map(({ gateway, changed_at: since, last_at: last }) => ({
        subject: gateway,
        confidence: 1,
        message: `Gateway ${gateway} is offline: nothing comes from its readers.`,
        suggestion:
          'Look at its power and its network. It keeps what it reads on its disk, and sends it when it is back. One that is retired is named under `except` of this rule.',
        evidence: { gateway, offlineSince: formatTime(since), lastEnvelopeAt: last === null ? null : formatTime(last) },
        look: `/v1/gateways?site=${encodeURIComponent(plan.site)}`,
      }));
    },
    async past(past, { offlineMs, except }) {
      const series = await sampled(past, { name: 'gateway.online' });
      return series
        .filter(({ device }) => !except.includes(device))
        .flatMap(({ device, points }) =>
          periodsOf(
            past,
            points,
            ({ max }) => max === 0,
            { subject: device, message: `Gateway ${device} was offline for ${spanText(offlineMs)}.` },
            offlineMs,
          ),
        );
    },
  },
  'gateway-behind': {
    async find({ database, plan }, { backlogMax }) {
      const { rows } = await database.query<{ gateway: string; backlog: number; oldest: unknown; dropped: unknown }>({
        name: 'watch-behind',
        text: `select gateway, (status ->> 'backlog')::numeric as backlog, status -> 'oldest' as oldest, status -> 'dropped' as dropped
               from gateway where site = $1 and online and jsonb_typeof(status -> 'backlog') = 'number'
               and (status ->> 'backlog')::numeric > $2 order by gateway`,
        values: [plan.site, backlogMax],
      });
      return rows.map(({ gateway, backlog, oldest, dropped }) => ({
        subject: gateway,
        confidence: 1,
        message: `Gateway ${gateway} is behind: more than ${backlogMax} envelopes wait in its outbox.`,
        suggestion:
          'After an outage it catches up by itself. If the backlog grows, its network or the service is too slow for what it reads.',
        evidence: { gateway, backlog, oldest, dropped },
        look: `/v1/gateways?site=${encodeURIComponent(plan.site)}`,
      }));
    },
    async past(past, { backlogMax }) {
      const series = await sampled(past, { name: 'gateway.backlog' });
      return series.flatMap(({ device, points }) =>
        periodsOf(past, points, ({ min }) => min > backlogMax, {
          subject: device,
          message: `More than ${backlogMax} envelopes waited in the outbox of gateway ${device}.`,
        }),
      );
    },
  },
  'sequence-gap': {
    async find({ database, plan, now }, { lostWithinMs, missingMin }) {
      const { rows } = await database.query<{ gateway: string; open: number; lost: number; ranges: readonly string[] }>(
        {
          name: 'watch-missing',
          text: MISSING,
          values: [plan.site, formatTime(now - lostWithinMs), missingMin],
        },
      );
      return rows.map(({ gateway, open, lost, ranges }) => ({
        subject: gateway,
        // What is open may still come; what the gateway no longer has will not.
        confidence: lost > 0 ? 1 : 0.5,
        message: `Of gateway ${gateway} ${[
          ...(open > 0 ? [`${open} ${open === 1 ? 'envelope is' : 'envelopes are'} missing`] : []),
          ...(lost > 0 ? [`${lost} will never come`] : []),
        ].join(' and ')}.`,
        suggestion:
          'Look whether it was restarted without its disk, or two gateways share one id. What passed meanwhile was not seen: count what matters.',
        evidence: { gateway, open, lost, ranges },
        look: `/v1/gaps?site=${encodeURIComponent(plan.site)}`,
      }));
    },
    async past({ database, plan, from, to }, { lostWithinMs, missingMin }) {
      const { rows } = await database.query<{ gateway: string; noticed_at: number; lost: number }>({
        text: PAST_MISSING,
        values: [plan.site, formatTime(from - lostWithinMs), formatTime(to)],
      });
      const told = rows.map(({ gateway, noticed_at: at, lost }) => ({
        subject: gateway,
        from: at,
        to: at + lostWithinMs > to ? undefined : at + lostWithinMs,
        message: `Gateway ${gateway} had lost ${lost}.`,
        count: lost,
      }));
      return atOnce(told, missingMin);
    },
  },
} satisfies Partial<Kinds>;
