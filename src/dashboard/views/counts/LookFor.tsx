// Tags that a sweep did not read: looked for by hand, and those that are not there are said to be so.
import { useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { CountTask } from '../../api/work.ts';
import { OperatorField } from '../../shared/Operator.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { Failed } from '../../shared/states.tsx';
import { shortEpc, sureText } from '../../shared/text.ts';
import { useCommand } from '../../shared/useCommand.ts';

export function LookFor({ task: { site, count, task, uncertain } }: { readonly task: CountTask }) {
  const [found, setFound] = useState<ReadonlySet<string>>(new Set());
  const path = `/v1/counts/${encodeURIComponent(count)}/tasks/${task}/sweep`;
  const epcs = uncertain.map(({ epc }) => epc);
  const absent = epcs.filter((epc) => !found.has(epc));
  const send = useCommand((key) => post<CommandAnswer>(path, { site, epcs: [...found], absent }, key));
  const mark = (epc: string, isFound: boolean): void => {
    const next = new Set(found);
    if (isFound) next.add(epc);
    else next.delete(epc);
    setFound(next);
  };
  return (
    <form
      class="confirm"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void send.send();
      }}
    >
      <p class="confirm-what">Not read, which does not say that they are not there. Mark those that you find:</p>
      <ul class="count-said">
        {uncertain.map(({ epc, probability }) => (
          <li key={epc}>
            <label>
              <input
                type="checkbox"
                checked={found.has(epc)}
                onChange={({ currentTarget }) => mark(epc, currentTarget.checked)}
              />{' '}
              <span class="code" title={epc}>
                {shortEpc(epc)}
              </span>
            </label>
            <span>missing: {sureText(probability)}</span>
          </li>
        ))}
      </ul>
      <OperatorField />
      {send.state.kind === 'failed' && <Failed fault={send.state.fault} />}
      <div class="count-buttons">
        <button type="submit" class="button button-main" disabled={send.state.kind === 'sending'}>
          <Icon name="tick" /> {found.size} found, {absent.length} not there
        </button>
      </div>
    </form>
  );
}
