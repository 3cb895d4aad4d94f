// Words of the service as a person reads them: a time in them is shown in the zone of the site.
import { Time } from './Time.tsx';

/** RFC 3339 in UTC, as the service writes it. */
const MOMENT = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

export const Words = ({ text }: { readonly text: string }) => (
  <>{text.split(MOMENT).map((part, index) => (index % 2 === 1 ? <Time at={part} key={index} /> : part))}</>
);
