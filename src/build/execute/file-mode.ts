// The value of --chmod: octal digits, or symbolic clauses as chmod(1) takes them (`u=rwX,go=rX`).

import { MilleError, type Span } from '../../core/index.ts';

/** Computes a file's new mode from its old one. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

/** What --chmod does. */
export interface FileMode {
  readonly change: ModeChange;
  /** Mode of the directories that have to be made on the way: octal digits count for them, clauses do not. */
  readonly madeDirectories: number;
}

/**
 * Parses a mode.
 * @throws MilleError `dockerfile-syntax` for anything but 0 to 7777 or symbolic clauses.
 */
export function parseFileMode(text: string, span?: Span): FileMode {
  if (/^[0-7]{1,4}$/.test(text)) {
    const mode = Number.parseInt(text, 8);
    return { change: () => mode, madeDirectories: mode & 0o777 };
  }
  const clauses = text.split(',').map(parseClause);
  if (clauses.some((clause) => clause === undefined)) {
    throw new MilleError('dockerfile-syntax', `invalid --chmod '${text}'`, {
      hint: 'give octal digits such as 755, or clauses such as u=rwX,go=rX',
      ...(span ? { span } : {}),
    });
  }
  return {
    change: (mode, isDirectory) => clauses.reduce((m, clause) => clause!(m, isDirectory), mode),
    madeDirectories: 0o755,
  };
}

const SHIFTS = { u: 6, g: 3, o: 0 } as const;

function parseClause(text: string): ModeChange | undefined {
  const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(text);
  if (!match) return undefined;
  const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!;
  const actions = match[2]!.match(/[-+=][^-+=]*/g)!;
  return (mode, isDirectory) => actions.reduce((m, action) => apply(m, { who, action, isDirectory }), mode);
}

function apply(mode: number, change: { who: string; action: string; isDirectory: boolean }): number {
  const { who, action, isDirectory } = change;
  const operator = action[0];
  const letters = action.slice(1);
  let bits = 0;
  let cleared = 0;
  for (const name of who) {
    const shift = SHIFTS[name as keyof typeof SHIFTS];
    cleared |= 7 << shift;
    bits |= permissions(letters, { mode, isDirectory }) << shift;
    if (letters.includes('s')) bits |= name === 'u' ? 0o4000 : name === 'g' ? 0o2000 : 0;
  }
  if (letters.includes('t')) bits |= 0o1000;
  if (operator === '+') return mode | bits;
  if (operator === '-') return mode & ~bits;
  return (mode & ~cleared) | bits;
}

function permissions(letters: string, file: { mode: number; isDirectory: boolean }): number {
  if (letters === 'u' || letters === 'g' || letters === 'o') return (file.mode >> SHIFTS[letters]) & 7;
  let bits = 0;
  for (const letter of letters) {
    if (letter === 'r') bits |= 4;
    if (letter === 'w') bits |= 2;
    if (letter === 'x' || (letter === 'X' && (file.isDirectory || (file.mode & 0o111) !== 0))) bits |= 1;
  }
  return bits;
}
