// The variables that a stage's instructions see: ENV and ARG in one list, where the last to be set wins whichever
// it was, as in BuildKit. (The image keeps only what ENV set; a child stage starts from the image's values again.)

/** A variable with its value and what set it last. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly origin: 'environment' | 'argument';
}

/**
 * An immutable list of variables, ordered by when each was last set. Those made one from the other share a log and see
 * as much of it as was there when they were made, so that setting one of thousands costs no copy of the rest.
 */
export class Environment {
  readonly #log: Log;
  /** How much of the log counts. */
  readonly #length: number;

  constructor(variables: Iterable<Variable> = [], log: Log = { settings: [], places: new Map() }) {
    for (const variable of variables) append(log, variable);
    this.#log = log;
    this.#length = log.settings.length;
  }

  /** The list with some variables set, in order. */
  with(...variables: readonly Variable[]): Environment {
    if (variables.length === 0) return this;
    const latest = this.#length === this.#log.settings.length;
    return latest
      ? new Environment(variables, this.#log)
      : new Environment([...this.variables(), ...variables]);
  }

  /** The value of a variable; undefined when it is not set. */
  get(name: string): string | undefined {
    const places = this.#log.places.get(name) ?? [];
    // Nearly always the last one: who asks is nearly always the latest.
    for (let i = places.length - 1; i >= 0; i--) {
      const place = places[i] as number;
      if (place < this.#length) return this.#log.settings[place]?.value;
    }
    return undefined;
  }

  /** All variables, the one set last at the end. */
  variables(): readonly Variable[] {
    const byName = new Map<string, Variable>();
    for (const variable of this.#log.settings.slice(0, this.#length)) {
      byName.delete(variable.name);
      byName.set(variable.name, variable);
    }
    return [...byName.values()];
  }

  /** All that was ever set in some lists, as far as they know it; each once where they were made one from the other. */
  static everSet(environments: Iterable<Environment>): readonly Variable[] {
    const lengths = new Map<Log, number>();
    for (const one of environments) lengths.set(one.#log, Math.max(lengths.get(one.#log) ?? 0, one.#length));
    return [...lengths].flatMap(([{ settings }, length]) => settings.slice(0, length));
  }

  /** The lookup that word expansion takes. */
  readonly lookup = (name: string): string | undefined => this.get(name);
}

/** What was set, one after the other, and where each name stands in that. */
interface Log {
  readonly settings: Variable[];
  readonly places: Map<string, number[]>;
}

function append(log: Log, variable: Variable): void {
  const places = log.places.get(variable.name);
  if (places) places.push(log.settings.length);
  else log.places.set(variable.name, [log.settings.length]);
  log.settings.push(variable);
}

/** Splits `NAME=value` of an image config's Env; a text without `=` is a name with an empty value. */
export function splitVariable(text: string): { readonly name: string; readonly value: string } {
  const cut = text.indexOf('=');
  return cut < 0 ? { name: text, value: '' } : { name: text.slice(0, cut), value: text.slice(cut + 1) };
}

/** An image config's Env with one variable set: in its old place if it had one, else at the end. */
export function setVariable(env: readonly string[], name: string, value: string): readonly string[] {
  const start = `${name}=`;
  const at = env.findIndex((old) => old.startsWith(start) || old === name);
  const text = `${name}=${value}`;
  return at < 0 ? [...env, text] : env.map((old, i) => (i === at ? text : old));
}
