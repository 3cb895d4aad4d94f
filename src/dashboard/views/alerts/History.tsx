// What happened to an alert, and who did it; loaded when somebody asks.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../../api/client.ts';
import type { AlertWithHistory } from '../../api/types.ts';
import { Failed } from '../../shared/states.tsx';
import { wordsOf } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useLoad } from '../../shared/useLoad.ts';

export function History({ id, revision }: { readonly id: string; readonly revision: number }) {
  const place = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const details = place.current?.closest('details');
    const follow = (): void => setOpen(details?.open === true);
    details?.addEventListener('toggle', follow);
    return () => details?.removeEventListener('toggle', follow);
  }, []);
  return <div ref={place}>{isOpen && <Changes id={id} key={revision} />}</div>;
}

function Changes({ id }: { readonly id: string }) {
  const { value, fault, reload } = useLoad(`/v1/alerts/${id}`, (aborted) =>
    get<AlertWithHistory>(`/v1/alerts/${id}`, {}, aborted),
  );
  if (fault !== undefined) return <Failed fault={fault} onRetry={reload} />;
  return (
    <ol class="alert-history" aria-label="History">
      {value?.history.map(({ revision, at, change, actor, note }) => (
        <li key={revision}>
          <Time at={at} /> {wordsOf(change)} by {actor}
          {note !== null && `: ${note}`}
        </li>
      ))}
    </ol>
  );
}
