// What crossed together and is undecided: each tag with what it most likely did; some or all of them are decided at once.
import { useRef, useState } from 'preact/hooks';
import { OUTCOMES, type DecidedOutcome, type PassageJson } from '../../api/types.ts';
import { site } from '../../live/sites.ts';
import { Icon } from '../../shared/Icon.tsx';
import { countText, OUTCOME_TEXT } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { Confirm } from './Confirm.tsx';
import type { Result } from './Results.tsx';
import { Undecided, UndecidedTable } from './Undecided.tsx';

const CHOICES = OUTCOMES.filter((name): name is DecidedOutcome => name !== 'undecided');

export interface Together {
  readonly key: string;
  readonly at: number;
  readonly passages: readonly PassageJson[];
}

interface Props {
  readonly group: Together;
  readonly onResult: (result: Result) => void;
}

export function ReviewGroup({ group: { passages }, onResult }: Props) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [choice, setChoice] = useState<DecidedOutcome | undefined>();
  const article = useRef<HTMLElement>(null);
  const first = passages[0]!;
  const point = site.value!.readPoints.find(({ id }) => id === first.readPoint);
  const chosen = passages.length === 1 ? passages : passages.filter(({ id }) => !left.has(id));
  const choose = (ids: readonly string[], isChosen: boolean): void => {
    setLeft((before) => {
      const after = new Set(before);
      for (const id of ids) {
        if (isChosen) after.delete(id);
        else after.add(id);
      }
      return after;
    });
  };
  return (
    <article class="sheet review-group" aria-labelledby={`group-${first.id}`} ref={article}>
      <header class="sheet-head">
        <h2 id={`group-${first.id}`} tabIndex={-1}>
          <span class="code">{first.readPoint}</span> <Time at={first.crossedAt ?? first.lastAt} ago />
        </h2>
        <p class="review-sides">
          {point?.outside} <Icon name="movements" /> {point?.inside}
          {(first.group?.size ?? 1) > 1 && ` · ${passages.length} of ${first.group!.size} together undecided`}
        </p>
      </header>
      {passages.length === 1 ? (
        <Undecided passage={first} />
      ) : (
        <UndecidedTable passages={passages} left={left} onChoose={choose} />
      )}
      {choice === undefined ? (
        <div class="choices" role="group" aria-label={`Decide ${countText(chosen.length, 'tag')}`}>
          {passages.length > 1 && <span>Decide {countText(chosen.length, 'tag')}:</span>}
          {CHOICES.map((outcome) => (
            <button
              type="button"
              class={outcome === first.leading ? 'button is-likely' : 'button'}
              disabled={chosen.length === 0}
              onClick={() => setChoice(outcome)}
              key={outcome}
            >
              <Icon name={outcome} /> {OUTCOME_TEXT[outcome]}
            </button>
          ))}
        </div>
      ) : (
        <Confirm
          passages={chosen}
          outcome={choice}
          point={point}
          onCancel={() => {
            setChoice(undefined);
            focusHeading(article.current);
          }}
          onResult={(result) => {
            // What is decided vanishes: whoever works by keyboard goes on with the next.
            const isGone = chosen.length === passages.length && result.faults.length === 0;
            focusHeading(isGone ? nextOf(article.current) : article.current);
            setChoice(undefined);
            onResult(result);
          }}
        />
      )}
    </article>
  );
}

const nextOf = (article: HTMLElement | null): Element | null =>
  article?.nextElementSibling ?? article?.previousElementSibling ?? document.querySelector('main');

const focusHeading = (around: Element | null): void =>
  around?.querySelector<HTMLElement>('h1, h2')?.focus({ preventScroll: true });
