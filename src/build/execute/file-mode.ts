// The value of --chmod: octal digits, or symbolic clauses (`u=rwX,go=rX`). BuildKit reads clauses as BSD's chmod does,
// which differs from GNU's: `u=` and `g=` take setuid and setgid away, of directories too; `X` asks for the execute bits
// that the file had at the start; `t` is for everyone but others alone.

import { MilleError, type Span } from '../../core/index.ts';

/** Computes a file's new mode from its old one. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

/** What --chmod does. */
export interface FileMode {
  readonly change: ModeChange;
  /** Mode of the directories that have to be made on the way: octal digits count for them, clauses do not. */
  readonly madeDirectories: number;
}

/** Directories that are made on the way are subject to the usual umask. */
const UMASK = 0o022;

/**
 * Parses a mode.
 * @throws MilleError `dockerfile-syntax` for anything but 0 to 7777 or symbolic clauses.
 */
export function parseFileMode(text: string, span?: Span): FileMode {
  if (/^0*[0-7]{1,4}$/.test(text)) {
    const mode = Number.parseInt(text, 8);
    return { change: () => mode, madeDirectories: mode & 0o777 & ~UMASK };
  }
  const clauses = text.split(',').map(parseClause);
  if (clauses.some((clause) => clause === undefined)) {
    throw new MilleError('dockerfile-syntax', `invalid --chmod '${text}'`, {
      hint: 'give octal digits such as 755, or clauses such as u=rwX,go=rX',
      ...(span ? { span } : {}),
    });
  }
  const steps = clauses.flatMap((clause) => clause!);
  return {
    change: (mode, isDirectory) => {
      const file = { original: mode, isDirectory };
      return steps.reduce((current, step) => step(current, file), mode);
    },
    madeDirectories: 0o755,
  };
}

/** One change of a mode; `original` is the mode before the first. */
type Step = (mode: number, file: { readonly original: number; readonly isDirectory: boolean }) => number;

const SETUID = 0o4000;
const SETGID = 0o2000;
const STICKY = 0o1000;
const EXECUTE = 0o111;
/** What `a` stands for; the sticky bit is nobody's. */
const EVERYONE = SETUID | SETGID | 0o777;
const WHO: Readonly<Record<string, number>> = {
  u: SETUID | 0o700,
  g: SETGID | 0o070,
  o: 0o007,
  a: EVERYONE,
};
const SHIFTS = { u: 6, g: 3, o: 0 } as const;

function parseClause(text: string): Step[] | undefined {
  const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(text);
  if (!match) return undefined;
  const who = Array.from(match[1]!).reduce((bits, letter) => bits | WHO[letter]!, 0);
  return match[2]!.match(/[-+=][^-+=]*/g)!.flatMap((action) => parseAction(who, action));
}

/** The steps of one operator and its letters. Letters that copy from a class come where they stand, the rest last. */
function parseAction(given: number, action: string): Step[] {
  const operator = action[0] as '+' | '-' | '=';
  const steps: Step[] = [];
  let who = given;
  let bits = 0;
  let conditional = 0;
  let assigned = false;
  const flush = (always: boolean) => {
    if (bits !== 0 || always) steps.push(assign(operator, who, bits));
    if (conditional !== 0) steps.push(executeWhereAny(who, conditional));
    bits = conditional = 0;
  };
  const forOthersAlone = who !== 0 && (who & ~0o007) === 0;
  for (const letter of action.slice(1)) {
    if (letter === 'r') bits |= 0o444;
    else if (letter === 'w') bits |= 0o222;
    else if (letter === 'x' || (letter === 'X' && operator === '-')) bits |= EXECUTE;
    else if (letter === 'X') conditional = EXECUTE;
    else if (letter === 's') bits |= forOthersAlone ? 0 : SETUID | SETGID;
    else if (letter === 't') {
      // From here on the sticky bit is one of those that this action is about; without a class it is the only one.
      bits |= forOthersAlone ? 0 : STICKY;
      who |= forOthersAlone ? 0 : STICKY;
    } else {
      flush(false);
      assigned = true;
      steps.push(copy(operator, who, letter as 'u' | 'g' | 'o'));
    }
  }
  flush(operator === '=' && !assigned);
  return steps;
}

function assign(operator: '+' | '-' | '=', who: number, bits: number): Step {
  const changed = who === 0 ? bits : bits & who;
  if (operator === '+') return (mode) => mode | changed;
  if (operator === '-') return (mode) => mode & ~changed;
  const cleared = who === 0 ? EVERYONE : who;
  return (mode) => (mode & ~cleared) | changed;
}

function executeWhereAny(who: number, bits: number): Step {
  const changed = who === 0 ? bits : bits & who;
  return (mode, { original, isDirectory }) =>
    isDirectory || (original & EXECUTE) !== 0 ? mode | changed : mode;
}

/** `g=u`: read, write and execute of one class for others. */
function copy(operator: '+' | '-' | '=', who: number, from: 'u' | 'g' | 'o'): Step {
  const classes = (['u', 'g', 'o'] as const).filter((name) => who === 0 || (who & (4 << SHIFTS[name])) !== 0);
  return (mode) => {
    const value = (mode >> SHIFTS[from]) & 7;
    return classes.reduce((changed, name) => {
      const bits = value << SHIFTS[name];
      if (operator === '+') return changed | bits;
      if (operator === '-') return changed & ~bits;
      return (changed & ~(7 << SHIFTS[name])) | bits;
    }, mode);
  };
}
