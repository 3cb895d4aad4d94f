// What people and systems say of partners: one is made or replaced whole, and dropped when nothing open names it. What documents, orders and
// loads leave out is taken from their partner; at a site that knows its partners, others are refused.
import type { Partner } from '../../infer/partnerEffects.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { Command } from '../../wire/command.ts';
import type { PartnerDocument, PartnerKind } from '../../wire/partner.ts';
import { refused } from '../requests.ts';
import type { WorkState } from '../work.ts';
import { dropPartner, partnerOf, putPartner, type Partners } from './partners.ts';

/** Partners of a site; one more is refused. */
export const PARTNERS_MAX = 50_000;

/** Decides a command about partners; undefined for any other. */
export function decidePartner(work: WorkState, command: Command, request: WorkRequest): WorkAnswer | undefined {
  const { partners } = work;
  if (command.kind !== 'partner' && command.kind !== 'drop-partner') return undefined;
  const { of, partner: id, revision } = command;
  const before = partnerOf(partners, of, id);
  if (revision !== undefined && revision !== before?.revision)
    return refused(
      'changed-meanwhile',
      before === undefined
        ? `${id} is no ${of} any more: look at it again.`
        : `${id} has revision ${before.revision} by now: look at it again.`,
    );
  if (command.kind === 'drop-partner') return drop(work, of, id, before, request);
  if (before === undefined && partners.byKey.size >= PARTNERS_MAX)
    return refused(
      'too-many-partners',
      `${PARTNERS_MAX} partners are known: drop those that nobody deals with any more.`,
    );
  const { partner, what } = enterPartner(partners, command, request.at);
  return { status: 'done', detail: { kind: of, partner: id, revision: partner.revision, result: what } };
}

/** Takes a partner as it is said; the very same again changes nothing. */
export function enterPartner(
  partners: Partners,
  { of: kind, partner: id, name = '', address, tolerance }: PartnerDocument,
  at: number,
): { readonly partner: Partner; readonly what: 'created' | 'replaced' | 'unchanged' } {
  const before = partnerOf(partners, kind, id);
  if (before?.name === name && before.address === address && before.tolerance === tolerance)
    return { partner: before, what: 'unchanged' };
  const partner = { kind, id, revision: (before?.revision ?? 0) + 1, name, address, tolerance, changedAt: at };
  putPartner(partners, partner);
  return { partner, what: before === undefined ? 'created' : 'replaced' };
}

function drop(
  work: WorkState,
  of: PartnerKind,
  id: string,
  before: Partner | undefined,
  { plan }: WorkRequest,
): WorkAnswer {
  if (before === undefined) return refused('unknown-partner', `${id} is no ${of} of ${plan.site}.`);
  const referring = whatNames(work, of, id);
  if (referring !== undefined)
    return refused('partner-in-use', `${id} cannot go: ${referring}. Wait until that is over.`);
  dropPartner(work.partners, before);
  return { status: 'done', detail: { kind: of, partner: id } };
}

/** The first open thing that names it, in words. */
function whatNames(
  { inbounds, outbound, supplierReturns, announced }: WorkState,
  of: PartnerKind,
  id: string,
): string | undefined {
  if (of === 'supplier') {
    const inbound = [...inbounds.values()].find((one) => one.supplier === id && one.endedAt === undefined);
    if (inbound !== undefined) return `the inbound document ${inbound.id} is of it`;
    const back = [...supplierReturns.byId.values()].find((one) => one.supplier === id && one.closedAt === undefined);
    return back && `the return ${back.id} goes to it`;
  }
  if (of === 'customer') {
    const order = [...outbound.orders.values()].find((one) => one.customer === id && one.endedAt === undefined);
    if (order !== undefined) return `the order ${order.id} is for it`;
    const back = [...announced.byId.values()].find((one) => one.customer === id && one.closedAt === undefined);
    return back && `the return ${back.id} comes from it`;
  }
  const load = [...outbound.loads.values()].find((one) => one.carrier === id && one.closedAt === undefined);
  return load && `the load ${load.id} goes with it`;
}

/** What a command says, with what it leaves out as its partner says it. */
export function withPartner(partners: Partners, command: Command): Command {
  if (partners.byKey.size === 0) return command;
  switch (command.kind) {
    case 'announce':
    case 'amend': {
      const { tolerance } = partnerOf(partners, 'supplier', command.supplier) ?? {};
      return command.tolerance !== undefined || tolerance === undefined ? command : { ...command, tolerance };
    }
    case 'order':
    case 'amend-order': {
      const { address } = partnerOf(partners, 'customer', command.customer) ?? {};
      return command.shipTo !== undefined || address === undefined ? command : { ...command, shipTo: address };
    }
    default:
      return command;
  }
}

/** Whom a command names, and in which field. */
function namedBy(command: Command): { readonly kind: PartnerKind; readonly id: string } | undefined {
  switch (command.kind) {
    case 'announce':
    case 'amend':
    case 'supplier-return':
      return { kind: 'supplier', id: command.supplier };
    case 'order':
    case 'quote-order':
    case 'amend-order':
    case 'announce-return':
      return { kind: 'customer', id: command.customer };
    case 'open-load':
    case 'amend-load':
      return { kind: 'carrier', id: command.carrier };
    default:
      return undefined;
  }
}

/** Why a command is not taken at a site that knows its partners; undefined when it is. */
export function refusedStranger(
  { partners }: WorkState,
  command: Command,
  { plan }: WorkRequest,
): WorkAnswer | undefined {
  if (!plan.rules.knownPartners) return undefined;
  const named = namedBy(command);
  if (named === undefined || partnerOf(partners, named.kind, named.id) !== undefined) return undefined;
  const { kind, id } = named;
  return refused(
    'unknown-partner',
    `${kind}: ${id} is no ${kind} of ${plan.site}: enter it first (PUT /v1/partners/${kind}/…), or import a file of partners.`,
  );
}
