// Trees of sources that a RUN unpacks, builds, installs from, and leaves where they are.

import { formatSize } from '../../../core/index.ts';
import type { Entry } from '../../../oci/image/index.ts';
import { appendCommand, type Command, hasArgument, type Run } from '../../lint/index.ts';
import { FEW_BYTES, type ShippedRun, shippedRuns } from '../leavings.ts';
import type { Proposal, Remark, Rewrite } from '../rewrite.ts';
import { commonPlace, madeLayers } from '../stored.ts';
import type { Subject } from '../subject.ts';
import { inWords } from '../words.ts';

export const removeBuildTree: Rewrite = {
  name: 'remove-build-tree',
  summary: 'remove sources that were unpacked, built and installed, in the RUN that did it',
  goal: 'size',
  page: `\`make install\` copies what it made to where it belongs; the tree that it was made in stays, with the sources and all object
files. It has to go in the same RUN: what a later one removes is only hidden.

By the commands (\`make\`, \`ninja\`, \`cmake\`, \`meson\` with \`install\`) and by the layer's table of contents: a directory that
was not there before, in which a build has left its marks (object files, \`config.status\`, \`CMakeCache.txt\`), beside which
something was installed. Nothing is proposed where it was installed into that directory, where the config, a link or an
instruction below names it, or a command below was seen to look into it.

The tree may be missing in the image, and nothing else may change. As a program may want its sources when it runs, the change
stays only where something could be asked: a \`--check\`, the HEALTHCHECK, or the image's own command. What a build has left
among files that were copied is told; a stage of its own for the build ([build-stage](#build-stage)) ships none of it.`,
  examples: [
    {
      before:
        'FROM debian:trixie\nRUN curl -fsSL https://example.com/tool-1.0.tgz | tar -xz \\\n && cd tool-1.0 && ./configure && make && make install\nCMD ["tool", "serve"]\n',
      after:
        'FROM debian:trixie\nRUN curl -fsSL https://example.com/tool-1.0.tgz | tar -xz \\\n && cd tool-1.0 && ./configure && make && make install \\\n && rm -rf /tool-1.0\nCMD ["tool", "serve"]\n',
      steps: {
        2: {
          layer: {
            'tool-1.0': { type: 'dir' },
            'tool-1.0/a.o': 9_000_000,
            'tool-1.0/config.status': 900,
            'usr/local/bin/tool': 500_000,
          },
        },
      },
    },
  ],
  propose: (subject) => shippedRuns(subject).flatMap((shipped) => proposalOf(subject, shipped) ?? []),
  remarks: remarksOf,
};

/** What builds leave and installs do not bring. */
const MARK = /\.(?:o|lo|obj)$|(?:^|\/)(?:config\.status|CMakeCache\.txt|build\.ninja|\.ninja_log)$/;
const MAKERS = /^(?:g?make|ninja|cmake|meson)$/;

function isInstall(command: Command): boolean {
  return (
    MAKERS.test(command.name) &&
    hasArgument(command, 'install', '--install', 'install-strip', 'install/strip')
  );
}

function isFile({ type }: Entry): boolean {
  return type === 'file' || type === 'hardlink';
}

/** The topmost directories that a layer has made, and in which a build took place. */
function treesOf(subject: Subject, { run, table }: ShippedRun): readonly string[] {
  const marks = table.entries.filter((entry) => isFile(entry) && MARK.test(entry.path));
  if (marks.length === 0) return [];
  const below = new Set<string>();
  for (const { built, table: one } of madeLayers(subject)) {
    if (built?.at === run.at) break;
    for (const { path, type } of one.entries)
      if (type !== 'whiteout' && type !== 'opaque') addWithParents(below, path);
  }
  const trees = marks.map(({ path }) => {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length++) {
      const directory = parts.slice(0, length).join('/');
      if (!below.has(directory)) return directory;
    }
    return '';
  });
  return [...new Set(trees)].filter((tree) => tree !== '');
}

