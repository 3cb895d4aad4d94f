// Virtual time: a queue of events, and the timers of the program in it. Nothing waits for real: what is due next happens, then
// everything that it set free, and only then comes what is due after it. Each event belongs to somebody, who can be killed at any
// await (nothing of his ever goes on) or paused (everything of his waits).

/** Who runs: a process of the service. Undefined is the world outside. */
export interface Owner {
  isDead: boolean;
  /** Nothing of it happens before this virtual time, ms. */
  pausedTo: number;
}

export interface VirtualTime {
  /** Milliseconds since the schedule began. */
  readonly now: () => number;
  /** Something that happens after `ms`; it is the owner's, else of whoever runs now. The function returned calls it off. */
  readonly after: (ms: number, happen: () => void, owner?: Owner | 'world') => () => void;
  /** As `after`, to wait for. It never resolves for an owner who was killed meanwhile. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Runs `work` as if the owner did it: its timers are his. */
  readonly as: <T>(owner: Owner, work: () => T) => T;
  /** Who runs now. */
  readonly running: () => Owner | undefined;
  /** Lets time go by until `isOver` (asked each virtual second) or the given moment. True when it was over. */
  readonly run: (until: number, isOver?: () => boolean) => Promise<boolean>;
}

interface Due {
  at: number;
  readonly order: number;
  readonly owner: Owner | undefined;
  readonly happen: () => void;
  isOff: boolean;
}

const EVENTS_MAX = 2_000_000;
const ASK_EVERY_MS = 1000;

/** Resolves when every promise that has been set free has gone on: Node runs a tick when its queue of microtasks is empty. */
const everythingFree = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Runs `work` in virtual time. `startedAt` is what the machine's clock shows first, ms since 1970. */
export async function inVirtualTime<T>(startedAt: number, work: (time: VirtualTime) => Promise<T>): Promise<T> {
  const queue: Due[] = [];
  let now = 0;
  let order = 0;
  let running: Owner | undefined;

  const put = (due: Due): void => {
    let at = queue.length;
    queue.push(due);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(due, queue[above]!)) break;
      queue[at] = queue[above]!;
      at = above;
    }
    queue[at] = due;
  };
  const takeFirst = (): Due => {
    const first = queue[0]!;
    const last = queue.pop()!;
    if (queue.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= queue.length) break;
      if (below + 1 < queue.length && isBefore(queue[below + 1]!, queue[below]!)) below++;
      if (!isBefore(queue[below]!, last)) break;
      queue[at] = queue[below]!;
      at = below;
    }
    queue[at] = last;
    return first;
  };
  const add = (ms: number, happen: () => void, owner: Owner | undefined): Due => {
    const due = { at: now + Math.max(0, ms), order: order++, owner, happen, isOff: false };
    put(due);
    return due;
  };

  const time: VirtualTime = {
    now: () => now,
    after(ms, happen, owner) {
      const due = add(ms, happen, owner === 'world' ? undefined : (owner ?? running));
      return () => (due.isOff = true);
    },
    sleep: (ms) => new Promise((resolve) => add(ms, resolve, running)),
    as(owner, doing) {
      const before = running;
      running = owner;
      try {
        return doing();
      } finally {
        running = before;
      }
    },
    running: () => running,
    async run(until, isOver = () => false) {
      let askAt = now;
      for (let events = 0; queue.length > 0 && queue[0]!.at <= until; events++) {
        if (events > EVENTS_MAX) throw new Error(`more than ${EVENTS_MAX} events, the last at ${now} ms`);
        if (now >= askAt) {
          if (isOver()) return true;
          askAt = now + ASK_EVERY_MS;
        }
        const due = takeFirst();
        now = Math.max(now, due.at);
        if (due.isOff || due.owner?.isDead === true) continue;
        if (due.owner !== undefined && due.owner.pausedTo > now) {
          due.at = due.owner.pausedTo;
          put(due);
          continue;
        }
        running = due.owner;
        due.happen();
        await everythingFree();
        running = undefined;
      }
      now = Math.max(now, until);
      return isOver();
    },
  };
  const giveBack = takeTimers(time, startedAt, add);
  try {
    return await work(time);
  } finally {
    giveBack();
  }
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

interface Timer {
  due: Due;
}

/** The timers and clocks of the program are virtual until the function returned is called. */
function takeTimers(
  time: VirtualTime,
  startedAt: number,
  add: (ms: number, happen: () => void, owner: Owner | undefined) => Due,
): () => void {
  const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate };
  const [realNow, realElapsed] = [Date.now, performance.now.bind(performance)];
  const once = (happen: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): Timer => ({
    due: add(ms, () => happen(...given), time.running()),
  });
  const clear = (timer: Timer | undefined): void => {
    if (timer !== undefined) timer.due.isOff = true;
  };
  const repeat = (happen: () => void, ms: number): Timer => {
    const owner = time.running();
    const again = (): void => {
      timer.due = add(ms, again, owner);
      happen();
    };
    const timer = { due: add(ms, again, owner) };
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout: once,
    clearTimeout: clear,
    setInterval: repeat,
    clearInterval: clear,
    setImmediate: (happen: () => void) => once(happen),
    clearImmediate: clear,
  });
  Date.now = () => startedAt + time.now();
  performance.now = () => time.now();
  return () => {
    Object.assign(globalThis, real);
    Date.now = realNow;
    performance.now = realElapsed;
  };
}
