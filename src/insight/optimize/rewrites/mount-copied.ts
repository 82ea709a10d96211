// What is copied, used up and removed: given to the command that uses it as a mount, it gets into no layer.

import { formatSize, type TextEdit } from '../../../core/index.ts';
import { changed } from '../change.ts';
import { type ConsumedCopy, consumedCopies } from '../consumed-copies.ts';
import { FEW_BYTES } from '../leavings.ts';
import { linesOf, replaceLines } from '../lines.ts';
import { removeFromRun } from '../remove-from-run.ts';
import type { Expected, Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { inWords, shortened } from '../words.ts';

export const mountCopied: Rewrite = {
  name: 'mount-copied',
  summary: 'mount what is copied to be used once and removed, and copy none of it',
  goal: 'size',
  page: `An archive, a package or an installer that COPY brings, a RUN unpacks, and \`rm\` removes again is in the image all the
same: its layer stays below, where no container sees it. \`RUN --mount=type=bind\` shows the file to the command alone; the
COPY and the \`rm\` go. It needs no room in any layer, and one step less is built.

By the tables of contents: all that the COPY brings is gone after the RUN in which \`rm\` names it, and nothing was there
before it. Not for patterns (another file may fit tomorrow), for \`--chown\` and \`--chmod\`, which a mount has no idea of, for an
\`rm\` that removes other things in the same breath, for what is moved away, and not where another command has changed it. A
directory is mounted with \`rw\`: what a build writes there is thrown away with the mount.

Nothing in the image may change.`,
  examples: [
    {
      before:
        'FROM debian:trixie\nRUN useradd app\nCOPY tool.tar.gz /tmp/\nRUN tar -xzf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz\nCMD ["/opt/tool"]\n',
      after:
        'FROM debian:trixie\nRUN useradd app\nRUN --mount=type=bind,source=tool.tar.gz,target=/tmp/tool.tar.gz tar -xzf /tmp/tool.tar.gz -C /opt\nCMD ["/opt/tool"]\n',
      context: { 'tool.tar.gz': 9_000_000 },
      steps: {
        2: { layer: { tmp: { type: 'dir', mode: 0o1777 } } },
        4: { layer: { 'opt/tool': 20_000_000, 'tmp/tool.tar.gz': { type: 'whiteout' } } },
      },
    },
    {
      before:
        'FROM debian:trixie\nWORKDIR /srv\nCOPY --from=build /out/app.deb ./\nRUN apt-get update\nRUN dpkg -i app.deb\nRUN rm -f app.deb\n',
      after:
        'FROM debian:trixie\nWORKDIR /srv\nRUN apt-get update\nRUN --mount=type=bind,from=build,source=/out/app.deb,target=/srv/app.deb dpkg -i app.deb\n',
      steps: {
        3: { layer: { 'srv/app.deb': 9_000_000 } },
        5: { layer: { 'usr/bin/app': 20_000_000 } },
        6: { layer: { 'srv/app.deb': { type: 'whiteout' } } },
      },
    },
  ],
  propose: (subject) =>
    consumedCopies(subject).flatMap((one) => (one.bytes < FEW_BYTES ? [] : (proposalOf(subject, one) ?? []))),
};

function proposalOf(subject: Subject, consumed: ConsumedCopy): Proposal | undefined {
  const { built, instruction, places, bytes, remover, removals, users } = consumed;
  const removed: TextEdit[] = [];
  for (const command of removals) {
    const edits = removeFromRun(subject, remover, command);
    if (!edits) return undefined;
    removed.push(...edits);
  }
  const flags = mountsOf(consumed);
  const mounts = users.map(({ facts }): TextEdit => {
    const { end } = facts.clause.keyword.span;
    return { start: end, end, text: flags };
  });
  const edits = [...replaceLines(linesOf(subject, instruction), ''), ...mounts, ...removed];
  const expects = expectedOf(subject, consumed, edits);
  if (!expects) return undefined;
  const what = inWords(places.map(({ path }) => `/${path}`));
  const [first] = users;
  return {
    title: `mount ${what} in ${shortened(first!.facts.line.text, 40)}`,
    reason: `${formatSize(bytes)} that ${shortened(instruction.text, 40)} brings stay in its layer, though line ${remover.at.line} removes them`,
    span: built.instruction.span,
    edits,
    ...(expects.length > 0 ? { expects } : {}),
    claim: { bytes },
    allows: [],
  };
}

function mountsOf({ instruction, places }: ConsumedCopy): string {
  const { from } = instruction;
  return places
    .map(({ source, path, isDirectory }) => {
      const fields = [
        ...(from ? [`from=${from.text}`] : []),
        ...(source === '' ? [] : [`source=${from ? '/' : ''}${source}`]),
        `target=/${path}`,
        ...(isDirectory ? ['rw'] : []),
      ];
      return ` --mount=type=bind,${fields.join(',')}`;
    })
    .join('');
}

/** The same steps with other words; the one that removed it removes nothing any more. */
function expectedOf(
  subject: Subject,
  { places, users, remover }: ConsumedCopy,
  edits: readonly TextEdit[],
): readonly Expected[] | undefined {
  const made = changed(subject, { edits });
  if (!made) return undefined;
  const gone = new Set(places.map(({ path }) => path));
  const instructions = subject.lint.dockerfile.stages.flatMap((stage) => stage.instructions);
  const before = [...new Set([...users, remover])].flatMap(
    ({ at }) => instructions.find(({ node }) => node === at) ?? [],
  );
  const known = new Set(before.map((one) => subject.observed(one)?.id));
  return made.lint.dockerfile.stages
    .flatMap((stage) => stage.instructions)
    .flatMap((one): Expected[] => {
      const step = made.observed(one);
      if (!step?.table || !known.has(step.id)) return [];
      const entries = step.table.entries.filter(({ path, type }) => type !== 'whiteout' || !gone.has(path));
      return [{ text: one.text, step: { ...step, table: { entries } } }];
    });
}
