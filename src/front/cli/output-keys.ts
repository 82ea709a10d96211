// The keys of one `-o` (or a flag like it): each is taken by whoever understands it, and what is left at the end is an error. None is
// ever swallowed.

import { MilleError, suggest } from '../../core/index.ts';
import { readBoolean } from './boolean.ts';

/** The keys of one `-o`, a later one of the same name before an earlier one. */
export class OutputKeys {
  private readonly asked = new Set<string>();

  private constructor(
    /** The flag and its value. */
    private readonly shown: string,
    private readonly values: Map<string, string>,
  ) {}

  /** @throws MilleError `usage` for a field that is no `key=value` */
  static read(
    text: string,
    fields: readonly string[],
    { hint, flag = '-o' }: { readonly hint: string; readonly flag?: string },
  ): OutputKeys {
    const shown = `${flag} '${text}'`;
    const pairs = fields.map((field) => {
      const equals = field.indexOf('=');
      if (equals < 0) throw new MilleError('usage', `${shown}: '${field}' is no key=value`, { hint });
      return [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1)] as const;
    });
    return new OutputKeys(shown, new Map(pairs));
  }

  /** What is wrong with this `-o`. */
  error(what: string, hint: string): MilleError {
    return new MilleError('usage', `${this.shown}: ${what}`, { hint });
  }

  /** The value of a key. */
  take(key: string): string | undefined {
    this.asked.add(key);
    const value = this.values.get(key);
    this.values.delete(key);
    return value;
  }

  /** All keys that begin so, with their values. */
  takeAll(prefix: string): (readonly [string, string])[] {
    const found = [...this.values].filter(([key]) => key.startsWith(prefix));
    for (const [key] of found) this.values.delete(key);
    return found;
  }

  /** A switch: no value is the same as true. */
  takeSwitch(key: string): boolean | undefined {
    const text = this.take(key);
    if (text === undefined || text === '') return text === undefined ? undefined : true;
    const value = readBoolean(text);
    if (value !== undefined) return value;
    throw this.error(`${key} is a switch: it can't be '${text}'`, `write ${key}=true or ${key}=false`);
  }

  /** A switch that has one position here. @param why it has no other, for the error */
  settled(key: string, always: boolean, why: string): void {
    const value = this.takeSwitch(key);
    if (value === undefined || value === always) return;
    throw this.error(`${key}=${value} is not supported`, why);
  }

  /** @throws MilleError `usage` where a key is left that nobody asked for */
  checkEmpty(): void {
    const [key] = this.values.keys();
    if (key === undefined) return;
    const near = suggest(key, [...this.asked]);
    throw this.error(
      `mille does not know the key '${key}' here`,
      near === undefined ? `it is one of: ${[...this.asked].sort().join(', ')}` : `did you mean '${near}'?`,
    );
  }
}
