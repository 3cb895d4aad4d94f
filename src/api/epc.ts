// EPCs as people send them, and as the ledger keeps them.
import { identify, isEpcHex } from '../wire/epc/decodeEpc.ts';
import { ApiFault } from './problem.ts';

/** The EPC as the ledger keeps it. Throws `bad-request` for what is not hexadecimal. */
export function canonical(epc: string): string {
  if (!isEpcHex(epc)) throw new ApiFault(400, 'bad-request', `epc: ${epc} is not hexadecimal.`);
  return identify(epc).epc;
}
