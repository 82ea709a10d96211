// What a command is: one object from which the parser, the help, the manual pages and the tests work.

import type { App } from '../../app/index.ts';

/** A flag. `list` may be given several times; `choice` accepts the words listed. */
export type FlagSpec =
  | { readonly kind: 'boolean'; readonly short?: string; readonly help: string; readonly default?: boolean }
  | {
      readonly kind: 'string' | 'list';
      readonly short?: string;
      /** What the value is called in the help: `NAME`. */
      readonly value: string;
      readonly help: string;
      /** What the flag alone means, without `=` and a value; a value is then never the next word. */
      readonly bare?: string;
    }
  | {
      readonly kind: 'choice';
      readonly short?: string;
      readonly choices: readonly string[];
      readonly help: string;
      readonly default?: string;
      /** What the flag alone means, without `=` and a value; a value is then never the next word. */
      readonly bare?: string;
    };

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

type FlagValue<F extends FlagSpec> = F extends { kind: 'boolean' }
  ? boolean
  : F extends { kind: 'list' }
    ? readonly string[]
    : F extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? F extends { default: string }
        ? C
        : C | undefined
      : string | undefined;

/** The values a parser gives for some flags, by the flags' long names. */
export type FlagValues<F extends FlagSpecs> = { readonly [K in keyof F]: FlagValue<F[K]> };

/** The process around a command, handed in so that tests can be one. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the standard streams are terminals. */
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Size of the terminal on standard error; 80 by 24 where there is none. */
  size(): { readonly columns: number; readonly rows: number };
  /** Milliseconds since the epoch. */
  now(): number;
  /** Writes to standard output, all of it before returning. */
  out(text: string): void;
  /** Writes to standard error, likewise. */
  err(text: string): void;
  /** Reads a line of standard input, waiting for it; undefined at its end. */
  readLine(): string | undefined;
  /** Calls back about every 100 ms until the function returned is called. */
  every100ms(callback: () => void): () => void;
  /** Aborts when the user or the system asks to stop; `status` is then 128 + the signal's number. */
  interruption(): Interruption;
  /** The use cases, loaded when first asked for. */
  app(): Promise<App>;
}

export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  readonly status: number | undefined;
}

export interface Example {
  readonly text: string;
  readonly command: string;
}

/** A command of mille. */
export interface Command<F extends FlagSpecs = FlagSpecs> {
  /** `build`. */
  readonly name: string;
  /** Other ways to say it: `image ls`. */
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name: `[FLAGS] PATH | -`. */
  readonly usage: string;
  /** Paragraphs for the command's own help. */
  readonly description?: readonly string[];
  readonly flags: F;
  /** How many arguments there may be. */
  readonly arguments: { readonly least: number; readonly most: number };
  /** Flags end at the first argument, because what follows is somebody else's command line. */
  readonly stopsAtArgument?: boolean;
  /** Long flags that are not its own are arguments: what it is asked about has flags too. */
  readonly takesFlagsAsArguments?: boolean;
  /** Docker's command of the same meaning, and those of its flags that are missing here: `publish,p`. */
  readonly docker?: {
    readonly command: string;
    readonly unsupported: readonly string[];
    /** What to do instead, by flag. */
    readonly hints?: Readonly<Record<string, string>>;
  };
  readonly examples: readonly Example[];
  /** Does it; the exit status. Throws MilleError for what a user can meet. */
  run(input: Input<F>, host: Host): Promise<number>;
}

export interface Input<F extends FlagSpecs = FlagSpecs> {
  readonly flags: FlagValues<F>;
  readonly args: readonly string[];
}

/** Writes a command with its flags' types checked against their use, and forgets them for the table of commands. */
export function command<const F extends FlagSpecs>(spec: Command<F>): Command {
  return spec as unknown as Command;
}
