// One schedule: a morning at a small site, a plan of what goes wrong, virtual time until it has healed and everything is settled,
// and then the questions. The same seed is the same schedule, event by event.
import { random } from '../../simulators/random.ts';
import { dueAt } from '../../src/derive.ts';
import { Fault, messageOf } from '../../src/kit/faults.ts';
import { judge, lostOf } from './checks.ts';
import { openGateway, type Bad, type Gateway, type Made } from './gateway.ts';
import { calmPlan, HEALED_MS, planOf, tellPlan, type Plan, type Step } from './plan.ts';
import { openPostgres } from './postgres.ts';
import { startService, type Service } from './service.ts';
import { isKept, openStore } from './store.ts';
import { inVirtualTime, type VirtualTime } from './time.ts';
import { morning, SOURCE, STARTED_AT } from './traffic.ts';

export interface Outcome {
  readonly plan: Plan;
  /** What does not hold; empty when all is well. */
  readonly breaches: readonly string[];
  /** What happened, for who looks into a failure. */
  readonly story: readonly string[];
  readonly movements: readonly string[];
  readonly counts: Readonly<Record<'rows' | 'transactions' | 'deaths' | 'lost' | 'compared' | 'virtualMs', number>>;
}

/** Everything that was sent has arrived so long after all has healed. */
const ARRIVED_WITHIN_MS = 90_000;
/** And by then nothing is open any more. */
const SETTLED_WITHIN_MS = 900_000;
/** `lateMs` is 600 s: what is not later than this leads to the same movements. */
const LATE_MOST_MS = 500_000;

const undisturbed = new Map<number, Promise<readonly string[]>>();

/** Runs the schedule of a seed. Never throws for what a schedule shows: it is in the outcome. */
export async function runSeed(seed: number): Promise<Outcome> {
  const plan = planOf(seed);
  const calm = undisturbed.get(plan.morning) ?? runPlan(calmPlan(plan.morning)).then(({ movements }) => movements);
  undisturbed.set(plan.morning, calm);
  const expected = await calm;
  return runPlan(plan, expected);
}

/** The seed, what was drawn, what happened, and what does not hold. */
export const tell = ({ plan, breaches, story }: Outcome): string =>
  [tellPlan(plan), '', ...story, '', ...breaches.map((breach) => `BREACH ${breach}`)].join('\n');

const runPlan = (plan: Plan, expected?: readonly string[]): Promise<Outcome> =>
  inVirtualTime(STARTED_AT, (time) => new World(plan, time).run(expected));

class World {
  readonly #plan: Plan;
  readonly #time: VirtualTime;
  readonly #store = openStore();
  readonly #postgres;
  readonly #chance;
  readonly #services: Service[] = [];
  readonly #gateways: readonly Gateway[];
  readonly #network;
  readonly #story: string[] = [];
  readonly #breaches: string[] = [];
  #started = 0;
  #deaths = 0;
  #clockAheadMs = 0;
  #wasSetBack = false;
  #killAt: { from: string; statements: number; moment: 'before' | 'behind' } | undefined;

