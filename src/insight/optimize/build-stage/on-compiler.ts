// Images that stand on a compiler and start a program that was compiled: they need nothing of it but the distribution
// below.

import type { SystemName } from '../../packages/index.ts';
import { commandFiles } from '../../programs/index.ts';
import { neededStages } from '../needed-stages.ts';
import type { Subject } from '../subject.ts';
import { partsOf } from './roles.ts';
import { stageFiles } from './stage-files.ts';

/** Compilers whose programs run without them. */
const COMPILERS = /(^|\/)bin\/(go|rustc|cargo|gcc|g\+\+|cc|clang|ghc|zig|swiftc|crystal|nim|gnat|gfortran)$/;

/** What the last stage stands on, where that has a compiler, and its instructions made or brought the program that it starts. */
export function standsOnCompiler(
  subject: Subject,
): { readonly reference: string; readonly program: string } | undefined {
  const { lint, evidence, around } = subject;
  if (/^\d+$/.test(around.options.target ?? '')) return undefined;
  const last = lint.dockerfile.stages.at(-1);
  const facts = lint.stages.find(({ stage }) => stage.index === last?.index);
  if (!last || !facts || !neededStages(subject).has(last.index)) return undefined;
  const { base, replaced } = facts.stage;
  if (base.kind !== 'image' || replaced) return undefined;
  const parts = partsOf(subject, last.index);
  const files = parts && stageFiles(subject, parts);
  const program = files && commandFiles(files.whole, evidence.image.config)?.at(-1);
  if (program === undefined || !files?.makers.has(program)) return undefined;
  if ((evidence.programs?.get(program)?.kind ?? 'elf') !== 'elf') return undefined;
  const hasCompiler = [...files.base.entries.values()].some(
    ({ path, type }) => type !== 'dir' && COMPILERS.test(path),
  );
  return hasCompiler ? { reference: base.reference, program } : undefined;
}

/** The image of a distribution and nothing else, by the name that it has in Docker Hub. */
export function plainImageOf({ id, version, codename }: SystemName): string | undefined {
  if (id === 'debian') return codename === undefined ? undefined : `debian:${codename}-slim`;
  if (id === 'ubuntu') return version === undefined ? undefined : `ubuntu:${version}`;
  const [release] = /^\d+\.\d+/.exec(version ?? '') ?? [];
  return id === 'alpine' && release !== undefined ? `alpine:${release}` : undefined;
}
