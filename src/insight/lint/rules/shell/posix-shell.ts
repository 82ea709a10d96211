import { bashisms } from '../../bashisms.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns } from '../../shell-scan.ts';
import { buildVariables, scriptVariables } from '../../shell-variables.ts';

export const posixShell: Rule = {
  name: 'PosixShell',
  codes: [
    'SC3001',
    'SC3002',
    'SC3003',
    'SC3004',
    'SC3005',
    'SC3006',
    'SC3008',
    'SC3009',
    'SC3010',
    'SC3011',
    'SC3014',
    'SC3015',
    'SC3016',
    'SC3017',
    'SC3020',
    'SC3021',
    'SC3024',
    'SC3025',
    'SC3026',
    'SC3028',
    'SC3030',
    'SC3034',
    'SC3037',
    'SC3038',
    'SC3039',
    'SC3040',
    'SC3043',
    'SC3044',
    'SC3045',
    'SC3046',
    'SC3047',
    'SC3050',
    'SC3053',
    'SC3054',
    'SC3057',
    'SC3059',
    'SC3060',
    'SC2112',
  ],
  severity: 'warning',
  summary: 'a RUN for sh has nothing that only bash knows',
  page: `RUN is for \`/bin/sh\` until SHELL says otherwise, and that is dash on Debian and Ubuntu, busybox on Alpine, bash on
Fedora. What only bash knows fails, or worse, means something else: \`cmd &> log\` starts \`cmd\` in the background in dash,
\`mkdir {a,b}\` makes one directory of that name, \`[ a == b ]\` is an error.

Write it in the way of POSIX (\`[ a = b ]\`, \`> log 2>&1\`, \`. file\`), or say that it is for bash:
\`SHELL ["/bin/bash", "-o", "pipefail", "-c"]\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN mkdir -p /srv/{a,b}',
      at: [2],
      good: 'FROM debian:trixie\nRUN mkdir -p /srv/a /srv/b',
    },
    {
      bad: 'FROM debian:trixie\nRUN if [[ -f /a ]]; then source /a; fi',
      at: [2, 2],
      good: 'FROM debian:trixie\nSHELL ["/bin/bash", "-c"]\nRUN if [[ -f /a ]]; then source /a; fi',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) => {
      const { run, script } = scanned;
      const { dialect } = run.shell;
      if (!['sh', 'dash', 'ash'].includes(dialect) || /^#!.*\b(bash|ksh|zsh)\b/.test(script.text)) return [];
      const { values } = scriptVariables(scanned);
      const known = buildVariables(subject, run);
      return (
        bashisms(scanned, { local: dialect !== 'sh' })
          // A variable of that name which the file sets is its own.
          .filter(
            ({ code, what }) => code !== 'SC3028' || !(values.has(what.slice(1)) || known.has(what.slice(1))),
          )
          .filter(({ code }) => dialect !== 'ash' || !ASH_KNOWS.has(code))
          .map(({ piece, code, what }) =>
            aboutPiece(run, piece, { message: `sh does not know ${what}`, codes: [code] }),
          )
      );
    }),
};

/** What busybox has of it. */
const ASH_KNOWS = new Set([
  'SC3010',
  'SC3014',
  'SC3020',
  'SC3028',
  'SC3037',
  'SC3039',
  'SC3040',
  'SC3043',
  'SC3045',
  'SC3046',
  'SC3057',
  'SC3060',
  'SC3003',
]);
