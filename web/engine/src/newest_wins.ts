/** What became of an offered item: the result, or `null` when a newer one took its place. */
export type Outcome<R> = Promise<R | null>;

/**
 * Back-pressure for live pictures: one item in work, one waiting, and a newer item replaces
 * the one that waits. So a slow phone tracks fewer frames but always the newest, and nothing
 * piles up.
 */
export class NewestWins<T, R> {
  #busy = false;
  #waiting: {
    item: T;
    settle: (result: R | null) => void;
    fail: (reason: unknown) => void;
  } | null = null;
  readonly #work: (item: T) => Promise<R>;
  readonly #discard: (item: T) => void;

  /** `discard` releases an item that will not be worked on (it may hold a camera buffer). */
  constructor(work: (item: T) => Promise<R>, discard: (item: T) => void = () => {}) {
    this.#work = work;
    this.#discard = discard;
  }

  get busy(): boolean {
    return this.#busy;
  }

  offer(item: T): Outcome<R> {
    return new Promise((settle, fail) => {
      this.clear();
      this.#waiting = { item, settle, fail };
      if (!this.#busy) void this.#run();
    });
  }

  /** Drops the item that waits, if any. */
  clear(): void {
    const dropped = this.#waiting;
    if (!dropped) return;
    this.#waiting = null;
    this.#discard(dropped.item);
    dropped.settle(null);
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting) {
      const { item, settle, fail } = this.#waiting;
      this.#waiting = null;
      const tell = await this.#work(item).then(
        (result) => () => settle(result),
        (reason: unknown) => () => fail(reason),
      );
      this.#busy = this.#waiting !== null;
      tell();
    }
  }
}
