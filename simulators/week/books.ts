// What the service says of one site, as API and page show it: the people of the week act on it, and the judge compares it with the truth.
import type {
  Told,
  ToldCount,
  ToldDiscrepancy,
  ToldItem,
  ToldOrder,
  ToldPassage,
  ToldPick,
  ToldPickLine,
  ToldTask,
  ToldTransfer,
} from './told.ts';

/** Something that the service told of, by itself: a discrepancy, a doubt, a wrong pick, a bin that was counted otherwise. */
export interface Telling {
  readonly id: string;
  readonly kind: string;
  readonly epc: string | undefined;
  readonly sku: string | undefined;
  readonly location: string | undefined;
  readonly readPoint: string | undefined;
  readonly order: string | undefined;
  /** When it was, and when it was told; ms. */
  readonly at: number;
  readonly toldAt: number;
  readonly message: string;
}

export interface Books {
  readonly take: (told: Told, receivedAt: number) => void;
  /** Quantity by `stockKey`, of every account. */
  readonly balances: ReadonlyMap<string, number>;
  readonly items: ReadonlyMap<string, ToldItem>;
  readonly orders: ReadonlyMap<string, ToldOrder>;
  readonly picks: ReadonlyMap<string, ToldPick & { readonly all: ReadonlyMap<number, ToldPickLine> }>;
  readonly tasks: ReadonlyMap<string, ToldTask>;
  readonly transfers: ReadonlyMap<string, ToldTransfer>;
  readonly inbounds: ReadonlyMap<string, Told['inbounds'][number]>;
  readonly passages: ReadonlyMap<string, ToldPassage>;
  readonly discrepancies: ReadonlyMap<string, ToldDiscrepancy>;
  readonly settled: ReadonlySet<string>;
  readonly doubts: ReadonlyMap<string, Told['doubts'][number]>;
  readonly countTasks: ReadonlyMap<string, ToldCount['tasks'][number]>;
  /** In the order in which they were told, each once. */
  readonly tellings: readonly Telling[];
}

/** Stock in one account: container and owner do not matter here. */
export const stockKey = (location: string, sku: string, lot: string, status: string): string =>
  `${location}|${sku}|${lot}|${status}`;

export function openBooks(): Books {
  const balances = new Map<string, number>();
  const items = new Map<string, ToldItem>();
  const orders = new Map<string, ToldOrder>();
  const picks = new Map<string, ToldPick & { readonly all: Map<number, ToldPickLine> }>();
  const tasks = new Map<string, ToldTask>();
  const transfers = new Map<string, ToldTransfer>();
  const inbounds = new Map<string, Told['inbounds'][number]>();
  const passages = new Map<string, ToldPassage>();
  const discrepancies = new Map<string, ToldDiscrepancy>();
  const settled = new Set<string>();
  const doubts = new Map<string, Told['doubts'][number]>();
  const countTasks = new Map<string, ToldCount['tasks'][number]>();
  const tellings: Telling[] = [];
  const known = new Set<string>();

  const tell = (telling: Telling): void => {
    if (known.has(telling.id)) return;
    known.add(telling.id);
    tellings.push(telling);
  };
  const add = (key: string, quantity: number): void => {
    const sum = Math.round(((balances.get(key) ?? 0) + quantity) * 10_000) / 10_000;
    if (sum === 0) balances.delete(key);
    else balances.set(key, sum);
  };
  const takeCount = ({ id, tasks: bins }: ToldCount, toldAt: number): void => {
    for (const bin of bins) {
      countTasks.set(`${id} ${bin.task}`, bin);
      if (bin.state !== 'closed') continue;
      for (const { sku, expected, counted } of bin.lines) {
        if (expected === counted) continue;
        const message = `${bin.location} has ${counted} of ${sku}, and the books had ${expected}.`;
        tell(
          telling('count-differs', `${id} ${bin.task} ${sku}`, toldAt, toldAt, message, {
            sku,
            location: bin.location,
          }),
        );
      }
    }
  };
  return {
    balances,
    items,
    orders,
    picks,
    tasks,
    transfers,
    inbounds,
    passages,
    discrepancies,
    settled,
    doubts,
    countTasks,
    tellings,
    take(told, receivedAt) {
      for (const transaction of told.transactions) {
        const {
          postings,
          type,
          source,
          supersedes,
          from: left,
          to: reached,
          id,
          epc,
          sku: of,
          readPoint,
        } = transaction;
        if (
          type === 'move' &&
          source === 'read' &&
          supersedes === undefined &&
          readPoint?.startsWith('AISLE-') === true
        ) {
          const message = `${epc} was heard at ${reached}, and the books had it at ${left}.`;
          const subject = { epc, sku: of, location: reached, readPoint };
          tell(telling('heard-elsewhere', id, transaction.happenedAt, receivedAt, message, subject));
        }
        for (const { sku, lot, quantity, from, to } of postings) {
          add(stockKey(from.location, sku, lot, from.status), -quantity);
          add(stockKey(to.location, sku, lot, to.status), quantity);
        }
      }
      for (const item of told.items) items.set(item.epc, item);
      for (const order of told.orders) orders.set(order.id, order);
      for (const task of told.tasks) tasks.set(task.id, task);
      for (const inbound of told.inbounds) {
        const lines = new Map(inbounds.get(inbound.id)?.lines.map((line) => [line.line, line]));
        for (const line of inbound.lines) lines.set(line.line, line);
        inbounds.set(inbound.id, { ...inbound, lines: [...lines.values()] });
      }
      for (const transfer of told.transfers) transfers.set(transfer.id, transfer);
      for (const passage of told.passages) passages.set(passage.id, passage);
      for (const pick of told.picks) {
        const all = picks.get(pick.id)?.all ?? new Map<number, ToldPickLine>();
        for (const line of pick.lines) all.set(line.line, line);
        picks.set(pick.id, { ...pick, all });
      }
      for (const found of told.discrepancies) {
        discrepancies.set(found.id, found);
        settled.delete(found.id);
        tell(telling(found.kind, found.id, found.happenedAt, receivedAt, found.message, found));
      }
      for (const { id } of told.settled) settled.add(id);
      for (const doubt of told.doubts) {
        doubts.set(doubt.epc, doubt);
        if (doubt.closedAt !== undefined) continue;
        const message = `${doubt.epc} is doubted at ${doubt.location}.`;
        tell(telling('doubt', doubt.id, doubt.openedAt, receivedAt, message, doubt));
      }
      for (const { kind, order, sku, code, at } of told.pickErrors)
        tell(telling(`pick-${kind}`, `${kind} ${order} ${sku} ${at}`, at, receivedAt, code, { sku, order }));
      for (const count of told.counts) takeCount(count, receivedAt);
    },
  };
}

type Subject = Partial<Pick<Telling, 'epc' | 'sku' | 'location' | 'readPoint' | 'order'>>;

const telling = (
  kind: string,
  id: string,
  at: number,
  toldAt: number,
  message: string,
  { epc, sku, location, readPoint, order }: { [K in keyof Subject]: Subject[K] | undefined },
): Telling => ({ id: `${kind} ${id}`, kind, epc, sku, location, readPoint, order, at, toldAt, message });
