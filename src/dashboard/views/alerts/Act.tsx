// What a person does with an alert: look after it, let it rest for a while, or say that it is put right.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../../api/client.ts';
import type { Alert } from '../../api/types.ts';
import { noteAlert } from '../../live/openWork.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon, type IconName } from '../../shared/Icon.tsx';
import { useCommand } from '../../shared/useCommand.ts';

type ActionName = 'acknowledge' | 'snooze' | 'resolve';

const ACTIONS: Readonly<
  Record<ActionName, { readonly text: string; readonly icon: IconName; readonly doing: string }>
> = {
  acknowledge: { text: 'Acknowledge', icon: 'tick', doing: 'Acknowledging…' },
  snooze: { text: 'Snooze', icon: 'clock', doing: 'Snoozing…' },
  resolve: { text: 'Resolve', icon: 'cross', doing: 'Resolving…' },
};
const HOUR_MS = 3_600_000;
const SNOOZES = [
  [HOUR_MS, '1 hour'],
  [4 * HOUR_MS, '4 hours'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '1 week'],
] as const;

export function Act({ alert }: { readonly alert: Alert }) {
  const [action, setAction] = useState<ActionName>();
  const opener = useRef<HTMLDivElement>(null);
  const last = useRef<ActionName | undefined>(undefined);
  useEffect(() => {
    if (action === undefined && last.current !== undefined)
      opener.current?.querySelector<HTMLButtonElement>(`[data-action="${last.current}"]`)?.focus();
    last.current = action;
  }, [action]);
  if (action !== undefined)
    return <Form alert={alert} action={action} close={() => setAction(undefined)} key={action} />;
  return (
    <div class="confirm-buttons" ref={opener}>
      {(Object.keys(ACTIONS) as ActionName[])
        .filter((name) => name !== 'acknowledge' || alert.state !== 'acknowledged')
        .map((name) => (
          <button type="button" class="button" data-action={name} onClick={() => setAction(name)} key={name}>
            <Icon name={ACTIONS[name].icon} /> {ACTIONS[name].text}…
          </button>
        ))}
    </div>
  );
}

function Form({
  alert: { id },
  action,
  close,
}: {
  readonly alert: Alert;
  readonly action: ActionName;
  readonly close: () => void;
}) {
  const [note, setNote] = useState('');
  const [forMs, setForMs] = useState<number>(HOUR_MS);
  const { text, doing, icon } = ACTIONS[action];
  const { state, send } = useCommand(async (key) => {
    const body = { ...(note.trim() === '' ? {} : { note: note.trim() }), ...(action === 'snooze' ? { forMs } : {}) };
    const answer = await post<Alert>(`/v1/alerts/${id}/${action}`, body, key);
    noteAlert(answer);
    return answer;
  });
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (state.kind === 'done') close();
  }, [state.kind]);
  return (
    <ConfirmForm
      icon={icon}
      text={text}
      doing={doing}
      isSending={state.kind === 'sending'}
      fault={state.kind === 'failed' ? state.fault : undefined}
      onSend={() => void send()}
      onClose={close}
    >
      <label class="field field-wide">
        <span>{action === 'resolve' ? 'What was done' : 'Note'}</span>
        <input ref={field} value={note} onInput={({ currentTarget }) => setNote(currentTarget.value)} maxLength={500} />
      </label>
      {action === 'snooze' && (
        <label class="field">
          <span>For how long</span>
          <select value={forMs} onChange={({ currentTarget }) => setForMs(Number(currentTarget.value))}>
            {SNOOZES.map(([ms, words]) => (
              <option value={ms} key={ms}>
                {words}
              </option>
            ))}
          </select>
        </label>
      )}
    </ConfirmForm>
  );
}
