// What a load may do near a portal: drive through, also from or to a place beside it, pass by inside, or come near and go back.

/** `beside`: through the next door, or near it and back. */
export type CourseKind = 'in' | 'out' | 'pass' | 'turn' | 'beside';
export const KINDS: readonly CourseKind[] = ['in', 'out', 'pass', 'turn', 'beside'];

export interface Course {
  readonly kind: CourseKind;
  /** Where it is `seconds` after its moment: when it is in the door, or nearest to it. Metres, as of a `Pose`. */
  readonly right: (seconds: number) => number;
  readonly ahead: (seconds: number) => number;
  /** Its share of the courses of its kind, and the logarithm of that. */
  readonly share: number;
  readonly logShare: number;
}

type Bare = Omit<Course, 'share' | 'logShare'>;

const none = (): number => 0;

const SPEEDS = [0.4, 0.8, 1.2, 1.8, 2.7] as const;
const STOPPED_M = 2.2;
const STOP_SPEED = 1.3;
const STOP_SHARE = 0.03;

function crossings(kind: 'in' | 'out'): Bare[] {
  const sign = kind === 'in' ? 1 : -1;
  return SPEEDS.map((speed) => ({ kind, right: none, ahead: (seconds) => sign * speed * seconds }));
}

function stopping(kind: 'in' | 'out'): Bare[] {
  const sign = kind === 'in' ? 1 : -1;
  // Inside only: a load that stops outside is in a trailer, where nothing hears it for long.
  return [
    {
      kind,
      right: none,
      ahead: (seconds) => Math.min(STOPPED_M, sign * STOP_SPEED * seconds),
    },
  ];
}

const PASS_AT_M = [1.2, 2, 3.2, 5] as const;
const PASS_SPEEDS = [1.1, 2.2] as const;
const TURN_AT_M = [0, 0.7, 1.6] as const;
const TURN_SPEEDS = [0.8, 1.5, 2.6] as const;

const passings = (): Bare[] =>
  PASS_AT_M.flatMap((metres) =>
    PASS_SPEEDS.flatMap((speed) =>
      [1, -1].map((sign) => ({
        kind: 'pass' as const,
        right: (seconds: number) => sign * speed * seconds,
        ahead: () => metres,
      })),
    ),
  );

const turnings = (): Bare[] =>
  TURN_AT_M.flatMap((metres) =>
    TURN_SPEEDS.flatMap((speed) =>
      [1, -1].map((sign) => ({
        kind: 'turn' as const,
        right: none,
        ahead: (seconds: number) => sign * (metres + speed * Math.abs(seconds)),
      })),
    ),
  );

const BESIDE_SPEEDS = [1.4] as const;

/** At another door, so far to the right. */
function besides(door: number): Bare[] {
  const right = (): number => door;
  const through = BESIDE_SPEEDS.flatMap((speed) =>
    [1, -1].map((sign) => ({ kind: 'beside' as const, right, ahead: (seconds: number) => sign * speed * seconds })),
  );
  // Outside it is not heard here.
  const back = [0, 1.2].flatMap((metres) =>
    BESIDE_SPEEDS.map((speed) => ({
      kind: 'beside' as const,
      right,
      ahead: (seconds: number) => metres + speed * Math.abs(seconds),
    })),
  );
  return [...through, ...back];
}

const shared = (courses: readonly Bare[], share: number): Course[] =>
  courses.map((course) => ({
    ...course,
    share: share / courses.length,
    logShare: Math.log(share / courses.length),
  }));

/** All courses near a portal; `doors` are how far to the right the others are. */
export const coursesBeside = (doors: readonly number[]): Course[] => [
  ...(['in', 'out'] as const).flatMap((kind) => [
    ...shared(crossings(kind), 1 - STOP_SHARE),
    ...shared(stopping(kind), STOP_SHARE),
  ]),
  ...shared(passings(), 1),
  ...shared(turnings(), 1),
  ...shared(
    doors.flatMap((door) => besides(door)),
    1,
  ),
];
