// Logs of Impinj's ItemTest: comment lines with //, columns separated by semicolons, decimal commas, local times with
// seven fraction digits and an offset. One read a line.
import { parseTime } from '../../src/wire/time.ts';
import type { Observation } from '../envelopes.ts';

/** Which reader and antenna of ours stands behind an antenna number of the log; undefined to leave its reads out. */
export type AntennaNames = (antenna: number) => { readonly reader: string; readonly antenna: number } | undefined;

export type ReadObservation = Extract<Observation, { kind: 'read' }>;

export interface ItemTestParser {
  /** One line of the log; undefined for comments, headers and what is no read. */
  readonly line: (text: string) => ReadObservation | undefined;
  /** Lines that are neither comment nor read. */
  readonly bad: () => number;
}

/** Where ItemTest puts things unless a header line says otherwise. */
const COLUMNS = ['Timestamp', 'EPC', 'TID', 'Antenna', 'RSSI'];

export function createItemTestParser(names: AntennaNames): ItemTestParser {
  let columns: readonly string[] = COLUMNS;
  let bad = 0;
  return {
    bad: () => bad,
    line: (text) => {
      const line = text.trim();
      if (line === '') return undefined;
      if (line.startsWith('//')) {
        const header = line
          .slice(2)
          .split(',')
          .map((name) => name.trim());
        if (header.includes('Timestamp') && header.includes('EPC')) columns = header;
        return undefined;
      }
      const fields = line.split(';');
      const field = (name: string): string => fields[columns.indexOf(name)] ?? '';
      const seenAt = parseTime(field('Timestamp'));
      const antenna = Number(field('Antenna'));
      const epc = field('EPC');
      if (Number.isNaN(seenAt) || !Number.isInteger(antenna) || !/^(?:[0-9A-Fa-f]{2}){1,64}$/u.test(epc)) {
        bad++;
        return undefined;
      }
      const source = names(antenna);
      if (source === undefined) return undefined;
      const rssi = field('RSSI');
      const rssiDbm = rssi === '' ? undefined : Number(rssi.replace(',', '.'));
      return { kind: 'read', at: seenAt, read: { ...source, epc: epc.toUpperCase(), rssiDbm, seenAt } };
    },
  };
}

/** `door-1`: every antenna under its own number; `1=door-1/3,2=door-1/4`: these, others are left out. */
export function parseAntennaNames(text: string): AntennaNames | undefined {
  if (!text.includes('=')) return /^[^\s/,]+$/u.test(text) ? (antenna) => ({ reader: text, antenna }) : undefined;
  const names = new Map<number, { reader: string; antenna: number }>();
  for (const part of text.split(',')) {
    const match = /^\s*(?<from>\d+)=(?<reader>[^\s/,]+)\/(?<to>\d+)\s*$/u.exec(part);
    if (match?.groups === undefined) return undefined;
    names.set(Number(match.groups.from), { reader: match.groups.reader!, antenna: Number(match.groups.to) });
  }
  return (antenna) => names.get(antenna);
}
