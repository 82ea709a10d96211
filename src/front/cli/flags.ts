// Command lines with Docker's habits (those of Go's pflag): `--flag value`, `--flag=value`, `-t x`, `-tx`, `-t=x`,
// clusters `-it`, `--rm=false`, repeated flags, `--`. Flags and arguments may be mixed unless the command says that
// its flags end at the first argument. Nothing is swallowed: what isn't known is an error that says so.

import { MilleError } from '../../core/index.ts';
import { nearest } from '../report/index.ts';
import { readBoolean } from './boolean.ts';
import type { Command, FlagSpec, FlagSpecs, FlagValues, Input } from './spec.ts';

/** Arguments of a command line after the command's name: parsed, or a wish for help. */
export type Parsed = Input | 'help';

type Value = boolean | string | readonly string[] | undefined;

/**
 * Parses the words after a command's name.
 * @throws MilleError `usage`: unknown or unsupported flags, missing or wrong values, too few or many arguments.
 */
export function parseFlags(command: Command, words: readonly string[]): Parsed {
  const values = new Map<string, Value>();
  const args: string[] = [];
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') {
      args.push(...rest);
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      args.push(word);
      if (command.stopsAtArgument) {
        args.push(...rest);
        break;
      }
      continue;
    }
    const wish = word.startsWith('--')
      ? takeLong(command, word.slice(2), { rest, values, args })
      : takeCluster(command, word.slice(1), { rest, values, args });
    if (wish === 'help') return 'help';
  }
  checkCount(command, args);
  return { flags: complete(command.flags, values), args };
}

interface Progress {
  /** Words not yet looked at. */
  readonly rest: string[];
  readonly values: Map<string, Value>;
  readonly args: string[];
}

function takeLong(command: Command, text: string, progress: Progress): 'help' | undefined {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const given = equals < 0 ? undefined : text.slice(equals + 1);
  const spec = lookUp(command.flags, name);
  if (!spec) {
    if (name === 'help') return 'help';
    if (command.takesFlagsAsArguments) {
      progress.args.push(`--${text}`);
      return undefined;
    }
    throw unknownFlag(command, `--${name}`, name);
  }
  const shown = `--${name}`;
  if (spec.kind === 'boolean') {
    progress.values.set(name, given === undefined ? true : parseBoolean(given, shown));
  } else {
    set(progress, { name, spec, shown, value: given ?? spec.bare ?? next(command, progress, shown) });
  }
  return undefined;
}

function takeCluster(command: Command, cluster: string, progress: Progress): 'help' | undefined {
  for (let i = 0; i < cluster.length; i++) {
    const short = cluster[i]!;
    const shown = `-${short}`;
    const found = Object.entries(command.flags).find(([, spec]) => spec.short === short);
    if (!found) {
      if (short === 'h') return 'help';
      throw unknownFlag(command, shown, longOfShort(command, short));
    }
    const [name, spec] = found;
    const after = cluster.slice(i + 1);
    if (spec.kind !== 'boolean') {
      const value = after === '' ? next(command, progress, shown) : after.replace(/^=/, '');
      set(progress, { name, spec, shown, value });
      return undefined;
    }
    if (after.startsWith('=')) {
      progress.values.set(name, parseBoolean(after.slice(1), shown));
      return undefined;
    }
    progress.values.set(name, true);
  }
  return undefined;
}

function next(command: Command, progress: Progress, shown: string): string {
  const value = progress.rest.shift();
  if (value === undefined) throw usage(command, `${shown} needs a value`);
  return value;
}

interface Assignment {
  readonly name: string;
  readonly spec: FlagSpec;
  readonly shown: string;
  readonly value: string;
}

function set({ values }: Progress, { name, spec, shown, value }: Assignment): void {
  if (spec.kind === 'list') {
    values.set(name, [...((values.get(name) as readonly string[] | undefined) ?? []), value]);
    return;
  }
  if (spec.kind === 'choice' && !spec.choices.includes(value)) {
    throw new MilleError('usage', `${shown} can't be '${value}'`, {
      hint: `it is one of: ${spec.choices.join(', ')}`,
    });
  }
  values.set(name, value);
}

function parseBoolean(text: string, shown: string): boolean {
  const value = readBoolean(text);
  if (value !== undefined) return value;
  throw new MilleError('usage', `${shown} is a switch: it can't be '${text}'`, {
    hint: `write ${shown}, or ${shown}=false`,
  });
}

function complete<F extends FlagSpecs>(flags: F, values: ReadonlyMap<string, Value>): FlagValues<F> {
  const all = Object.entries(flags).map(([name, spec]) => [name, values.get(name) ?? absent(spec)]);
  return Object.fromEntries(all) as FlagValues<F>;
}

/** What flags are where none is given. */
export function defaultValues<F extends FlagSpecs>(flags: F): FlagValues<F> {
  return complete(flags, new Map());
}

function absent(spec: FlagSpec): Value {
  if (spec.kind === 'boolean') return spec.default ?? false;
  if (spec.kind === 'list') return [];
  return spec.kind === 'choice' ? spec.default : undefined;
}

function lookUp(flags: FlagSpecs, name: string): FlagSpec | undefined {
  return Object.hasOwn(flags, name) ? flags[name] : undefined;
}

/** The long name of one of Docker's short flags that are missing here. */
function longOfShort(command: Command, short: string): string | undefined {
  return command.docker?.unsupported.find((flag) => flag.split(',')[1] === short)?.split(',')[0];
}

function unknownFlag(command: Command, shown: string, long: string | undefined): MilleError {
  const docker = command.docker;
  if (docker && long !== undefined && docker.unsupported.some((flag) => flag.split(',')[0] === long)) {
    const named = shown === `--${long}` ? shown : `${shown} (--${long})`;
    return new MilleError(
      'usage',
      `${named} is a flag of docker ${docker.command} that mille does not support yet`,
      {
        hint:
          docker.hints?.[long] ?? `leave it out; 'mille ${command.name} --help' lists the flags there are`,
      },
    );
  }
  const near = long === undefined ? undefined : nearest(long, [...Object.keys(command.flags), 'help']);
  return usage(command, `unknown flag ${shown}`, near === undefined ? undefined : `did you mean --${near}?`);
}

function checkCount(command: Command, args: readonly string[]): void {
  const { least, most } = command.arguments;
  const synopsis = `mille ${command.name} ${command.usage}`.trim();
  if (args.length < least) {
    const what = least === 1 ? 'an argument' : `${least} arguments`;
    throw usage(command, `mille ${command.name} needs ${what}`, `usage: ${synopsis}`);
  }
  if (args.length > most) {
    const takes = most === 0 ? 'no arguments' : most === 1 ? 'one argument' : `${most} arguments`;
    const extra = args[most]!;
    throw usage(
      command,
      `mille ${command.name} takes ${takes}; '${extra}' is too many`,
      `usage: ${synopsis}`,
    );
  }
}

function usage(command: Command, message: string, hint?: string): MilleError {
  return new MilleError('usage', message, {
    hint: hint ?? `'mille ${command.name} --help' lists the flags there are`,
  });
}
