// Numbers of one kind, one for each of many things: a list that grows, without an object for each of them.

interface Numbers {
  [index: number]: number;
  readonly length: number;
  set(from: this): void;
}

/** A list of numbers that grows as it is written to; what was never written is 0. */
export class Column<T extends Numbers = Int32Array> {
  readonly #make: (length: number) => T;
  #data: T;

  private constructor(make: (length: number) => T) {
    this.#make = make;
    this.#data = make(64);
  }

  /** Of numbers of 32 bits, of either sign. */
  static integers(): Column<Int32Array> {
    return new Column((length) => new Int32Array(length));
  }

  /** Of any numbers. */
  static numbers(): Column<Float64Array> {
    return new Column<Float64Array>((length) => new Float64Array(length));
  }

  /** Of numbers below 256. */
  static bytes(): Column<Uint8Array> {
    return new Column<Uint8Array>((length) => new Uint8Array(length));
  }

  at(index: number): number {
    const data = this.#data;
    return index < data.length ? data[index]! : 0;
  }

  set(index: number, value: number): void {
    if (index >= this.#data.length) this.#grow(index + 1);
    this.#data[index] = value;
  }

  add(index: number, value: number): void {
    this.set(index, this.at(index) + value);
  }

  #grow(needed: number): void {
    const grown = this.#make(Math.max(needed, Math.ceil(this.#data.length * 1.5)));
    grown.set(this.#data);
    this.#data = grown;
  }
}
