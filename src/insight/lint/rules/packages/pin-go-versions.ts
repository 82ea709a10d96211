import { installs } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import type { Rule } from '../../rule.ts';

/** Flags of the go command whose value is the next word. */
const VALUED = [
  'C',
  'p',
  'covermode',
  'coverpkg',
  'asmflags',
  'buildmode',
  'compiler',
  'gccgoflags',
  'gcflags',
  'installsuffix',
  'ldflags',
  'mod',
  'modfile',
  'overlay',
  'pgo',
  'pkgdir',
  'tags',
  'toolexec',
  'exec',
];

const FETCH = { programs: ['go'], verbs: ['install', 'get'], valued: VALUED } as const;
const EXECUTE = { programs: ['go'], verbs: ['run'], valued: VALUED } as const;

export const pinGoVersions: Rule = {
  name: 'PinGoVersions',
  codes: ['DL3062'],
  severity: 'warning',
  summary: 'Go programs are fetched in a version that is written down',
  page: `\`go install golang.org/x/tools/cmd/stringer\` and \`…@latest\` take the newest release of the day; \`…@v0.38.0\`
the one you know. What a module's own \`go.mod\` requires is pinned there already: paths that begin with \`.\` or \`/\` are
not reported.`,
  examples: [
    {
      bad: 'FROM golang:1.26\nRUN go install golang.org/x/tools/cmd/stringer@latest',
      at: [2],
      good: 'FROM golang:1.26\nRUN go install golang.org/x/tools/cmd/stringer@v0.38.0',
    },
  ],
  check: (subject) => [
    ...installs(subject, FETCH).flatMap((one) =>
      unpinned({ ...one, packages: one.packages.filter(({ text }) => text !== 'tool') }, isPinned),
    ),
    // What follows the package is for the program.
    ...installs(subject, EXECUTE).flatMap((one) =>
      unpinned({ ...one, packages: one.packages.slice(0, 1) }, isPinned),
    ),
  ],
};

function isPinned(name: string): boolean {
  return /^[./]/.test(name) || (name.includes('@') && !/@(latest|none)$/.test(name));
}
