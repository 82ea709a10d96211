// Packages of a language that a Dockerfile installs, held against another base: which wheels there are for its C library
// and its Python, which native Node modules have no build for musl. Facts of indexes and lock files, not guesses.

import {
  type IndexFile,
  type NodeNeed,
  type Obtained,
  obtain,
  onMusl,
  type PythonNeed,
  type WheelGround,
} from '../../compatibility/index.ts';
import type { Family } from '../../tags/index.ts';
import { libcOf } from './libc.ts';
import type { BaseUse, KnownImage, Risk } from './types.ts';

/** A Python package, and all files that there are of it. */
export interface PythonPart extends PythonNeed {
  /** Absent where nobody could be asked. */
  readonly known?: readonly IndexFile[];
}

/** What is known of what is installed. */
export interface Parts {
  readonly python?: {
    readonly parts: readonly PythonPart[];
    /** Places of what cannot be looked up: addresses, directories. */
    readonly unread: readonly string[];
    /** Lines of the Dockerfile that install them. */
    readonly lines: readonly number[];
    /** Why not all are known. */
    readonly unanswered?: string;
  };
  readonly node?: {
    readonly needs: readonly NodeNeed[];
    /** `package-lock.json`. */
    readonly file: string;
    readonly lines: readonly number[];
  };
}

/** Both images, and what is done with them. */
export interface PartsOn {
  readonly from: KnownImage;
  readonly to: KnownImage;
  readonly use: BaseUse;
  readonly family: Family;
  readonly parts: Parts;
  /** `amd64`. */
  readonly architecture: string;
}

/** What was found: what stands against the image, and what stands for it. */
export interface PartsFound {
  readonly risks: readonly Risk[];
  readonly gains: readonly string[];
  /** What need not be guessed any more. */
  readonly settled: { readonly python: boolean; readonly node: boolean };
}

const MOST_NAMES = 4;
/** Packages that bring a compiler. */
export const COMPILERS: readonly string[] = ['gcc', 'g++', 'build-essential', 'build-base', 'clang'];

/** Looks at all of them. */
export function partsOn(on: PartsOn): PartsFound {
  const python = pythonOn(on);
  const node = nodeOn(on);
  return {
    risks: [...python.risks, ...node.risks],
    gains: [...python.gains, ...node.gains],
    settled: { python: python.settled, node: node.settled },
  };
}

interface Half {
  readonly risks: readonly Risk[];
  readonly gains: readonly string[];
  readonly settled: boolean;
}

const NOTHING: Half = { risks: [], gains: [], settled: false };

function pythonOn({ from, to, use, family, parts: { python }, architecture }: PartsOn): Half {
  if (!python || (python.parts.length === 0 && python.unread.length === 0)) return NOTHING;
  const { lines } = python;
  const [before, after] = [from, to].map((image) => groundOf(image, family, architecture));
  const known = python.parts.flatMap((part) =>
    part.known
      ? [{ part, was: obtain(part, part.known, before!), is: obtain(part, part.known, after!) }]
      : [],
  );
  const musl = after!.libc?.name === 'musl' && before!.libc?.name !== 'musl';
  const than = musl ? 'for musl' : `for ${newGround(before!, after!)}`;
  const compiles = hasCompiler(to, use);
  const risks: Risk[] = [];
  const told = (
    level: Risk['level'],
    which: (one: (typeof known)[number]) => boolean,
    text: string,
    end = '',
  ) => {
    const found = known.filter(which);
    if (found.length > 0) risks.push({ level, text: `${text}${listed(found)}${end}`, lines });
  };
  const worse = ({ was }: { readonly was: Obtained }) => was.as === 'wheel' || was.as === 'built';
  const refused = known.filter((one) => one.is.as === 'refused' && worse(one));
  for (const { part, is } of refused.slice(0, MOST_NAMES))
    risks.push({
      level: 'breaks',
      text: `${nameOf(part, is)} is not for Python ${after!.python}: it wants ${is.wants}`,
      lines,
    });
  told('breaks', (one) => one.is.as === 'nothing' && worse(one), `neither wheels ${than} nor source of `);
  told(
    compiles ? 'check' : 'breaks',
    ({ was, is }) => was.as === 'wheel' && is.as === 'built',
    `no wheels ${than} of `,
    compiles
      ? ': compiled, which takes its time'
      : `: compiled, and there is no compiler (${musl ? 'apk add build-base' : 'gcc'}) unless it is installed`,
  );
  if (!compiles && hasCompiler(from, use))
    told(
      'check',
      ({ was, is }) => was.as === 'built' && is.as === 'built',
      'there is only source of ',
      ': compiled code in it needs a compiler, which is not there',
    );
  const unknown = python.parts.length - known.length + python.unread.length;
  if (musl && unknown > 0)
    risks.push({
      level: 'check',
      text: `of ${counted(unknown, 'Python package')} it is not known whether there are wheels for musl${python.unanswered === undefined ? '' : `: ${python.unanswered}`}`,
      lines,
    });
  const spared = known.filter(({ was, is }) => was.as === 'built' && is.as === 'wheel');
  const wheels = known.filter(({ is }) => is.as === 'wheel').length;
  return {
    risks,
    gains: [
      ...(musl && wheels > 0
        ? [`wheels for musl: of ${wheels} of ${counted(python.parts.length, 'Python package')}`]
        : []),
      ...(spared.length > 0 ? [`wheels of ${listed(spared)}, which are compiled now`] : []),
    ],
    settled: true,
  };
}

