// Before a decision becomes a command: what it will do in words, why, and by whom. The keys are made when it opens, so that
// confirming again after a broken connection decides nothing twice.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { asFault, newKey, post, type ApiFault } from '../../api/client.ts';
import type { CommandAnswer, DecidedOutcome, PassageJson, ReadPoint } from '../../api/types.ts';
import { ConfirmForm } from '../../shared/ConfirmForm.tsx';
import { Icon } from '../../shared/Icon.tsx';
import { countText, OUTCOME_TEXT } from '../../shared/text.ts';
import type { Result } from './Results.tsx';

/** Each waits for the next commit of the ledger, so some at a time. */
const AT_ONCE = 6;

interface Props {
  readonly passages: readonly PassageJson[];
  readonly outcome: DecidedOutcome;
  readonly point: ReadPoint | undefined;
  readonly onCancel: () => void;
  readonly onResult: (result: Result) => void;
}

export function Confirm({ passages, outcome, point, onCancel, onResult }: Props) {
  const [reason, setReason] = useState('');
  const [done, setDone] = useState<number | undefined>();
  // What was chosen when it opened: the live stream may change the list below it.
  const chosen = useMemo(() => passages.map((passage) => ({ passage, key: newKey() })), []);
  const confirm = async (): Promise<void> => {
    setDone(0);
    const transactions: string[] = [];
    const faults: ApiFault[] = [];
    const waiting = [...chosen];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        try {
          const body = { outcome, ...(reason === '' ? {} : { reason }) };
          const answer = await post<CommandAnswer>(`/v1/passages/${next.passage.id}/decision`, body, next.key);
          transactions.push(...answer.transactions);
        } catch (error) {
          faults.push(asFault(error));
        }
        setDone((before) => (before ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    onResult({
      at: Date.now(),
      readPoint: chosen[0]!.passage.readPoint,
      outcome,
      asked: chosen.length,
      transactions,
      faults,
    });
  };
  const isSending = done !== undefined;
  const what = useRef<HTMLParagraphElement>(null);
  // The button that opened it is gone. Not onto the confirming one: the key that was pressed may still be down.
  useEffect(() => what.current?.focus({ preventScroll: true }), []);
  return (
    <ConfirmForm
      icon="tick"
      text="Confirm"
      doing={`Deciding ${done} of ${chosen.length}…`}
      isSending={isSending}
      onSend={() => void confirm()}
      onClose={onCancel}
    >
      <p class="confirm-what" tabIndex={-1} ref={what}>
        <Icon name={outcome} /> Decide {countText(chosen.length, 'tag')} as <b>{OUTCOME_TEXT[outcome]}</b>:{' '}
        {consequence(outcome, point)}
      </p>
      <label class="field field-wide">
        <span>Reason (optional)</span>
        <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} maxLength={500} />
      </label>
    </ConfirmForm>
  );
}

function consequence(outcome: DecidedOutcome, point: ReadPoint | undefined): string {
  const outside = point?.outside ?? '';
  const inside = point?.inside ?? '';
  if (outcome === 'in') return `booked from ${outside} to ${inside}.`;
  if (outcome === 'out') return `booked from ${inside} to ${outside}.`;
  return 'nothing moves.';
}
