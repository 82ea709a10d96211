// chown and chmod of what was copied: COPY can do it, and then nothing is written twice.

import { formatSize, type TextEdit } from '../../../core/index.ts';
import type { Command } from '../../lint/index.ts';
import { FEW_BYTES, type ShippedRun, shippedRuns } from '../leavings.ts';
import { removeFromRun } from '../remove-from-run.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import { type Changed, changedBy } from '../rewritten-files.ts';
import type { Subject } from '../subject.ts';
import { inWords } from '../words.ts';
import { type Folded, folded } from './fold-owner.ts';

export const ownerInCopy: Rewrite = {
  name: 'owner-in-copy',
  summary: 'let COPY set owner and mode of what it copies',
  goal: 'size',
  page: `A change of owner or mode writes the whole file into the new layer: \`chown -R\` of 500 MB makes an image of one gigabyte.
\`COPY --chown\` and \`--chmod\` write it once. What a RUN made (\`node_modules\`) is changed by that RUN, before its layer is
sealed; of a directory that was there before, only its own entry is changed where it was.

By the tables of contents of the layers: which files were written again, whose they became, and which instruction had
brought each. Nothing is proposed where a COPY brings other files too, or some of them become another's than the rest, or
they come from the base image. Where the user is only made after the COPY, its number stands there in place of its name.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM node:24\nCOPY --from=build /srv /srv\nCOPY app /app\nRUN chown -R node:node /app\nUSER node\n',
      after: 'FROM node:24\nCOPY --from=build /srv /srv\nCOPY --chown=node:node app /app\nUSER node\n',
      context: { 'app/a.js': 900_000, 'app/lib/b.js': 10 },
      steps: {
        4: {
          layer: {
            app: { type: 'dir', mode: 0o755, uid: 1000, gid: 1000 },
            'app/a.js': { size: 900_000, uid: 1000, gid: 1000 },
            'app/lib': { type: 'dir', mode: 0o755, uid: 1000, gid: 1000 },
            'app/lib/b.js': { size: 10, uid: 1000, gid: 1000 },
          },
        },
      },
    },
    {
      before:
        'FROM node:24\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nRUN useradd app && chown -R app /app\nUSER app\n',
      after:
        'FROM node:24\nWORKDIR /app\nCOPY --chown=1000:0 package.json .\nRUN npm install && chown -R 1000:0 /app/node_modules\nRUN useradd app && chown app /app\nUSER app\n',
      context: { 'package.json': 90 },
      steps: {
        2: { layer: { app: { type: 'dir', mode: 0o755 } } },
        4: {
          layer: {
            'app/node_modules': { type: 'dir', mode: 0o755 },
            'app/node_modules/a.js': 7_000_000,
          },
        },
        5: {
          layer: {
            'etc/passwd': 900,
            app: { type: 'dir', mode: 0o755, uid: 1000 },
            'app/package.json': { size: 90, uid: 1000 },
            'app/node_modules': { type: 'dir', mode: 0o755, uid: 1000 },
            'app/node_modules/a.js': { size: 7_000_000, uid: 1000 },
          },
        },
      },
    },
    {
      before:
        'FROM debian:trixie\nCOPY tool /usr/local/bin/\n# it must be a program\nRUN chmod +x /usr/local/bin/tool\n',
      after: 'FROM debian:trixie\nCOPY --chmod=0755 tool /usr/local/bin/\n',
      context: { tool: 900_000 },
      steps: { 4: { layer: { 'usr/local/bin/tool': { size: 900_000, mode: 0o755 } } } },
    },
  ],
  propose: (subject) =>
    shippedRuns(subject).flatMap((one) =>
      one.run.commands.flatMap((command) => {
        const proposal = proposalOf(subject, one, command);
        return proposal ? [proposal] : [];
      }),
    ),
};

function proposalOf(subject: Subject, shipped: ShippedRun, command: Command): Proposal | undefined {
  const changed = changedBy(subject, shipped, command);
  if (!changed || changed.bytes < FEW_BYTES) return undefined;
  const found = folded(subject, changed);
  const rest = found && withoutCommand(subject, shipped, { changed, keep: found.directories });
  if (!found || !rest) return undefined;
  const { run } = shipped;
  const { start, end } = run.at;
  const others = run.commands.filter(
    (other) =>
      other !== command &&
      changedBy(subject, shipped, other)?.paths.some((one) => changed.paths.includes(one)),
  );
  return {
    title: titleOf(found, changed),
    reason: reasonOf(changed),
    span: { source: subject.draft.source, start, end },
    edits: [...found.edits, ...rest],
    // As long as another command writes them again, they are.
    claim: others.length > 0 ? {} : { bytes: changed.bytes },
    allows: [],
  };
}

function titleOf({ flags }: Folded, { command, paths }: Changed): string {
  const what = inWords(paths.map((path) => `/${path}`));
  return flags.length > 0
    ? `COPY ${inWords([...new Set(flags)])} in place of ${command.name} of ${what} below it`
    : `${command.name} of ${what} in the RUN that makes it`;
}

function reasonOf({ command, bytes, entries }: Changed): string {
  const files = entries.filter(({ type }) => type !== 'dir').length;
  return `${command.name} writes ${formatSize(bytes)} in ${files} ${files === 1 ? 'file' : 'files'} once more into its layer`;
}

/** The command goes, or is left for directories that nobody copies. */
function withoutCommand(
  subject: Subject,
  { run }: ShippedRun,
  { changed, keep }: { readonly changed: Changed; readonly keep: readonly string[] },
): readonly TextEdit[] | undefined {
  if (keep.length === 0) return removeFromRun(subject, run, changed.command);
  if (keep.length > 4) return undefined;
  const { name, spec } = changed;
  return removeFromRun(
    subject,
    run,
    changed.command,
    [name, spec, ...keep.map((one) => `/${one}`)].join(' '),
  );
}