function nodeOn({ from, to, use, parts: { node }, architecture }: PartsOn): Half {
  if (!node || muslIn(from)) return NOTHING;
  if (!muslIn(to))
    return { ...NOTHING, risks: scriptsWithout(node, hasCompiler(from, use) && !hasCompiler(to, use)) };
  const { needs, lines, file } = node;
  // npm writes down what a package runs when it is installed; the others tell it by what the package asks for.
  const ofNpm = file.endsWith('.json');
  const fates = needs.map((need) => ({ need, fate: onMusl(need, architecture) }));
  const names = (wanted: string) =>
    shortened(fates.flatMap(({ need, fate }) => (fate === wanted ? [`${need.name} ${need.version}`] : [])));
  const risks: Risk[] = [];
  const [glibc, unlisted, scripts] = ['glibc', 'unlisted', 'script'].map(names);
  if (glibc !== undefined)
    risks.push({ level: 'breaks', text: `${glibc}: what they fetch is for glibc alone`, lines });
  if (unlisted !== undefined)
    risks.push({
      level: 'breaks',
      text: `${file} has no build for musl of ${unlisted}${ofNpm ? ': npm ci leaves it out; npm install on Alpine writes it in, where there is one' : ''}`,
      lines,
    });
  if (scripts !== undefined)
    risks.push({
      level: 'check',
      text: `${scripts}: its install script fetches a build for musl if there is one, or compiles (apk add python3 make g++)`,
      lines,
    });
  const seen = ofNpm ? 'needs' : 'is seen to need';
  const gains = risks.length === 0 ? [`no package of ${file} ${seen} a build that musl lacks`] : [];
  return { risks, gains, settled: true };
}

/** Scripts that may compile, where what compiles is gone. */
function scriptsWithout({ needs, lines }: NonNullable<Parts['node']>, gone: boolean): readonly Risk[] {
  const names = needs.flatMap(({ kind, name, version }) => (kind === 'script' ? [`${name} ${version}`] : []));
  const text = shortened(names);
  if (!gone || text === undefined) return [];
  const why = 'where its install script finds no build it compiles: python3, make and g++ are not there';
  return [{ level: 'check', text: `${text}: ${why}`, lines }];
}

function newGround(before: WheelGround, after: WheelGround): string {
  if (after.python !== before.python && after.python !== undefined) return `Python ${after.python}`;
  const { name = 'this C library', version } = after.libc ?? {};
  return version === undefined ? name : `${name} ${version}`;
}

function muslIn({ distribution }: KnownImage): boolean {
  return distribution !== undefined && libcOf(distribution)?.name === 'musl';
}

function groundOf(
  { distribution, line }: KnownImage,
  { product }: Family,
  architecture: string,
): WheelGround {
  const libc = distribution && libcOf(distribution);
  return {
    architecture,
    ...(libc ? { libc } : {}),
    ...(product === 'python' && line !== undefined ? { python: line } : {}),
  };
}

/** Images that are not slim bring one, others where the Dockerfile installs it. */
function hasCompiler({ size, distribution }: KnownImage, { packages }: BaseUse): boolean {
  if (packages.some(({ name }) => COMPILERS.includes(name))) return true;
  return size === undefined && distribution?.name !== 'alpine';
}

function listed(found: readonly { readonly part: PythonPart; readonly is: Obtained }[]): string {
  return shortened(found.map(({ part, is }) => nameOf(part, is)))!;
}

function nameOf({ name, place }: PythonPart, { version }: Obtained): string {
  return `${name}${version === undefined ? '' : ` ${version}`} (${place})`;
}

/** @returns undefined for none */
function shortened(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
