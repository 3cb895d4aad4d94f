// What was picked in a batch is sorted: each scan tells, in large letters, which order it goes to.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { PickList } from '../../api/work.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

interface Sorted {
  readonly detail: { readonly order: string; readonly sorted: number; readonly left: number; readonly toSort: number };
}

export function Sort({ pick: { id, site, lines } }: { readonly pick: PickList }) {
  const [scan, setScan] = useState('');
  const path = `/v1/picks/${encodeURIComponent(id)}/sorting`;
  const sort = useCommand((key) => post<Sorted>(path, { site, scan }, key));
  const { state } = sort;
  const toSort = lines.reduce((sum, line) => sum + Math.max(0, line.picked - line.sorted), 0);
  const said = state.kind === 'done' ? state.answer.detail : undefined;
  if (toSort === 0 && said === undefined) return null;
  return (
    <div class="sheet order-next">
      <p>
        To be sorted: <b>{numberText(said?.toSort ?? toSort)}</b>
      </p>
      {said !== undefined && (
        <p class="order-sorted" role="status">
          Put it to <b class="code">{said.order}</b>
          <span>{said.left === 0 ? 'that is all of it' : `${numberText(said.left)} more go there`}</span>
        </p>
      )}
      <form
        class="order-scan"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (scan !== '' && state.kind !== 'sending') void sort.send().then(() => setScan(''));
        }}
      >
        <label class="field">
          <span>Scan what is to be sorted, one after the other</span>
          <input value={scan} onInput={({ currentTarget }) => setScan(currentTarget.value)} autocomplete="off" />
        </label>
        <button type="submit" class="button button-main" disabled={scan === '' || state.kind === 'sending'}>
          <Icon name="tick" /> Which order?
        </button>
      </form>
      {state.kind === 'failed' && <Failed fault={state.fault} />}
    </div>
  );
}
