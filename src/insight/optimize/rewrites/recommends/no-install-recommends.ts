// `--no-install-recommends` for apt-get: what is only recommended stays out, and what of it is needed is named.

import { formatSize } from '../../../../core/index.ts';
import { type Install, insertFlag, installs, madeOf, type Run } from '../../../lint/index.ts';
import type { DistributionEvidence } from '../../evidence.ts';
import { FEW_BYTES } from '../../leavings.ts';
import { isRestricted } from '../../recommended.ts';
import type { Proposal, Remark, Rewrite } from '../../rewrite.ts';
import type { Subject } from '../../subject.ts';
import { inWords, shortened } from '../../words.ts';
import { type Boldness, chooseKept, type Kept } from './choose-kept.ts';
import { type InstallingRun, installingRuns } from './installed-by.ts';
import { PAGE } from './page.ts';
import { type UsedPackages, usedPackages } from './used-packages.ts';

export const noInstallRecommends: Rewrite = {
  name: 'no-install-recommends',
  summary: 'do not install what packages of Debian only recommend, where it is not needed',
  goal: 'size',
  looksAt: 'distribution',
  page: PAGE,
  examples: [
    {
      before: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y curl gcc\nCOPY app /app\n',
      after:
        'FROM debian:trixie\nRUN apt-get update && apt-get install --no-install-recommends -y curl gcc ca-certificates\nCOPY app /app\n',
      packages: {
        curl: { line: 2, control: 'Recommends: ca-certificates', files: { 'usr/bin/curl': 400_000 } },
        'ca-certificates': {
          line: 2,
          automatic: true,
          files: { 'usr/share/ca-certificates/a.crt': 500_000 },
        },
        gcc: { line: 2, control: 'Recommends: libc6-dev', files: { 'usr/bin/gcc': 1_000_000 } },
        'libc6-dev': {
          ...({ line: 2, automatic: true, files: { 'usr/lib/libc.a': 5_000_000 } } as const),
          control: 'Section: libdevel\nRecommends: libgd3',
        },
        libgd3: { line: 2, automatic: true, files: { 'usr/lib/libgd.so.3': 20_000_000 } },
      },
    },
    {
      before: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y man-db\n',
      after: 'FROM debian:trixie\nRUN apt-get update && apt-get install --no-install-recommends -y man-db\n',
      packages: {
        'man-db': { line: 2, control: 'Recommends: manpages', files: { 'usr/bin/man': 100_000 } },
        manpages: {
          ...({ line: 2, automatic: true, control: 'Section: doc' } as const),
          files: { 'usr/share/man/man7/a.7.gz': 1_500_000 },
        },
      },
    },
  ],
  propose: (subject) => {
    const { distribution } = subject.evidence;
    // After a refusal the next one is tried, which is called something else.
    if (distribution?.asked === 'checks') return proposals(subject, distribution, ['all', 'documents']);
    return distribution?.asked ? proposals(subject, distribution, ['documents']) : [];
  },
  remarks: (subject) => {
    const { distribution } = subject.evidence;
    if (!distribution || distribution.asked === 'checks') return [];
    return proposals(subject, distribution, ['all']).map(({ claim: { bytes = 0 }, span, allows }): Remark => {
      const count = allows.reduce((sum, one) => sum + (one.what === 'packages' ? one.removed.length : 0), 0);
      return {
        what: `${formatSize(bytes)} in ${count === 1 ? 'a package' : `${count} packages`} that are only recommended are installed`,
        why: `nobody can be asked whether the image does without: --check 'command' says so`,
        ...{ span, bytes },
      };
    });
  },
};

function proposals(
  subject: Subject,
  distribution: DistributionEvidence,
  boldness: readonly Boldness[],
): readonly Proposal[] {
  return installingRuns(subject, distribution).flatMap((installing) => {
    const commands = unrestricted(subject, installing.run);
    if (commands.length === 0) return [];
    const usage = usedPackages(subject, installing, distribution);
    return boldness.flatMap((one): Proposal[] => {
      const request = { distribution, usage, words: wordsOf(commands), boldness: one };
      const kept = chooseKept(installing, request);
      const proposal = kept && proposalOf(installing, { kept, usage, commands, distribution });
      return proposal ? [proposal] : [];
    });
  });
}

