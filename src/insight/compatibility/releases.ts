// Which files of a Python package pip would take on a base: the version that fits what is asked for, of it a wheel, or the
// source.

import { compareVersions } from '../versions/index.ts';
import type { PythonNeed } from './requirements.ts';
import { readWheelName, type WheelGround, wheelFits } from './wheels.ts';

/** A file that an index has of a package. */
export interface IndexFile {
  readonly name: string;
  /** `>=3.9,<3.13`. */
  readonly requiresPython?: string;
  readonly yanked?: boolean;
}

/** What is to be had of a package on a base. */
export interface Obtained {
  /** Absent where no version fits. */
  readonly version?: string;
  /**
   * `wheel`: for this base; `built`: only source, that is compiled or built there; `nothing`: no file for it; `refused`:
   * the version is not for this Python.
   */
  readonly as: 'wheel' | 'built' | 'nothing' | 'refused';
  /** Of what is refused: which Pythons it is for. */
  readonly wants?: string;
  /** Whether there are wheels of this version that hold compiled code. */
  readonly native: boolean;
}

/** @param files all files that are known of the package */
export function obtain(
  { specifier }: Pick<PythonNeed, 'specifier'>,
  files: readonly IndexFile[],
  ground: WheelGround,
): Obtained {
  const fits = (file: IndexFile) =>
    ground.python === undefined || satisfies(ground.python, file.requiresPython ?? '');
  const known = files.flatMap((file) => {
    const version = versionOf(file.name);
    return version !== undefined && satisfies(version, specifier) ? [{ ...file, version }] : [];
  });
  const pinned = /^={2,3}[^*]+$/.test(specifier);
  const sound = known.filter(({ yanked }) => pinned || !yanked);
  const released = sound.filter(({ version }) => !isEarly(version));
  const choice = released.length > 0 || pinned ? (pinned ? sound : released) : sound;
  const newest = newestOf(choice.filter(fits)) ?? newestOf(choice);
  if (newest === undefined) return { as: 'nothing', native: false };
  const own = choice.filter(({ version }) => compareVersions('pep440', version, newest) === 0);
  const wheels = own.flatMap((file) => {
    const wheel = readWheelName(file.name);
    return wheel ? [{ wheel, file }] : [];
  });
  const native = wheels.some(({ wheel }) => wheel.platforms.every(({ libc }) => libc !== 'any'));
  const there = { version: newest, native };
  if (!own.some(fits)) {
    const wants = own.find(({ requiresPython }) => requiresPython !== undefined)?.requiresPython;
    return { ...there, as: 'refused', ...(wants === undefined ? {} : { wants }) };
  }
  if (wheels.some(({ wheel, file }) => fits(file) && wheelFits(wheel, ground)))
    return { ...there, as: 'wheel' };
  const source = own.some((file) => fits(file) && !file.name.endsWith('.whl'));
  return { ...there, as: source ? 'built' : 'nothing' };
}

const SOURCE = /^(.+?)-(\d[^-]*)\.(?:tar\.(?:gz|bz2|xz)|zip|tgz)$/;

/** The version in a file's name. */
function versionOf(name: string): string | undefined {
  if (name.endsWith('.whl')) return readWheelName(name)?.version;
  return SOURCE.exec(name)?.[2];
}

function isEarly(version: string): boolean {
  return /(?:a|b|rc|alpha|beta|c|pre|preview|dev)[-_.]?\d*/i.test(version.replace(/\+.*$/, ''));
}

function newestOf(files: readonly { readonly version: string }[]): string | undefined {
  return files.reduce<string | undefined>(
    (best, { version }) =>
      best === undefined || compareVersions('pep440', version, best) === 1 ? version : best,
    undefined,
  );
}

/** Whether a version is among those of a specifier: `>=2,!=2.3.*,~=2.1`. What is no specifier excludes nothing. */
export function satisfies(version: string, specifier: string): boolean {
  return specifier
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .every((one) => {
      const match = /^(===|==|!=|~=|<=|>=|<|>)\s*(\S+)$/.exec(one);
      return match ? clause(version, match[1]!, match[2]!) : true;
    });
}

function clause(version: string, operator: string, wanted: string): boolean {
  if (operator === '===') return version === wanted;
  if (wanted.endsWith('.*')) {
    const starts = startsAs(version, wanted.slice(0, -2));
    return operator === '!=' ? !starts : operator === '==' ? starts : true;
  }
  // A local part is only asked about where it is written.
  const own = wanted.includes('+') ? version : version.replace(/\+.*$/, '');
  const order = compareVersions('pep440', own, wanted);
  if (order === undefined) return true;
  if (operator === '~=') return order >= 0 && startsAs(version, wanted.split('.').slice(0, -1).join('.'));
  const holds: Readonly<Record<string, boolean>> = {
    ...{ '==': order === 0, '!=': order !== 0, '<': order < 0, '>': order > 0 },
    ...{ '<=': order <= 0, '>=': order >= 0 },
  };
  return holds[operator] ?? true;
}

function startsAs(version: string, prefix: string): boolean {
  const [own, wanted] = [version, prefix].map((one) => one.split('.'));
  return wanted!.every((part, i) => (own![i] ?? '0') === part);
}
