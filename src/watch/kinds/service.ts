// The service itself: what it cannot understand, how far behind it is, whether its ledger is right, whom it cannot reach.
import { formatTime } from '../../wire/time.ts';
import type { Kinds, Look } from '../finding.ts';
import { SERVICE } from '../samples.ts';
import { spanText } from '../words.ts';
import { periodsOf, sampled } from './sampled.ts';

export const serviceKinds = {
  'quarantine-filling': {
    async find({ database, plan, now, tellsForAll }, { windowMs, messagesMax }) {
      const { rows } = await database.query<{ messages: number; code: string | null; topics: string[] | null }>({
        name: 'watch-quarantine',
        text: `select count(*) as messages, mode() within group (order by code) as code, (array_agg(distinct topic))[1:5] as topics
               from quarantine where last_at > $2 and (site = $1 or ($3 and site is null))`,
        values: [plan.site, formatTime(now - windowMs), tellsForAll],
      });
      const { messages, code, topics } = rows[0]!;
      if (messages <= messagesMax) return [];
      return [
        {
          subject: plan.site,
          confidence: 1,
          message: `More than ${messagesMax} messages in ${spanText(windowMs)} could not be understood, most of them: ${code}.`,
          suggestion:
            'Look at one of them: most often a reader that the site file does not name, or a changed format. After it is put right, replay them.',
          evidence: { messages, code, topics },
          look: `/v1/quarantine?site=${encodeURIComponent(plan.site)}`,
        },
      ];
    },
    async past({ database, plan, from, to, tellsForAll }, { windowMs, messagesMax }) {
      const { rows } = await database.query<{ received_at: number }>({
        text: `select received_at from quarantine where received_at >= $2 and received_at < $3 and (site = $1 or ($4 and site is null))
               order by received_at limit 100000`,
        values: [plan.site, formatTime(from), formatTime(to), tellsForAll],
      });
      const times = rows.map((row) => row.received_at);
      return times.flatMap((at, index) => {
        const first = times[index - messagesMax];
        return first === undefined || at - first >= windowMs
          ? []
          : [
              {
                subject: plan.site,
                from: at,
                to: at + windowMs,
                message: `More than ${messagesMax} messages in ${spanText(windowMs)} could not be understood.`,
              },
            ];
      });
    },
  },
  'journal-lag': {
    async find({ database, plan }, { rowsMax }) {
      const { rows } = await database.query<{ lag: number; recorded_at: number }>({
        name: 'watch-lag',
        text: `select h.next_offset - 1 - c.journal_offset as lag, c.recorded_at from journal_head h join cursor c using (site) where site = $1`,
        values: [plan.site],
      });
      const row = rows[0];
      if (row === undefined || row.lag <= rowsMax) return [];
      return [
        {
          subject: plan.site,
          confidence: 1,
          message: `The ledger of ${plan.site} is more than ${rowsMax} journal rows behind.`,
          suggestion:
            'Nothing is lost: it catches up when the load sinks. If the lag grows, the machine or Postgres is too slow.',
          evidence: { rows: row.lag, ledgerWrittenAt: formatTime(row.recorded_at) },
          look: '/readyz',
        },
      ];
    },
    async past(past, { rowsMax }) {
      const series = await sampled(past, { name: 'journal.lag', device: SERVICE });
      return series.flatMap(({ points }) =>
        periodsOf(past, points, ({ min }) => min > rowsMax, {
          subject: past.plan.site,
          message: `The ledger of ${past.plan.site} was more than ${rowsMax} journal rows behind.`,
        }),
      );
    },
  },
  'ledger-differs': {
    async find({ database, plan }) {
      const { rows } = await database.query<{
        verified_at: number;
        to_offset: number;
        differences: readonly unknown[];
      }>({
        name: 'watch-verification',
        text: `select verified_at, to_offset, differences from verification where site = $1 and jsonb_array_length(differences) > 0`,
        values: [plan.site],
      });
      return rows.map((row) => ({
        subject: plan.site,
        confidence: 1,
        message: `The ledger of ${plan.site} is not what its journal says: ${row.differences.length === 1 ? 'one kind' : `${row.differences.length} kinds`} of rows ${row.differences.length === 1 ? 'differs' : 'differ'}.`,
        suggestion:
          'Somebody changed tables by hand, or we have a defect. Keep a copy of the database, and send us what verify prints. It ends with the next verify that finds no difference.',
        evidence: {
          verifiedAt: formatTime(row.verified_at),
          journalOffset: row.to_offset,
          differences: row.differences,
        },
        look: `/v1/movements?site=${encodeURIComponent(plan.site)}`,
      }));
    },
    async past(past) {
      const series = await sampled(past, { name: 'ledger.differences', device: SERVICE });
      return series.flatMap(({ points }) =>
        periodsOf(past, points, ({ min }) => min > 0, {
          subject: past.plan.site,
          message: `The ledger of ${past.plan.site} was not what its journal said, as verify had found.`,
        }),
      );
    },
  },
  'channel-failing': {
    async find({ database, now, tellsForAll }: Look, { failingMs }) {
      if (!tellsForAll) return [];
      const { rows } = await database.query<{ channel: string; failing_since: number; error: string; waiting: number }>(
        {
          name: 'watch-channels',
          text: `select c.channel, c.failing_since, c.error,
                      (select count(*) from alert_delivery d where d.channel = c.channel and d.delivered_at is null) as waiting
               from alert_channel c where c.failing_since <= $1 order by c.channel`,
          values: [formatTime(now - failingMs)],
        },
      );
      return rows.map(({ channel, failing_since: since, error, waiting }) => ({
        subject: channel,
        confidence: 1,
        message: `Alerts cannot be delivered to ${channel}: ${error}`,
        suggestion:
          'Look at the receiver, and at the channel in tallygate.yaml. What waits is delivered when it works again.',
        evidence: { channel, failingSince: formatTime(since), waiting, error },
        look: '/v1/alert-channels',
      }));
    },
    async past(past, { failingMs }) {
      if (!past.tellsForAll) return [];
      const series = await sampled(past, { name: undefined, device: SERVICE });
      return series.flatMap(({ name, points }) => {
        const channel = /^channel\.(.+)\.failing$/.exec(name)?.[1];
        if (channel === undefined) return [];
        const message = `Alerts could not be delivered to ${channel} for ${spanText(failingMs)}.`;
        return periodsOf(past, points, ({ max }) => max * 1000 >= failingMs, { subject: channel, message });
      });
    },
  },
} satisfies Partial<Kinds>;
