import type { AddInstruction } from '../../../../lang/dockerfile/index.ts';
import { safeFix } from '../../fix.ts';
import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

/** What ADD unpacks where it is local, by name. */
const ARCHIVE =
  /\.(tar|tar\.(gz|bz2|xz|zst|lz|lzma|z)|gz|bz2|xz|zst|lz|lzma|z|tgz|tbz2?|tb2|tlz|tpz|txz|tzst|taz|tz2|t[zZ])$/i;

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\/|^git@/i;

export const copyInsteadOfAdd: Rule = {
  name: 'CopyInsteadOfAdd',
  codes: ['DL3020'],
  severity: 'error',
  summary: 'files and directories of the context are copied with COPY',
  page: `ADD does three things that its line does not show: it fetches what looks like an address, clones what looks like a
repository, and unpacks what is a tar, whatever its name. COPY takes files as they are, and that is nearly always
what is meant. A file that happens to become an archive one day is then still a file.

Keep ADD for exactly those three: \`ADD rootfs.tar.gz /\`, \`ADD --checksum=sha256:… https://…\`, \`ADD
https://….git#v1 /src\`.`,
  examples: [
    {
      bad: 'FROM python:3.13\nADD requirements.txt /app/\nADD rootfs.tar.gz /',
      at: [2],
      good: 'FROM python:3.13\nCOPY requirements.txt /app/\nADD rootfs.tar.gz /',
    },
    {
      bad: 'FROM python:3.13\nADD --chown=app:app . /app',
      at: [2],
      good: 'FROM python:3.13\nCOPY --chown=app:app . /app',
    },
  ],
  check: (subject) =>
    placed(subject, 'add').flatMap(({ instruction }) => {
      const plain = instruction.sources.filter(({ text }) => !isForAdd(unquoted(text)));
      if (plain.length + instruction.inlineFiles.length === 0) return [];
      const { keyword } = instruction.node.clause;
      const what = plain[0] ? `'${plain[0].text}' is` : 'here-documents are';
      return [
        about(
          instruction,
          `${what} copied as it is: COPY says so`.replace('are copied as it is', 'are copied as they are'),
          {
            word: keyword,
            fix: isCopy(instruction)
              ? safeFix('write COPY', [
                  { start: keyword.span.start, end: keyword.span.end, text: cased(keyword.text) },
                ])
              : undefined,
          },
        ),
      ];
    }),
};

function isForAdd(source: string): boolean {
  return ARCHIVE.test(source) || REMOTE.test(source);
}

/** Whether COPY does the same: nothing but local names, none of which may turn out to be something else. */
function isCopy({ sources, checksum, keepGitDir, unpack }: AddInstruction): boolean {
  if (checksum || keepGitDir !== undefined || unpack !== undefined) return false;
  return sources.every(({ text }) => !isForAdd(unquoted(text)) && !/[$*?[]/.test(text));
}

function cased(keyword: string): string {
  return keyword === keyword.toLowerCase() ? 'copy' : 'COPY';
}
