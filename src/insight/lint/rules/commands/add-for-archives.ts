import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';
import { type Command, operands, runsOf } from '../../run-commands.ts';

const ARCHIVE =
  /\.(tar|tar\.(gz|bz2|xz|zst|lz|lzma|z)|gz|bz2|xz|zst|lz|lzma|z|tgz|tbz2?|tb2|tlz|tpz|txz|tzst|taz|tz2|t[zZ])$/i;

const UNPACKERS = new Set([
  'unzip',
  'gunzip',
  'bunzip2',
  'unlzma',
  'unxz',
  'unzstd',
  'zgz',
  'uncompress',
  'zcat',
  'gzcat',
]);

export const addForArchives: Rule = {
  name: 'AddForArchives',
  codes: ['DL3010'],
  severity: 'info',
  summary: 'an archive of the context is unpacked by ADD',
  page: `COPY of an archive and RUN that unpacks it put its content into the image twice: packed in one layer, unpacked in the
next. \`ADD app.tar.gz /opt/\` unpacks a tar while it copies, whether it is compressed with gzip, bzip2, xz or zstd,
and the archive itself never gets in. (Not zip: for that mount the file, \`RUN
--mount=type=bind,source=a.zip,target=/a.zip unzip /a.zip\`.)`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt',
      at: [2],
      good: 'FROM debian:trixie\nADD app.tar.gz /opt/',
    },
  ],
  check: (subject) => {
    const runs = runsOf(subject);
    return placed(subject, 'copy').flatMap(({ stage, instruction }) => {
      if (instruction.from) return [];
      const target = baseName(instruction.destination.text);
      const names = ARCHIVE.test(target) ? [target] : instruction.sources.map(({ text }) => baseName(text));
      const archives = names.filter((name) => ARCHIVE.test(name));
      const unpacked = archives.find((name) =>
        runs.some(
          (run) =>
            run.stage === stage &&
            run.at.start > instruction.node.start &&
            run.commands.some((one) => unpacks(one, name)),
        ),
      );
      if (unpacked === undefined) return [];
      return [
        about(instruction, `'${unpacked}' is unpacked below: ADD unpacks while it copies`, {
          word: instruction.sources[0],
        }),
      ];
    });
  },
};

function unpacks(command: Command, archive: string): boolean {
  const isUnpacker = UNPACKERS.has(command.name) || (command.name === 'tar' && isExtraction(command));
  return isUnpacker && command.args.some(({ text }) => baseName(text) === archive);
}

function isExtraction(command: Command): boolean {
  const first = operands(command)[0];
  return (
    command.args.some(({ text }) => text === '--extract' || text === '--get' || /^-[^-]*x/.test(text)) ||
    // The old form without a dash: tar xzf.
    (first?.at === 0 && /^[a-zA-Z]*x[a-zA-Z]*$/.test(first.text) && command.args.length > 1)
  );
}

function baseName(path: string): string {
  return unquoted(path).replace(/^.*[/\\]/, '');
}
