// The images that a Dockerfile stands on, and what it does with each.

import { positionAt, type SourceText, type Span } from '../../core/index.ts';
import type { BaseUse, ShellUse } from '../../insight/base/index.ts';
import {
  APK,
  APT,
  commandsOf,
  DEFAULT_LINT_OPTIONS,
  inspectForLint,
  installs,
  type LintSubject,
  readRuns,
} from '../../insight/lint/index.ts';
import type { CommandLine } from '../../lang/dockerfile/index.ts';
import { formatPlatform, type Platform } from '../../oci/image/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { storedConfig } from '../build/stored-image.ts';
import { type Wanted, wantedParts } from './parts/wanted.ts';
import type { BaseOptions } from './types.ts';

/** A base, and what is done on top of it. */
export interface UsedBase {
  readonly reference: string;
  readonly platform: Platform;
  readonly lines: readonly number[];
  readonly stages: readonly string[];
  readonly use: BaseUse;
  /** What it installs of languages. */
  readonly wanted: Wanted;
  readonly shell: ShellUse;
}

/** What decides how the text is read. */
export type ReadBasesOptions = Pick<BaseOptions, 'buildArgs' | 'target' | 'platform'>;

/** Reads a Dockerfile. @throws MilleError for what would make the build fail, as far as it is about the language */
export function readSubject(
  store: Store,
  source: SourceText,
  { buildArgs, target, platform }: ReadBasesOptions,
): LintSubject {
  const { subject, error } = inspectForLint({
    source,
    options: {
      ...{ buildArgs, hostPlatform: hostPlatform() },
      ...(target === undefined ? {} : { target }),
      ...(platform === undefined ? {} : { platform }),
    },
    image: ({ reference }) => storedConfig(store, reference),
    lint: { options: DEFAULT_LINT_OPTIONS, readRuns },
  });
  if (error) throw error;
  return subject;
}

/** Reads them. @throws MilleError as `readSubject` */
export function usedBases(store: Store, source: SourceText, options: ReadBasesOptions): UsedBase[] {
  return basesOf(readSubject(store, source, options));
}

/** The bases of a Dockerfile that was read. */
export function basesOf(subject: LintSubject): UsedBase[] {
  const roots = rootsOf(subject);
  const bases = new Map<string, { stages: LintSubject['stages'][number]['stage'][]; platform: Platform }>();
  for (const { stage } of subject.stages) {
    if (stage.base.kind !== 'image') continue;
    const key = `${stage.base.reference} ${formatPlatform(stage.base.platform)}`;
    const known = bases.get(key);
    if (known) known.stages.push(stage);
    else bases.set(key, { stages: [stage], platform: stage.base.platform });
  }
  return [...bases].map(([key, { stages, platform: own }]) => ({
    reference: key.slice(0, key.lastIndexOf(' ')),
    platform: own,
    lines: stages.map(({ from }) => lineOf(from.span)),
    stages: stages.map(({ name, index }) => name ?? String(index)),
    ...usedBy(subject, roots, new Set(stages.map(({ index }) => index))),
  }));
}

/** What is done on top of some stages. */
export function usedOn(
  subject: LintSubject,
  own: ReadonlySet<number>,
): Pick<UsedBase, 'use' | 'wanted' | 'shell'> {
  return usedBy(subject, rootsOf(subject), own);
}

function usedBy(
  subject: LintSubject,
  roots: ReadonlyMap<number, number>,
  own: ReadonlySet<number>,
): Pick<UsedBase, 'use' | 'wanted' | 'shell'> {
  const isOwn = (stage: number) => own.has(roots.get(stage) ?? -1);
  return {
    use: useOf(subject, roots, own),
    wanted: wantedParts(subject, isOwn),
    shell: shellUse(subject, isOwn),
  };
}

/** What a shell of the base is for. */
function shellUse({ dockerfile }: LintSubject, isOwn: (stage: number) => boolean): ShellUse {
  const own = dockerfile.stages
    .filter(({ index }) => isOwn(index))
    .flatMap(({ instructions }) => instructions);
  const started = own.flatMap((one) =>
    one.kind === 'cmd' || one.kind === 'entrypoint' ? [one.command] : [],
  );
  const asks = (command: CommandLine) =>
    command.form === 'shell' || /(?:^|\/)(?:ba|da|a|z)?sh$|\.sh$/.test(command.args[0]?.text ?? '');
  return {
    runs: own.some(({ kind }) => kind === 'run' || kind === 'onbuild'),
    starts: started.some(asks) || own.some(({ kind }) => kind === 'healthcheck' || kind === 'shell'),
    ownCommand: started.length > 0,
  };
}

function lineOf({ source, start }: Span): number {
  return positionAt(source, start).line;
}

/** The stage that each stands on in the end: one whose base is from elsewhere. */
function rootsOf({ stages }: LintSubject): ReadonlyMap<number, number> {
  const roots = new Map<number, number>();
  for (const { stage } of stages) {
    const below = stage.base.kind === 'stage' ? roots.get(stage.base.stage) : undefined;
    roots.set(stage.index, below ?? stage.index);
  }
  return roots;
}

function useOf(subject: LintSubject, roots: ReadonlyMap<number, number>, own: ReadonlySet<number>): BaseUse {
  const isOwn = (stage: number) => own.has(roots.get(stage) ?? -1);
  const commands = new Map<string, number[]>();
  for (const { run, command } of commandsOf(subject)) {
    if (!isOwn(run.stage.index)) continue;
    const name = command.name.slice(command.name.lastIndexOf('/') + 1);
    const lines = commands.get(name) ?? [];
    const line = lineOf(command.word.span);
    commands.set(name, lines.includes(line) ? lines : [...lines, line]);
  }
  const packages = [APT, APK].flatMap((installer) =>
    installs(subject, installer)
      .filter(({ run }) => isOwn(run.stage.index))
      .flatMap((install) =>
        install.packages.map(({ text, span }) => ({ name: text.split('=')[0]!, line: lineOf(span) })),
      ),
  );
  return {
    ...{ commands, packages },
    bash: [...shellLines(subject, isOwn), ...(commands.get('bash') ?? [])].toSorted((a, b) => a - b),
    foreign: foreignLines(subject, roots, own),
  };
}

function shellLines({ dockerfile }: LintSubject, isOwn: (stage: number) => boolean): number[] {
  return dockerfile.stages.flatMap(({ index, instructions }) =>
    instructions.flatMap((one) =>
      one.kind === 'shell' && isOwn(index) && /bash$/.test(one.shell[0]?.text ?? '')
        ? [lineOf(one.span)]
        : [],
    ),
  );
}

/** COPY of what was made on top of something else. */
function foreignLines(
  { dockerfile }: LintSubject,
  roots: ReadonlyMap<number, number>,
  own: ReadonlySet<number>,
): number[] {
  return dockerfile.stages.flatMap(({ index, instructions }) => {
    if (!own.has(roots.get(index) ?? -1)) return [];
    return instructions.flatMap((one) => {
      if (one.kind !== 'copy' || !one.from) return [];
      const name = one.from.text.toLowerCase();
      const source = dockerfile.stages.findLast(
        (stage) => stage.index < index && (stage.from.name === name || String(stage.index) === name),
      );
      return source && own.has(roots.get(source.index) ?? -1) ? [] : [lineOf(one.span)];
    });
  });
}
