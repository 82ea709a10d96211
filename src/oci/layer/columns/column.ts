// Numbers of one kind, one for each of many things: lists that grow by pages, without an object for each number and
// without copies. The two classes are written out one by one: a place in the program that sees arrays of one kind only
// is several times faster.

const BITS = 10;
const PAGE = 1 << BITS;
const WITHIN = PAGE - 1;

/** A list of integers of 32 bits; what was never written is 0. */
export class Integers {
  readonly #pages: Int32Array[] = [];

  at(index: number): number {
    const page = this.#pages[index >>> BITS];
    return page === undefined ? 0 : page[index & WITHIN]!;
  }

  set(index: number, value: number): void {
    const page = index >>> BITS;
    while (this.#pages.length <= page) this.#pages.push(new Int32Array(PAGE));
    this.#pages[page]![index & WITHIN] = value;
  }
}

/** A list of any numbers; what was never written is 0. */
export class Numbers {
  readonly #pages: Float64Array[] = [];

  at(index: number): number {
    const page = this.#pages[index >>> BITS];
    return page === undefined ? 0 : page[index & WITHIN]!;
  }

  set(index: number, value: number): void {
    const page = index >>> BITS;
    while (this.#pages.length <= page) this.#pages.push(new Float64Array(PAGE));
    this.#pages[page]![index & WITHIN] = value;
  }
}
