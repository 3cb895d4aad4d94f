// Who decides, for the record: sent with every command as X-Operator and kept in the ledger.
import { signal } from '@preact/signals';
import { recall, remember } from './memory.ts';

const LENGTH_MAX = 64;

export const operator = signal(recall('operator') ?? '');

export function setOperator(name: string): void {
  operator.value = name.slice(0, LENGTH_MAX);
  remember('operator', operator.value);
}

/** A header holds Latin-1 only, and fetch throws at anything else: other letters lose their marks, or are left out. */
export function operatorHeader(): Record<string, string> {
  const name = Array.from(operator.value.trim())
    .map((letter) => (letter > 'ÿ' ? letter.normalize('NFKD') : letter))
    .join('')
    .replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '');
  return name === '' ? {} : { 'x-operator': name };
}