  constructor(plan: Plan, time: VirtualTime) {
    this.#plan = plan;
    this.#time = time;
    this.#chance = random(plan.seed, 'world');
    this.#postgres = openPostgres(this.#store, time, random(plan.seed, 'postgres'));
    this.#postgres.breaks = plan.breaks;
    this.#postgres.onStatement = (owner, moment, text) => this.#dieAtStatement(owner as Service, moment, text);
    this.#network = { ...plan.network };
    this.#gateways = [...morning(plan.morning)].map(([name, said]) =>
      openGateway({
        name,
        said,
        time,
        clock: () => STARTED_AT + time.now(),
        chance: random(plan.seed, name),
        network: this.#network,
        services: () => this.#services,
        onAcknowledged: (made, by) => this.#holdAgainst(made, by),
        onBadAcknowledged: (what) => this.#lookForBad(what),
      }),
    );
  }

  async run(expected: readonly string[] | undefined): Promise<Outcome> {
    const giveBack = this.#postgres.install();
    try {
      for (let index = 0; index < this.#plan.processes; index++) this.#start();
      for (const step of this.#plan.steps) this.#time.after(step.at, () => this.#take(step), 'world');
      await this.#time.run(HEALED_MS);
      this.#heal();
      const hasArrived = await this.#time.run(HEALED_MS + ARRIVED_WITHIN_MS, () =>
        this.#gateways.every((one) => one.isDone()),
      );
      if (!hasArrived) this.#breach('something that was sent has not arrived, though all has healed');
      const isSettled = await this.#time.run(HEALED_MS + SETTLED_WITHIN_MS, () => this.#isSettled());
      if (!isSettled) this.#breach(`it does not settle: ${this.#whatIsOpen()}`);
      const virtualMs = this.#time.now();
      return await this.#conclude(expected, virtualMs);
    } finally {
      for (const service of this.#services) service.isDead = true;
      giveBack();
    }
  }

  async #conclude(expected: readonly string[] | undefined, virtualMs: number): Promise<Outcome> {
    const made = this.#gateways.flatMap((gateway) => gateway.made);
    const lost = lostOf(this.#store, made);
    let movements: readonly string[] = [];
    const latest = HEALED_MS + ARRIVED_WITHIN_MS + this.#clockAheadMs;
    const isComparable = lost === 0 && !this.#wasSetBack && latest < LATE_MOST_MS;
    try {
      const verdict = await judge(this.#store, made);
      for (const breach of verdict.breaches) this.#breach(breach);
      ({ movements } = verdict);
    } catch (error) {
      this.#breach(
        `the journal cannot be derived: ${messageOf(error)} ${JSON.stringify((error as Fault).detail ?? {})}`,
      );
    }
    if (expected !== undefined && isComparable) {
      for (const movement of expected.filter((one) => !movements.includes(one)))
        this.#breach(`undisturbed there is a movement that is missing here: ${movement}`);
      for (const movement of movements.filter((one) => !expected.includes(one)))
        this.#breach(`there is a movement that undisturbed there is not: ${movement}`);
    }
    return {
      plan: this.#plan,
      breaches: this.#breaches,
      story: this.#story,
      movements,
      counts: {
        rows: this.#store.journal.length,
        transactions: this.#store.transactions.size,
        deaths: this.#deaths,
        lost,
        compared: isComparable ? 1 : 0,
        virtualMs,
      },
    };
  }

  #start(): void {
    const service = startService({
      name: `process ${++this.#started}`,
      source: SOURCE,
      time: this.#time,
      clock: () => STARTED_AT + this.#time.now() + this.#clockAheadMs,
      snapshotEveryMs: this.#plan.snapshotEveryMs,
      onFailed: (failed, error) => this.#end(failed, error),
    });
    this.#services.push(service);
    this.#tell(`${service.name} starts`);
  }

  /** It ends by itself: it lost the site to another, which is as it should be, or something is wrong. */
  #end(service: Service, error: unknown): void {
    const code = error instanceof Fault ? error.code : undefined;
    const cause = (error as Error).cause instanceof Fault ? ((error as Error).cause as Fault).code : undefined;
    const isLost =
      this.#plan.processes > 1 && ['site-lost', 'cursor-moved'].some((lost) => lost === code || lost === cause);
    this.#kill(service, `ends: ${messageOf(error)}`);
    if (!isLost) this.#breach(`${service.name} ended with ${code ?? ''} ${messageOf(error)}`);
  }

  #kill(service: Service, why: string): void {
    if (service.isDead) return;
    service.isDead = true;
    this.#deaths++;
    this.#services.splice(this.#services.indexOf(service), 1);
    this.#tell(`${service.name} ${why}`);
    this.#postgres.endSessions(service, this.#chance.chance(0.6) ? 0 : this.#chance.between(0, 5000));
    for (const peer of service.peers) peer.ended();
    this.#time.after(this.#chance.between(100, 5000), () => this.#start(), 'world');
  }

  #dieAtStatement(owner: Service, moment: 'before' | 'behind', text: string): boolean {
    if (owner.isDead) return true;
    const waiting = this.#killAt;
    if (waiting?.moment !== moment || !text.startsWith(waiting.from)) return false;
    waiting.from = ''; // from here on any statement counts
    if (waiting.statements-- > 0) return false;
    this.#killAt = undefined;
    this.#kill(owner, `is killed ${moment} ${text.slice(0, 60)}`);
    return true;
  }

  #take(step: Step): void {
    const [service] = this.#services.length === 0 ? [] : [this.#chance.choice(this.#services)];
    const gateway = this.#chance.choice(this.#gateways);
    switch (step.what) {
      case 'kill':
        if (service !== undefined) this.#kill(service, 'is killed');
        return;
      case 'kill at statement':
        this.#killAt = { ...step };
        return;
      case 'pause':
        if (service !== undefined) this.#pause(service, step.forMs);
        return;
      case 'no Postgres':
        this.#tell(`Postgres is away for ${step.forMs} ms`);
        this.#postgres.setDown(true);
        this.#time.after(step.forMs, () => this.#postgres.setDown(false), 'world');
        return;
      case 'slow Postgres':
        this.#tell(`Postgres is slow for ${step.forMs} ms`);
        this.#postgres.latencyMs = 1500;
        this.#time.after(step.forMs, () => (this.#postgres.latencyMs = 5), 'world');
        return;
      case 'cut':
        this.#tell(`the connection of ${gateway.name} breaks`);
        gateway.cut();
        return;
      case 'lose outbox':
        this.#tell(`${gateway.name} loses its outbox`);
        gateway.lose();
        return;
      case 'forged':
      case 'garbage':
        if (gateway.send(step.what)) this.#tell(`${gateway.name} sends ${step.what}`);
        return;
      case 'forget locks':
        this.#tell('Postgres forgets the locks of its sessions');
        this.#postgres.forgetLocks();
        return;
      case 'set clock':
        this.#tell(`the clock is set by ${step.byMs} ms`);
        this.#clockAheadMs += step.byMs;
        this.#wasSetBack ||= step.byMs < 0;
    }
  }

  /** It stands still; Postgres may give it up meanwhile, and another take its place. */
  #pause(service: Service, forMs: number): void {
    service.pausedTo = this.#time.now() + forMs;
    const isGivenUp = this.#chance.chance(0.6);
    this.#tell(`${service.name} stands still for ${forMs} ms${isGivenUp ? ' and Postgres gives it up' : ''}`);
    if (isGivenUp) this.#postgres.endSessions(service, this.#chance.between(0, forMs));
  }

  #heal(): void {
    this.#tell('all is well again');
    Object.assign(this.#network, { lostShare: 0, twiceShare: 0, latencyMs: 5 });
    this.#postgres.breaks = { before: 0, behind: 0 };
    this.#killAt = undefined;
  }

  /** At the moment at which a gateway hears of it. */
  #holdAgainst({ gateway, epoch, seq }: Made, by: string): void {
    if (!isKept(this.#store, gateway, epoch, seq))
      this.#breach(`${by} acknowledges ${epoch} ${seq}, which Postgres does not have`);
  }

  #lookForBad(what: Bad): void {
    const isKeptAside = this.#store.quarantine.some(({ code }) => (code === 'conflict') === (what === 'forged'));
    if (!isKeptAside) this.#breach(`what was ${what} is acknowledged, and not in quarantine`);
  }

  #deriving(): Service | undefined {
    return this.#services.find(({ isOpen }) => isOpen);
  }

  #isSettled(): boolean {
    return this.#whatIsOpen() === '';
  }

  #whatIsOpen(): string {
    const live = this.#deriving()?.live();
    if (live === undefined) return 'nobody derives the site';
    const next = this.#store.head?.next ?? 1;
    if (live.nextOffset !== next)
      return `${next - 1} rows in the journal, the next that is derived is ${live.nextOffset}`;
    if (live.postedTo !== next - 1) return `${next - 1} rows in the journal, ${live.postedTo} in the ledger`;
    const due = dueAt(live.machine, live.machine.clean.now);
    return due === Number.POSITIVE_INFINITY ? '' : `something is due in ${due - live.machine.clean.now} ms`;
  }

  #tell(what: string): void {
    this.#story.push(`${this.#time.now().toFixed(0).padStart(7)} ms  ${what}`);
  }

  #breach(what: string): void {
    this.#breaches.push(what);
    this.#tell(`BREACH ${what}`);
  }
}
