// Marble diagrams for stages that await: rxjs/testing reads the diagrams, but its virtual clock cannot see a promise. Here
// what is due at a frame happens, then everything that was set free by it, and only then comes the next frame.
import { Subject, type Observable, type ObservableNotification } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/** A clock that stands still while anything is going on. Frames are ms. */
export interface MarbleTime {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

interface Due {
  readonly frame: number;
  readonly happen: () => void;
}

const FRAMES_MAX = 100_000;

/**
 * Plays `input` through a stage and draws what comes out: `'3 a'` for a value of that name at frame 3, `'9 |'` for the end,
 * `'9 #'` for an error. Letters stand for `values`; a value that has no letter is drawn by `draw`.
 */
export async function play<In, Out>(
  input: string,
  values: Readonly<Record<string, In>>,
  stage: (source$: Observable<In>, time: MarbleTime) => Observable<Out>,
  draw: (out: Out) => string,
): Promise<string[]> {
  let frame = 0;
  const due: Due[] = [];
  const time: MarbleTime = {
    now: () => frame,
    sleep: (ms) => new Promise((resolve) => due.push({ frame: frame + ms, happen: resolve })),
  };
  const source$ = new Subject<In>();
  for (const { frame: at, notification } of parse(input, values)) {
    due.push({
      frame: at,
      happen: () => {
        if (notification.kind === 'N') source$.next(notification.value);
        else if (notification.kind === 'C') source$.complete();
        else source$.error(notification.error);
      },
    });
  }
  const drawn: string[] = [];
  const subscription = stage(source$, time).subscribe({
    next: (out) => drawn.push(`${frame} ${draw(out)}`),
    error: () => drawn.push(`${frame} #`),
    complete: () => drawn.push(`${frame} |`),
  });
  while (due.length > 0) {
    frame = Math.min(...due.map((one) => one.frame));
    if (frame > FRAMES_MAX) throw new Error(`this does not come to an end: it sleeps until frame ${frame}`);
    for (const one of due.filter((each) => each.frame === frame)) {
      due.splice(due.indexOf(one), 1);
      one.happen();
    }
    await settled();
  }
  subscription.unsubscribe();
  return drawn;
}

/** A character is a frame of 1 ms, as within `TestScheduler.run`. */
function parse<T>(marbles: string, values: Readonly<Record<string, T>>) {
  const { frameTimeFactor } = TestScheduler;
  TestScheduler.frameTimeFactor = 1;
  try {
    return TestScheduler.parseMarbles(marbles, values, 'error', false, true) as {
      readonly frame: number;
      readonly notification: ObservableNotification<T>;
    }[];
  } finally {
    TestScheduler.frameTimeFactor = frameTimeFactor;
  }
}

/** Promises and immediates set others free: a few turns of the event loop, then nothing moves any more. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
}
