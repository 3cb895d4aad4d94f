// What a schema cannot say about `carriers:`: they have names of their own, and placeholders that are known.
import { PLACEHOLDERS, type CarrierFile, type RestFile } from './carriers.ts';

type Report = (path: readonly (string | number)[], reason: string) => void;

export function checkCarriers(carriers: readonly CarrierFile[] = [], report: Report): void {
  const ids = new Set<string>();
  for (const [index, carrier] of carriers.entries()) {
    const at = ['carriers', index];
    if (ids.has(carrier.id)) report([...at, 'id'], `${carrier.id} is the name of another carrier`);
    ids.add(carrier.id);
    const services = carrier.services?.map(({ id }) => id) ?? [];
    const twice = services.findIndex((id, place) => services.indexOf(id) !== place);
    if (twice >= 0) report([...at, 'services', twice, 'id'], `${services[twice]} is the name of another service`);
    if (carrier.kind === 'rest') checkRest(carrier, at, report);
    else
      for (const field of Object.keys(carrier))
        if (!OF_ANY.has(field))
          report([...at, field], `only a carrier of the kind rest has it; ${carrier.id} is ${carrier.kind}`);
  }
}

/** What carriers of every kind have. */
const OF_ANY: ReadonlySet<string> = new Set(['id', 'kind', 'cutOff', 'days', 'services']);

function checkRest(carrier: RestFile, at: readonly (string | number)[], report: Report): void {
  if ((carrier as Partial<RestFile>).label === undefined)
    report(at, `lacks label: how a parcel is booked with ${carrier.id}`);
  const texts = textsOf(carrier);
  for (const [path, text] of texts)
    for (const [, name = ''] of text.matchAll(/\{(\w+)\}/g))
      if (!PLACEHOLDERS.some((known) => known === name))
        report([...at, ...path], `{${name}} is no placeholder; there are {${PLACEHOLDERS.join('}, {')}}`);
  if (carrier.secretVariable === undefined && texts.some(([, text]) => text.includes('{secret}')))
    report(at, '{secret} is used, but no secretVariable says where it is');
}

/** Every text in it, with where it stands. */
function textsOf(value: unknown, path: readonly (string | number)[] = []): [readonly (string | number)[], string][] {
  if (typeof value === 'string') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([name, one]) => textsOf(one, [...path, name]));
}
