// Packages of a language that a Dockerfile installs, on one base that was looked into: what is taken ready-made there, what is
// compiled, and what cannot be had.

import { obtain, onMusl, type WheelGround } from '../../compatibility/index.ts';
import type { Parts } from './parts.ts';

/** A base, as its files say. */
export interface PartsGround extends WheelGround {
  /** Whether there is a compiler, its own or one that the Dockerfile installs. */
  readonly compiler: boolean;
}

/** A package, and where it is named. */
export interface NamedPart {
  readonly name: string;
  readonly version?: string;
  /** `requirements.txt:3`. */
  readonly place: string;
}

/** What they come to there. */
export interface PartsOnBase {
  readonly python?: {
    readonly count: number;
    /** Of them, those with a wheel that fits. */
    readonly wheels: number;
    /** Only source, though there are wheels for other systems: code in C or the like is compiled. */
    readonly compiled: readonly NamedPart[];
    /** Only source, for any system: it may have nothing to compile. */
    readonly source: readonly NamedPart[];
    /** Neither. */
    readonly missing: readonly NamedPart[];
    /** Not for this Python. */
    readonly refused: readonly (NamedPart & { readonly wants?: string })[];
    /** Of how many it is not known, and why. */
    readonly unknown: number;
    readonly unanswered?: string;
  };
  readonly node?: {
    readonly file: string;
    /** Packages with code of their own for single platforms, or a script. */
    readonly native: number;
    readonly fits: number;
    /** They fetch a build, or compile one. */
    readonly scripts: readonly NamedPart[];
    /** What they bring is for glibc alone, and this is musl. */
    readonly glibc: readonly NamedPart[];
    /** The lock file has no build for musl. */
    readonly unlisted: readonly NamedPart[];
  };
  readonly compiler: boolean;
}

/** Looks at all of them; undefined where nothing is installed. */
export function partsOnBase(parts: Parts, ground: PartsGround): PartsOnBase | undefined {
  const python = pythonOn(parts.python, ground);
  const node = nodeOn(parts.node, ground);
  if (!python && !node) return undefined;
  return { ...(python ? { python } : {}), ...(node ? { node } : {}), compiler: ground.compiler };
}

function pythonOn(python: Parts['python'], ground: PartsGround): PartsOnBase['python'] {
  if (!python || python.parts.length + python.unread.length === 0) return undefined;
  const { parts, unread, unanswered } = python;
  const known = parts.flatMap(({ known: files, ...need }) => {
    if (!files) return [];
    const { version, as, native, wants } = obtain(need, files, ground);
    const part: NamedPart = {
      ...{ name: need.name, place: need.place },
      ...(version === undefined ? {} : { version }),
    };
    return [{ part, as, native, wants }];
  });
  const those = (wanted: string, native?: boolean) =>
    known
      .filter((one) => one.as === wanted && (native === undefined || one.native === native))
      .map(({ part }) => part);
  return {
    count: parts.length,
    wheels: those('wheel').length,
    ...{ compiled: those('built', true), source: those('built', false), missing: those('nothing') },
    refused: known.flatMap(({ part, as, wants }) =>
      as === 'refused' ? [{ ...part, ...(wants === undefined ? {} : { wants }) }] : [],
    ),
    unknown: parts.length - known.length + unread.length,
    ...(unanswered === undefined ? {} : { unanswered }),
  };
}

function nodeOn(node: Parts['node'], { libc, architecture }: PartsGround): PartsOnBase['node'] {
  if (!node) return undefined;
  const { needs, file } = node;
  const musl = libc?.name === 'musl';
  const fates = needs.map(({ name, version, ...need }) => {
    const fate = onMusl({ name, version, ...need }, architecture);
    const fits = !musl && fate !== 'script';
    return { part: { name, version, place: file }, fate: fits ? 'fits' : fate };
  });
  const those = (wanted: string) => fates.filter(({ fate }) => fate === wanted).map(({ part }) => part);
  return {
    ...{ file, native: needs.length, fits: those('fits').length },
    ...{ scripts: those('script'), glibc: those('glibc'), unlisted: those('unlisted') },
  };
}
