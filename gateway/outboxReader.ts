// Reads an outbox from its oldest envelope to its newest, while it is written to and its old files are removed. What is
// damaged is stepped over, said aloud and counted; reading never stops for it.
import { messageOf } from '../src/kit/faults.ts';
import type { Logger } from '../src/kit/log.ts';
import { sleep } from '../src/kit/sleep.ts';
import type { Disk, DiskFile } from './disk.ts';
import { readPortion, type Portion, type Segment, type Stored } from './segment.ts';

/** Where reading goes on. */
export interface Place {
  readonly base: number;
  readonly offset: number;
  /** Expected next; 0 when nothing was read yet. */
  readonly seq: number;
  /** There was damage since `seq` was expected. */
  readonly damaged: boolean;
}

export interface Reading {
  readonly envelopes: readonly Stored[];
  readonly next: Place;
}

/** The outbox as its reader sees it; `segments` in order, changing under way. */
export interface ReadSide {
  readonly disk: Disk;
  readonly log: Logger;
  readonly segments: () => readonly Segment[];
  readonly released: () => number;
  /** Told how many envelopes damage has cost. */
  readonly lost: (envelopes: number) => void;
}

const START: Place = { base: 0, offset: 0, seq: 0, damaged: false };
const ATTEMPTS_MAX = 3;
const RETRY_MS = 200;

export class OutboxReader {
  readonly #side: ReadSide;
  #open: { readonly path: string; readonly file: DiskFile } | undefined;

  constructor(side: ReadSide) {
    this.#side = side;
  }

  /** The next half MiB of durable envelopes that are not released, or none when there are no more. For one caller at a time. */
  async read(from: Place = START): Promise<Reading> {
    let place = from;
    for (;;) {
      const segments = this.#side.segments();
      const index = segments.findIndex(({ base }) => base >= place.base);
      const segment = segments[index];
      if (segment === undefined) return { envelopes: [], next: place };
      const start = segment.base === place.base ? place.offset : 0;
      const portion = await this.#portion(segment, start);
      const next = { ...place, base: segment.base, offset: portion.next };
      const envelopes = portion.envelopes.filter(({ seq }) => seq > this.#side.released());
      if (portion.damage !== undefined) this.#side.log.error(DAMAGE(segment, portion.damage), DAMAGED);
      if (envelopes.length > 0) {
        if (place.damaged) this.#countLost(place, envelopes[0]!.seq);
        return { envelopes, next: { ...next, seq: envelopes.at(-1)!.seq + 1, damaged: portion.damage !== undefined } };
      }
      place = { ...next, damaged: place.damaged || portion.damage !== undefined };
      if (portion.next > start) continue;
      const following = segments[index + 1];
      if (following === undefined) return { envelopes: [], next: place };
      place = { ...place, base: following.base, offset: 0 };
    }
  }

  /** Lets go of a file that is about to be removed. */
  async forget(path: string): Promise<void> {
    if (this.#open?.path !== path) return;
    const { file } = this.#open;
    this.#open = undefined;
    await file.close();
  }

  async close(): Promise<void> {
    if (this.#open !== undefined) await this.forget(this.#open.path);
  }

  /** A file that cannot be read counts as damaged from here on. */
  async #portion(segment: Segment, start: number): Promise<Portion> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await readPortion(await this.#fileOf(segment.path), segment, start);
      } catch (error) {
        await this.close().catch(() => undefined);
        // It was removed meanwhile: nothing in it need be sent.
        if (!this.#side.segments().includes(segment)) return { envelopes: [], next: start, damage: undefined };
        if (attempt === ATTEMPTS_MAX) {
          this.#side.log.error({ file: segment.path, reason: messageOf(error) }, 'a file of the outbox cannot be read');
          return { envelopes: [], next: segment.bytes, damage: { from: start, to: segment.bytes } };
        }
        await sleep(RETRY_MS);
      }
    }
  }

  async #fileOf(path: string): Promise<DiskFile> {
    if (this.#open?.path !== path) {
      await this.close();
      this.#open = { path, file: await this.#side.disk.open(path, false) };
    }
    return this.#open.file;
  }

  #countLost(place: Place, found: number): void {
    const lost = found - Math.max(place.seq, this.#side.released() + 1);
    if (lost > 0) this.#side.lost(lost);
  }
}

const DAMAGED = 'a part of the outbox is damaged: the envelopes in it are lost, and the service will record the gap';
const DAMAGE = ({ path }: Segment, { from, to }: { from: number; to: number }) => ({
  file: path,
  from,
  bytes: to - from,
});