/** The commands of a RUN that install recommendations as well. None where one of them is not understood. */
function unrestricted(subject: Subject, run: Run): readonly Install[] {
  const all = installs(subject.lint, { ...APT, programs: ['apt-get', 'apt'] }).filter(
    (one) => one.run === run,
  );
  return all.filter(({ command }) => !isRestricted(command));
}

/** Names of packages; undefined where one is no plain name. */
function wordsOf(commands: readonly Install[]): readonly string[] | undefined {
  const words = commands.flatMap(({ packages }) => packages.map(({ text }) => text));
  const names = words.map(
    (text) => /^([a-z0-9][a-z0-9+.-]*?)\+?(?::[a-z0-9]+)?(?:[=/][^*$]*)?$/.exec(text)?.[1],
  );
  return names.length > 0 && names.every((name) => name !== undefined) ? names : undefined;
}

/** A command that names more than that is nobody's idea of a better one. */
const MOST_NAMED = 6;
/** What each of them has to be worth: a longer line is no better one for a few manuals. */
const BYTES_PER_NAME = 1_000_000;
const MOST_SHOWN = 8;
const APT = { verbs: ['install'], valued: ['t', 'target-release', 'o', 'option', 'c', 'config-file'] };

interface Found {
  readonly kept: Kept;
  readonly usage: UsedPackages;
  readonly commands: readonly Install[];
  readonly distribution: DistributionEvidence;
}

function proposalOf(
  { table }: InstallingRun,
  { kept: { named, gone, recommended }, usage: { used }, commands, distribution }: Found,
): Proposal | undefined {
  const { owners } = distribution.database;
  const bytes = table.entries.reduce(
    (sum, { path, size }) => sum + (owners.get(path)?.every((id) => gone.has(id)) ? size : 0),
    0,
  );
  const least = Math.max(FEW_BYTES, named.length * BYTES_PER_NAME);
  if (gone.size === 0 || bytes < least || named.length > MOST_NAMED) return undefined;
  const last = commands.at(-1)!;
  const fixes = [
    ...commands.map(({ verb }) => insertFlag(verb, '--no-install-recommends')),
    ...(named.length === 0 ? [] : [insertFlag(last.command.args.at(-1)!, named.join(' '))]),
  ];
  const fix = fixes.every((one) => one !== undefined)
    ? madeOf('', together(fixes.flatMap(({ edits }) => edits)))
    : undefined;
  if (!fix) return undefined;
  const what = shortened(commands.flatMap(({ packages }) => packages.map(({ text }) => text)).join(' '), 40);
  const shown = [...gone].sort();
  const uses = named.flatMap((id) => {
    const by = used.get(id);
    return by === undefined ? [] : [`${id} is used by ${shortened(by, 40)}`];
  });
  return {
    title: `install ${what} without what is only recommended${named.length === 0 ? '' : `, but for ${shortened(named.join(' '), 60)}`}`,
    reason: [
      `${formatSize(bytes)} in ${gone.size === 1 ? 'a package' : `${gone.size} packages`} that nothing depends on, and nothing was seen to use: ${goneText(recommended, gone)}`,
      ...uses,
    ].join('; '),
    span: last.command.word.span,
    edits: fix.edits,
    claim: { bytes },
    allows: [{ what: 'packages', removed: shown }],
    mustAsk: true,
    risk: `a program that calls one of them by its name, or loads a library of theirs by itself, when nobody looks, does not find it: name it behind apt-get install`,
  };
}

/** What is recommended by what stays, the rest summed up. */
function goneText(recommended: readonly string[], { size }: Kept['gone']): string {
  const shown = recommended.slice(0, MOST_SHOWN);
  return size > shown.length ? `${shown.join(', ')}, and what came with them` : inWords(shown);
}

/** Edits at one place become one. */
function together(edits: NonNullable<ReturnType<typeof insertFlag>>['edits']): typeof edits {
  const found = new Map<string, (typeof edits)[number]>();
  for (const edit of edits) {
    const key = `${edit.start} ${edit.end}`;
    const known = found.get(key);
    found.set(key, known ? { ...known, text: known.text + edit.text } : edit);
  }
  return [...found.values()];
}
