// The figures behind an alert, as they are: by kind they differ, so nothing here knows any of them.
import { wordsOf } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const LISTED_MAX = 5;

export const Figures = ({ evidence }: { readonly evidence: Readonly<Record<string, unknown>> }) => (
  <dl class="facts alert-facts">
    {Object.entries(evidence)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => (
        <>
          <dt key={name}>{namesOf(name)}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </>
      ))}
  </dl>
);

/** oldestSince → oldest since */
const namesOf = (name: string): string => wordsOf(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());

function Value({ value }: { readonly value: unknown }) {
  if (typeof value === 'string' && TIME.test(value)) return <Time at={value} />;
  if (Array.isArray(value)) {
    const more = value.length - LISTED_MAX;
    return (
      <span class="code">
        {value
          .slice(0, LISTED_MAX)
          .map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)))
          .join(', ')}
        {more > 0 && ` and ${more} more`}
      </span>
    );
  }
  if (typeof value === 'object' && value !== null)
    return (
      <span>
        {Object.entries(value)
          .map(([name, inner]) => `${namesOf(name)} ${String(inner)}`)
          .join(', ')}
      </span>
    );
  return <span>{String(value)}</span>;
}
