// The key figures of a site over a period, each with what it is made of.
import { numberText } from '../../shared/text.ts';
import { hoursText, ofText, shareText, type SiteFigures } from './kpis.ts';

interface Figure {
  readonly title: string;
  readonly value: string;
  readonly note: string;
}

const figuresOf = ({
  fill,
  perfect,
  onTime,
  cycle,
  dockToStock,
  receiving,
  accuracy,
  turnover,
  supply,
}: SiteFigures): readonly Figure[] => [
  { title: 'Fill rate, units', value: shareText(fill.units), note: `${ofText(fill.units)} left first and in time` },
  { title: 'Fill rate, lines', value: shareText(fill.lines), note: `${ofText(fill.lines)} whole` },
  { title: 'Fill rate, orders', value: shareText(fill.orders), note: `${ofText(fill.orders)} whole` },
  { title: 'On time', value: shareText(onTime), note: `${ofText(onTime)} that had a time` },
  { title: 'Perfect orders', value: shareText(perfect), note: `${ofText(perfect)}: whole, in time, nothing came back` },
  {
    title: 'Order cycle',
    value: hoursText(cycle.medianHours),
    note: `nine in ten within ${hoursText(cycle.p90Hours)}`,
  },
  {
    title: 'Dock to stock',
    value: hoursText(dockToStock.medianHours),
    note: `nine in ten of ${numberText(dockToStock.receipts)} within ${hoursText(dockToStock.p90Hours)}`,
  },
  {
    title: 'Receiving accuracy',
    value: shareText(receiving.accuracy),
    note: `${ofText(receiving.accuracy)} lines without correction`,
  },
  {
    title: 'Suppliers’ accuracy',
    value: shareText(receiving.suppliers),
    note: `${ofText(receiving.suppliers)} lines as announced`,
  },
  {
    title: 'Accuracy of records',
    value: shareText({ asked: accuracy.counted, filled: accuracy.accurate, share: accuracy.share }),
    note: `${numberText(accuracy.accurate)} of ${numberText(accuracy.counted)} right when first counted`,
  },
  ...turnover.map(({ currency, perYear, shipped, onHandMean }) => ({
    title: currency === null ? 'Turnover, units' : `Turnover, ${currency}`,
    value: perYear === null ? '–' : `${numberText(perYear)} a year`,
    note: `${numberText(shipped)} out, ${numberText(onHandMean)} there on average`,
  })),
  {
    title: 'Days of supply',
    value: supply.days === null ? '–' : numberText(supply.days),
    note: `${numberText(supply.available)} available, ${numberText(supply.demandPerDay)} a day`,
  },
];

export const Sheet = ({ of }: { readonly of: SiteFigures }) => (
  <dl class="kpis">
    {figuresOf(of).map(({ title, value, note }) => (
      <div class="kpi" key={title}>
        <dt>{title}</dt>
        <dd class="kpi-value">{value}</dd>
        <dd class="kpi-note">{note}</dd>
      </div>
    ))}
  </dl>
);
