// Readers that fell silent, and clocks that are wrong. From what the engine has heard; nothing here is in a table.
import { formatTime } from '../../wire/time.ts';
import type { Kinds, Look } from '../finding.ts';
import { periodsOf, sampled } from './sampled.ts';
import { spanText } from '../words.ts';

export const deviceKinds = {
  'reader-silent': {
    async find(look, { silentMs, peersWithinMs, except }) {
      const { plan, figures, now } = look;
      const heard = new Map(figures.devices.map((one) => [one.device, one]));
      const readers = [...new Set(plan.antennas.map(({ reader }) => reader))];
      const silent = readers.filter(
        (reader) => !except.includes(reader) && now - (heard.get(reader)?.heardAt ?? figures.since) >= silentMs,
      );
      if (silent.length === 0) return [];
      const others = readers.length - 1;
      const present = readers.filter(
        (reader) => !silent.includes(reader) && now - (heard.get(reader)?.heardAt ?? 0) <= peersWithinMs,
      );
      // When nobody is heard the site sleeps, or its gateway is away, which is told of the gateway.
      if (present.length === 0) return [];
      const away = await gatewaysAway(look);
      return silent
        .filter((reader) => !away.has(heard.get(reader)?.gateway ?? ''))
        .map((reader) => {
          const last = heard.get(reader);
          const points = plan.readPoints.filter((point) => point.readers.includes(reader)).map(({ id }) => id);
          return {
            subject: reader,
            // The more of the others are heard, the less it can be that there is nothing to hear.
            confidence: present.length / others,
            message: `Reader ${reader} (${points.join(', ')}) has not been heard for ${spanText(silentMs)}, while others of the site are.`,
            suggestion: `Look at its power, its network and its antennas. Until it is back ${points.join(' and ')} may miss what passes.`,
            evidence: {
              reader,
              readPoints: points,
              lastHeardAt: last === undefined ? null : formatTime(last.heardAt),
              gateway: last?.gateway ?? null,
              heardOthers: present,
            },
            look: `/v1/telemetry?site=${encodeURIComponent(plan.site)}&device=${encodeURIComponent(reader)}`,
          };
        });
    },
    async past(past, { silentMs, peersWithinMs, except }) {
      const series = await sampled(past, { name: 'heard.ago' });
      const latest = (ms: number) => (point: { readonly max: number }) => point.max * 1000 <= ms;
      const present = new Set(
        series.flatMap(({ device, points }) => points.filter(latest(peersWithinMs)).map(({ at }) => `${device} ${at}`)),
      );
      return series
        .filter(({ device }) => !except.includes(device))
        .flatMap(({ device, points }) =>
          periodsOf(
            past,
            points,
            (point) =>
              point.min * 1000 >= silentMs &&
              series.some((other) => other.device !== device && present.has(`${other.device} ${point.at}`)),
            {
              subject: device,
              message: `Reader ${device} was not heard for ${spanText(silentMs)}, while others were.`,
            },
          ),
        );
    },
  },
  'clock-off': {
    find: ({ plan, figures }, { offsetMaxMs }) =>
      Promise.resolve(
        figures.clocks
          .filter(({ offsetMs }) => Math.abs(offsetMs) > offsetMaxMs)
          .map(({ device, offsetMs }) => ({
            subject: device,
            confidence: 1,
            message: `The clock of ${device} is ${spanText(Math.abs(offsetMs))} ${offsetMs < 0 ? 'ahead' : 'behind'}.`,
            suggestion:
              'Its times are corrected, which is as good as its delivery is prompt. Set it right, best by NTP.',
            evidence: { device, offsetMs: Math.round(offsetMs) },
            look: `/v1/gateways?site=${encodeURIComponent(plan.site)}`,
          })),
      ),
    async past(past, { offsetMaxMs }) {
      const series = await sampled(past, { name: 'clock.offset' });
      return series.flatMap(({ device, points }) =>
        periodsOf(past, points, ({ mean }) => Math.abs(mean) > offsetMaxMs, {
          subject: device,
          message: `The clock of ${device} was more than ${spanText(offsetMaxMs)} wrong.`,
        }),
      );
    },
  },
} satisfies Partial<Kinds>;

/** Gateways that are gone: their readers are silent because of them. */
async function gatewaysAway({ database, plan }: Look): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ gateway: string }>({
    name: 'watch-away',
    text: 'select gateway from gateway where site = $1 and online = false',
    values: [plan.site],
  });
  return new Set(rows.map(({ gateway }) => gateway));
}
