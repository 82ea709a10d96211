// Images that stand on a compiler and start a program that was compiled: they need nothing of it but the distribution
// below.

import type { SystemName } from '../../packages/index.ts';
import { commandFiles } from '../../programs/index.ts';
import { neededStages } from '../needed-stages.ts';
import type { Subject } from '../subject.ts';
import { javaOf } from './java.ts';
import { partsOf } from './roles.ts';
import { stageFiles } from './stage-files.ts';

/** Compilers whose programs run without them. */
const COMPILERS = /(^|\/)bin\/(go|rustc|cargo|gcc|g\+\+|cc|clang|ghc|zig|swiftc|crystal|nim|gnat|gfortran)$/;

const JAVAC = /(^|\/)bin\/javac$/;

/** A base with a compiler. */
export interface CompilerBase {
  /** As FROM names it. */
  readonly reference: string;
  /** The path of `java`, where that is what the program is for. */
  readonly java?: string;
}

/** What the last stage stands on, where that has a compiler, and its instructions made or brought the program that it starts. */
export function standsOnCompiler(subject: Subject): CompilerBase | undefined {
  const { lint, evidence, around } = subject;
  if (/^\d+$/.test(around.options.target ?? '')) return undefined;
  const last = lint.dockerfile.stages.at(-1);
  const facts = lint.stages.find(({ stage }) => stage.index === last?.index);
  if (!last || !facts || !neededStages(subject).has(last.index)) return undefined;
  const { base, replaced } = facts.stage;
  if (base.kind !== 'image' || replaced) return undefined;
  const parts = partsOf(subject, last.index);
  const files = parts && stageFiles(subject, parts);
  const command = files && commandFiles(files.whole, evidence.image.config);
  const program = command?.at(-1);
  if (!files || program === undefined) return undefined;
  const has = (compilers: RegExp) =>
    [...files.base.entries.values()].some(({ path, type }) => type !== 'dir' && compilers.test(path));
  const programs = evidence.programs ?? new Map();
  const java = javaOf({ whole: files.whole, made: files.makers.keys(), command: command!, programs });
  if (java !== undefined)
    return files.base.entries.has(java) && has(JAVAC) ? { reference: base.reference, java } : undefined;
  if (!files.makers.has(program) || (programs.get(program)?.kind ?? 'elf') !== 'elf') return undefined;
  return has(COMPILERS) ? { reference: base.reference } : undefined;
}

/** The image of a distribution and nothing else, by the name that it has in Docker Hub. */
export function plainImageOf({ id, version, codename }: SystemName): string | undefined {
  if (id === 'debian') return codename === undefined ? undefined : `debian:${codename}-slim`;
  if (id === 'ubuntu') return version === undefined ? undefined : `ubuntu:${version}`;
  const [release] = /^\d+\.\d+/.exec(version ?? '') ?? [];
  return id === 'alpine' && release !== undefined ? `alpine:${release}` : undefined;
}
