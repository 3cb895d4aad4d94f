// Dashboards and rules under config/: they parse, name only figures that the service has, and ask the database only what it can answer.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openFigures } from '../../src/run/figures.ts';
import { postgresSink } from '../../src/telemetry/postgresSink.ts';
import { addTag, emptyTagSet } from '../../src/telemetry/tagSet.ts';
import { openMetrics } from '../../src/watch/metrics.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';

const config = (path: string): string => fileURLToPath(new URL(`../../config/${path}`, import.meta.url));
const text = (path: string): string => readFileSync(config(path), 'utf8');

interface Panel {
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr?: string; readonly rawSql?: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly do: string };
}

const dashboards = readdirSync(config('grafana/dashboards')).map(
  (file) => JSON.parse(text(`grafana/dashboards/${file}`)) as Dashboard,
);
const { groups } = parse(text('prometheus/tallygate.rules.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const panels = dashboards.flatMap((dashboard) =>
  dashboard.panels.map((panel) => [`${dashboard.title}: ${panel.title}`, panel] as const),
);

let database: TestDatabase;
/** Every series that /metrics has: those of histograms too. */
let known: ReadonlySet<string>;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  const { registry } = openFigures({
    broker: () => ({ connections: 0, heldDeliveries: 0, heldBytes: 0, refused: 0 }),
    sessions: () => ({ connected: 0, sessions: 0 }),
    waitingRows: () => 0,
    sites: () => [],
  });
  const told = (await registry.metrics()) + (await openMetrics(database.pool, 'postgres').text());
  const names = [...told.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  known = new Set([
    'up',
    ...names.flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name!],
    ),
  ]);
  const sink = postgresSink(database.pool);
  await sink.cursor('T1');
  const [tags, at] = [emptyTagSet(), Date.now() - 60_000];
  addTag(tags, 'AA');
  await sink.write({
    site: 'T1',
    from: 0,
    to: 1,
    points: {
      measures: [
        'temperature.pa',
        'gateway.backlog',
        'gateway.online',
        'heard.ago',
        'clock.offset',
        'review.waiting',
        'humidity',
      ].map((name, entry) => ({ device: 'door', name, unit: undefined, at, value: 1, offset: 1, entry })),
      rates: [{ reader: 'door', antenna: 1, at, reads: 3, withRssi: 3, rssiSumDbm: -180, rssiMaxDbm: -60, tags }],
    },
  });
});

const namesIn = (expr: string): string[] =>
  [...expr.matchAll(/\b(?:tallygate_\w+|up)\b(?!\s*[=!]~?")/g)].map(([name]) => name);

describe('dashboards', () => {
  it('have names of their own, and panels that ask something', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    const { datasources } = parse(text('grafana/provisioning/datasources/tallygate.yaml')) as {
      datasources: { uid: string }[];
    };
    const sources = datasources.map(({ uid }) => uid);
    for (const [, { datasource, targets }] of panels) {
      expect(sources).toContain(datasource.uid);
      expect(targets.length).toBeGreaterThan(0);
    }
    expect(parse(text('grafana/provisioning/dashboards/tallygate.yaml'))).toMatchObject({
      providers: [{ type: 'file' }],
    });
  });

  it.each(panels)('%s asks for what there is', async (_title, { targets }) => {
    for (const { expr, rawSql } of targets) {
      if (expr !== undefined) {
        expect(namesIn(expr).length).toBeGreaterThan(0);
        expect(namesIn(expr).filter((name) => !known.has(name))).toEqual([]);
      }
      if (rawSql === undefined) continue;
      const asked = rawSql
        .replaceAll('$__timeFrom()', "now() - interval '6 hours'")
        .replaceAll('$__timeTo()', 'now()')
        .replaceAll('$site', 'T1');
      const rows = await database.rows<{ time: unknown; metric: string; value: unknown }>(asked);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(Number(row.value)).not.toBeNaN();
    }
  });

  it('choose among sites', async () => {
    await database.rows(
      "insert into configuration (site, journal_offset, effective_at, source) values ('T1', 1, now(), '{}')",
    );
    const queries = dashboards.flatMap(({ templating }) => templating.list.map(({ query }) => query));
    expect(await Promise.all(queries.map((query) => database.rows(query)))).toEqual([[{ site: 'T1' }]]);
  });
});

describe('rules of Prometheus', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s looks at what there is, and says what to do',
    (_name, rule) => {
      expect(namesIn(rule.expr).length).toBeGreaterThan(0);
      expect(namesIn(rule.expr).filter((name) => !known.has(name))).toEqual([]);
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(?:warning|critical)$/) as string },
        annotations: { summary: expect.stringMatching(/\.$/) as string, do: expect.stringMatching(/\.$/) as string },
      });
    },
  );

  const missing =
    spawnSync('promtool', ['--version']).status === 0 ? '' : ' (promtool is not installed: apt-get install prometheus)';
  it.skipIf(missing !== '')(`and the configuration are what promtool takes${missing}`, () => {
    for (const [how, file] of [
      ['rules', 'prometheus/tallygate.rules.yml'],
      ['config', 'prometheus/prometheus.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', how!, config(file!)], { encoding: 'utf8' });
      expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
    }
  });
});
