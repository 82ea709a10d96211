// The variables that a stage's instructions see: ENV and ARG in one list, where the last to be set wins whichever
// it was, as in BuildKit. (The image keeps only what ENV set; a child stage starts from the image's values again.)

/** A variable with its value and what set it last. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly origin: 'environment' | 'argument';
}

/** An immutable list of variables, ordered by when each was last set. */
export class Environment {
  readonly #byName: ReadonlyMap<string, Variable>;

  constructor(variables: Iterable<Variable> = []) {
    const byName = new Map<string, Variable>();
    for (const variable of variables) {
      byName.delete(variable.name);
      byName.set(variable.name, variable);
    }
    this.#byName = byName;
  }

  /** The list with some variables set, in order. */
  with(...variables: readonly Variable[]): Environment {
    return variables.length === 0 ? this : new Environment([...this.#byName.values(), ...variables]);
  }

  /** The value of a variable; undefined when it is not set. */
  get(name: string): string | undefined {
    return this.#byName.get(name)?.value;
  }

  /** All variables, the one set last at the end. */
  variables(): readonly Variable[] {
    return [...this.#byName.values()];
  }

  /** The lookup that word expansion takes. */
  readonly lookup = (name: string): string | undefined => this.get(name);
}

/** Splits `NAME=value` of an image config's Env; a text without `=` is a name with an empty value. */
export function splitVariable(text: string): { readonly name: string; readonly value: string } {
  const cut = text.indexOf('=');
  return cut < 0 ? { name: text, value: '' } : { name: text.slice(0, cut), value: text.slice(cut + 1) };
}

/** An image config's Env with one variable set: in its old place if it had one, else at the end. */
export function setVariable(env: readonly string[], name: string, value: string): readonly string[] {
  const at = env.findIndex((text) => splitVariable(text).name === name);
  const text = `${name}=${value}`;
  return at < 0 ? [...env, text] : env.map((old, i) => (i === at ? text : old));
}
