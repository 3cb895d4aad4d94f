// An undecided passage that no late read can change any more waits for a person, as one short text instead of some forty objects: what is
// told of it then is made of its decisions, and these are kept as they were made.
import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { KnownPassage } from './passages.ts';

/** As `packPassage` makes it: some 600 characters, each a byte. It is kept in snapshots, so who changes its form turns the old one into the new. */
export type WaitingPassage = string;

/** What nearly all of them name, as V8 writes it: it is taken for known, and so takes no room. Part of the form. */
const NAMES =
  'expected crossedBefore baselines heardFrom postAt ignoreBelow logLoudness alone rate air prior beam load course moment share size ' +
  'probability until direction in out mobility pooled basis scores reads group at decidedAt crossedAt lastAt firstAt leading undecided ' +
  'outcome portal tag';
const dictionary = Buffer.from(
  NAMES.split(' ')
    .map((name) => `"${String.fromCharCode(name.length)}${name}`)
    .join(''),
  'latin1',
);

type Content = readonly [
  epc: string,
  revision: number,
  decisions: KnownPassage['decisions'],
  told: KnownPassage['told'],
];

/** Nobody has decided it. Its id is not in it: it is known by that. */
export function packPassage({ epc, revision, decisions, told }: KnownPassage): WaitingPassage {
  const content: Content = [epc, revision, decisions, told];
  return deflateRawSync(serialize(content), { dictionary }).toString('latin1');
}

export function unpackPassage(id: string, packed: WaitingPassage): KnownPassage {
  const [epc, revision, decisions, told] = deserialize(
    inflateRawSync(Buffer.from(packed, 'latin1'), { dictionary }),
  ) as Content;
  return { id, epc, revision, decisions, told, decidedBy: undefined };
}
