// Several orders are released together, grouped as those who pick them work.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { PickMethod } from '../../api/work.ts';
import { site } from '../../live/sites.ts';
import { go } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { countText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

export const METHODS: readonly (readonly [method: PickMethod, text: string])[] = [
  ['line', 'One list, line by line'],
  ['single', 'A list for each order'],
  ['batch', 'Batch: taken at once, sorted afterwards'],
  ['cluster', 'Cluster: a tote for each order on a cart'],
  ['zone', 'A list for each zone'],
];

interface Released {
  readonly detail: { readonly pick: string; readonly wave?: string };
}

interface Props {
  readonly chosen: ReadonlySet<string>;
  readonly onDone: () => void;
}

export function Wave({ chosen, onDone }: Props) {
  const [method, setMethod] = useState<PickMethod | undefined>();
  const body = { site: site.value!.site, orders: [...chosen], ...(method === undefined ? {} : { method }) };
  const release = useCommand((key) => post<Released>('/v1/picks', body, key));
  const { state } = release;
  useEffect(() => {
    if (state.kind !== 'done') return;
    onDone();
    const { pick, wave } = state.answer.detail;
    go({ view: 'orders', part: undefined, query: wave === undefined ? { list: pick } : { state: 'lists', wave } });
  }, [state]);
  return (
    <div class="sheet order-wave">
      <form
        class="order-scan"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (state.kind !== 'sending') void release.send();
        }}
      >
        <p>
          <b>{countText(chosen.size, 'order')}</b> to be picked together
        </p>
        <label class="field">
          <span>How</span>
          <select
            value={method ?? ''}
            onChange={({ currentTarget: { value } }) => setMethod(value === '' ? undefined : (value as PickMethod))}
          >
            <option value="">As this site picks</option>
            {METHODS.map(([value, text]) => (
              <option value={value} key={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button button-main" disabled={state.kind === 'sending'}>
          <Icon name="movements" /> Release them
        </button>
      </form>
      {state.kind === 'failed' && <Failed fault={state.fault} />}
    </div>
  );
}
