// What each stage made of what it got, as ledger pages: the sums must add up.
import { numberText, wordsOf } from '../../shared/text.ts';
import { byLabel, sumOf, type Metrics } from './metrics.ts';

const INTAKE = 'tallygate_intake_messages_total';
const RESULTS = [
  ['fresh', 'new: journalled'],
  ['duplicate', 'had come before'],
  ['conflict', 'same number, other content'],
  ['quarantined', 'could not be understood'],
  ['ignored', 'nothing in it for us'],
  ['dropped', 'dropped'],
] as const;

export function Stages({ metrics }: { readonly metrics: Metrics }) {
  const result = (name: string): number => sumOf(metrics, INTAKE, ['result', name]);
  const received = result('received');
  const settled = RESULTS.reduce((sum, [name]) => sum + result(name), 0);
  return (
    <div class="stages">
      <Account title="Intake: messages" total={received} totalName="received">
        {[...RESULTS.map(([name, text]) => [text, result(name)] as const), ['under way', received - settled] as const]}
      </Account>
      <Account title="Passages decided" total={sumOf(metrics, 'tallygate_passages_total')} totalName="passages">
        {byLabel(metrics, 'tallygate_passages_total', 'outcome')}
      </Account>
      <Account
        title="Transactions posted"
        total={sumOf(metrics, 'tallygate_transactions_total')}
        totalName="transactions"
      >
        {byLabel(metrics, 'tallygate_transactions_total', 'type')}
      </Account>
      <Account title="Discrepancies opened" total={sumOf(metrics, 'tallygate_discrepancies_total')} totalName="opened">
        {byLabel(metrics, 'tallygate_discrepancies_total', 'kind')}
      </Account>
      <Account title="Machines, now">
        {[
          ['tags in the field of a portal', sumOf(metrics, 'tallygate_open_sightings')],
          ['items and containers known', sumOf(metrics, 'tallygate_items')],
          ['tags heard', sumOf(metrics, 'tallygate_tags')],
          ['transactions undone by later evidence', sumOf(metrics, 'tallygate_compensations_total')],
          ['MQTT connections', sumOf(metrics, 'tallygate_mqtt_connections')],
          ['refused connections and publishes', sumOf(metrics, 'tallygate_mqtt_refused')],
        ]}
      </Account>
    </div>
  );
}

interface AccountProps {
  readonly title: string;
  readonly total?: number;
  readonly totalName?: string;
  readonly children: readonly (readonly [string, number])[];
}

const Account = ({ title, total, totalName, children }: AccountProps) => (
  <table class="ledger account-table">
    <caption>{title}</caption>
    <tbody>
      {children.map(([name, count]) => (
        <tr key={name}>
          <th scope="row">{wordsOf(name)}</th>
          <td class="number">{numberText(count)}</td>
        </tr>
      ))}
      {children.length === 0 && (
        <tr>
          <td colSpan={2} class="none">
            none since the start
          </td>
        </tr>
      )}
    </tbody>
    {total !== undefined && (
      <tfoot>
        <tr class="total">
          <th scope="row">{totalName}</th>
          <td class="number">{numberText(total)}</td>
        </tr>
      </tfoot>
    )}
  </table>
);
