// Archives that a RUN downloads, unpacks, and leaves where they are.

import { cleanRelative, formatSize } from '../../../core/index.ts';
import { appendCommand, type Command, operands, type Run, runsOf } from '../../lint/index.ts';
import { FEW_BYTES, type ShippedRun, shippedRuns } from '../leavings.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';

export const removeDownloads: Rewrite = {
  name: 'remove-downloads',
  summary: 'remove archives that were downloaded and unpacked, in the RUN that did it',
  goal: 'size',
  page: `An archive that a RUN downloads and unpacks is of no use afterwards, and stays in the layer beside what came out of it. It
has to go in the same RUN: what a later one removes is only hidden.

By the commands, which have to download and unpack a file of the same name in one RUN, and by the layer's table of contents,
which says where it was left and how large it is. Nothing is proposed where an instruction below names the file, or was seen
to read it. The archive may be missing in the image, and nothing else may change.`,
  examples: [
    {
      before:
        'FROM debian:trixie\nRUN curl -fsSLo /tmp/tool.tgz https://example.com/tool.tgz \\\n && tar -xzf /tmp/tool.tgz -C /opt\nCMD ["/opt/tool"]\n',
      after:
        'FROM debian:trixie\nRUN curl -fsSLo /tmp/tool.tgz https://example.com/tool.tgz \\\n && tar -xzf /tmp/tool.tgz -C /opt \\\n && rm /tmp/tool.tgz\nCMD ["/opt/tool"]\n',
      steps: { 2: { layer: { 'tmp/tool.tgz': 9_000_000, 'opt/tool': 20_000_000 } } },
    },
    {
      before:
        'FROM debian:trixie\nWORKDIR /opt\nRUN wget https://example.com/tool_1.deb && dpkg -i tool_1.deb\n',
      after:
        'FROM debian:trixie\nWORKDIR /opt\nRUN wget https://example.com/tool_1.deb && dpkg -i tool_1.deb && rm /opt/tool_1.deb\n',
      steps: { 3: { layer: { 'opt/tool_1.deb': 9_000_000, 'usr/bin/tool': 20_000_000 } } },
    },
  ],
  propose: (subject) =>
    shippedRuns(subject).flatMap((shipped) =>
      shipped.run.commands.flatMap((command) => {
        const proposal = proposalOf(subject, shipped, command);
        return proposal ? [proposal] : [];
      }),
    ),
};

const ARCHIVE = /^[\w@%+=:,./-]+\.(?:tar|tgz|tbz2?|txz|tar\.\w+|zip|deb|rpm|apk|whl)$/;

function proposalOf(subject: Subject, { run, table }: ShippedRun, command: Command): Proposal | undefined {
  const archive = archiveOf(command);
  if (archive === undefined) return undefined;
  const name = archive.slice(archive.lastIndexOf('/') + 1);
  const before = run.commands.slice(0, run.commands.indexOf(command));
  if (!before.some((one) => isDownloadOf(one, name))) return undefined;
  const entry = table.entries.find(
    ({ path, type }) => type === 'file' && (path === name || path.endsWith(`/${name}`)),
  );
  if (!entry || entry.size < FEW_BYTES || !isAt(subject, run, { archive, path: entry.path }))
    return undefined;
  if (isNamedLater(subject, run, { name, path: entry.path })) return undefined;
  const last = run.commands.findLast(({ placed }) => placed.place.within.length === 0);
  const fix = last && appendCommand(last, `rm /${entry.path}`);
  if (!fix) return undefined;
  return {
    title: `remove /${entry.path} when it is unpacked`,
    reason: `${formatSize(entry.size)} of an archive stay in the layer beside what came out of it`,
    span: run.facts.clause.rest.span,
    edits: fix.edits,
    claim: { bytes: entry.size },
    allows: [{ what: 'files', change: 'removed', below: entry.path }],
  };
}

/** The archive that a command unpacks or installs. */
function archiveOf(command: Command): string | undefined {
  const { name, args } = command;
  const [first] = args;
  const isUnpacking =
    name === 'unzip' ||
    (name === 'tar' && /^-?[a-wyzA-Z]*x|^--extract$/.test(first?.text ?? '')) ||
    (['dpkg', 'rpm'].includes(name) && args.some(({ text }) => /^-[a-zA-Z]*[iU]|^--install$/.test(text)));
  return isUnpacking ? args.find(({ text }) => ARCHIVE.test(text))?.text : undefined;
}

function isDownloadOf({ name, args }: Command, file: string): boolean {
  if (name !== 'curl' && name !== 'wget') return false;
  return args.some(({ text }) => text === file || text.endsWith(`/${file}`) || text.endsWith(`=${file}`));
}

/** Whether the archive of a command is that file: written out, or in the working directory. */
function isAt(
  subject: Subject,
  run: Run,
  { archive, path }: { readonly archive: string; readonly path: string },
): boolean {
  if (archive.startsWith('/')) return cleanRelative(archive) === path;
  const directory = subject.lint.built.find(({ at }) => at === run.at)?.before.config.WorkingDir ?? '/';
  // Behind a `cd` it is where the layer has it: there is one of its name, and it was unpacked.
  return run.commands.some(({ name }) => name === 'cd') || cleanRelative(`${directory}/${archive}`) === path;
}

/** Whether what stands below has a use for it, or the RUN removes it already. */
function isNamedLater(
  subject: Subject,
  run: Run,
  { name, path }: { readonly name: string; readonly path: string },
): boolean {
  const removes = run.commands.some(
    (one) => one.name === 'rm' && operands(one).some(({ text }) => text.endsWith(name) || text.includes('*')),
  );
  return (
    removes ||
    subject.lint.dockerfile.instructions.some(
      (one) =>
        one.node.start > run.at.start &&
        (one.text.includes(name) || (subject.observed(one)?.reads?.files.has(path) ?? false)),
    ) ||
    runsOf(subject.lint).some(({ at, facts }) => at.start > run.at.start && facts.line.text.includes(name))
  );
}