function addWithParents(all: Set<string>, path: string): void {
  for (let at = path; at !== '' && !all.has(at); at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
    all.add(at);
}

/** Directories that programs are installed into: one that a build has made is no tree of sources. */
const PLACES =
  /^(?:usr|bin|sbin|lib\d*|etc|var|opt|usr\/local|usr\/(?:bin|sbin|lib\d*|share|libexec|include))$/;

function proposalOf(subject: Subject, shipped: ShippedRun): Proposal | undefined {
  const { run, table } = shipped;
  if (!run.commands.some(isInstall)) return undefined;
  const removed = run.commands
    .filter(({ name }) => name === 'rm')
    .flatMap(({ args }) => args.map(({ text }) => text));
  const trees = treesOf(subject, shipped);
  if (
    trees.length === 0 ||
    trees.length > 3 ||
    trees.some((tree) => PLACES.test(tree) || !/^[\w@%+=:,./-]+$/.test(tree))
  )
    return undefined;
  const isWithin = (path: string) => trees.some((tree) => path === tree || path.startsWith(`${tree}/`));
  const files = table.entries.filter((entry) => isFile(entry) && isWithin(entry.path));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const installed = table.entries.some((entry) => isFile(entry) && entry.size > 0 && !isWithin(entry.path));
  if (bytes < FEW_BYTES || !installed || trees.some((tree) => isNamed(subject, run, tree))) return undefined;
  if (isLinkedTo(subject, isWithin)) return undefined;
  const last = run.commands.findLast(({ placed }) => placed.place.within.length === 0);
  const places = trees.map((tree) => `/${tree}`);
  // What was seen was of the text without it.
  if (places.every((place) => removed.includes(place))) return undefined;
  const fix = last && appendCommand(last, `rm -rf ${places.join(' ')}`);
  if (!fix) return undefined;
  return {
    title: `remove ${inWords(places)} when it is installed`,
    reason: `${formatSize(bytes)} in ${files.length} files of a build stay in the layer beside what it installed`,
    span: run.facts.clause.rest.span,
    edits: fix.edits,
    claim: { bytes },
    allows: trees.map((below) => ({ what: 'files', change: 'removed', below })),
    mustAsk: true,
    risk: 'a program that looks for its own sources when it runs does not find them',
  };
}

/** Whether something else knows the tree: an instruction below or the config, a command below, the prefix of the install. */
function isNamed({ evidence, lint, observed }: Subject, run: Run, tree: string): boolean {
  const path = `/${tree}`;
  const name = tree.slice(tree.lastIndexOf('/') + 1);
  const { WorkingDir, Env, Entrypoint, Cmd, Volumes } = evidence.image.config.config ?? {};
  const config = [WorkingDir, Env, Entrypoint, Cmd, Object.keys(Volumes ?? {})].flat().join('\n');
  if (
    `${config}\n`.includes(path) ||
    new RegExp(`=["']?${escaped(path)}(?![\\w.-])`).test(run.facts.line.text)
  )
    return true;
  return lint.dockerfile.stages.some(({ instructions }) =>
    instructions.some((one) => {
      if (one.node.start <= run.at.start) return one.kind === 'workdir' && one.text.includes(path);
      const { files, looked, listed } = observed(one)?.reads ?? {};
      const seen = [...(files ?? []), ...(looked ?? []), ...(listed ?? [])];
      return one.text.includes(name) || seen.some((each) => each === tree || each.startsWith(`${tree}/`));
    }),
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether a link from outside leads into it. */
function isLinkedTo({ evidence }: Subject, isWithin: (path: string) => boolean): boolean {
  return evidence.image.tables.some(({ entries }) =>
    entries.some(({ path, type, link = '' }) => {
      if ((type !== 'symlink' && type !== 'hardlink') || isWithin(path)) return false;
      return isWithin(link.replace(/^(?:\/|(?:\.\.\/)+)/, ''));
    }),
  );
}

const FEWEST_BYTES = 1_000_000;

/** Object files among what was copied. */
function remarksOf(subject: Subject): readonly Remark[] {
  return shippedRuns(subject).flatMap((shipped): Remark[] => {
    const objects = shipped.table.entries.filter(
      (entry) => isFile(entry) && /\.(?:o|lo|obj)$/.test(entry.path),
    );
    const bytes = objects.reduce((sum, { size }) => sum + size, 0);
    if (bytes < FEWEST_BYTES) return [];
    const { span } = shipped.run.facts.clause.rest;
    const place = commonPlace(objects.map(({ path }) => path));
    return [
      {
        what: `${formatSize(bytes)} of object files are in the image: ${objects.length} below ${place}`,
        why: 'whether something reads them when it runs is not known. Where the build is a stage of its own, only what is copied from it is shipped',
        ...{ span, bytes },
      },
    ];
  });
}
