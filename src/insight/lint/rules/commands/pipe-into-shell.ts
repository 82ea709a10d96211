import type { ShellNode } from '../../../../lang/shell/index.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';

const FETCHERS = new Set(['curl', 'wget']);
const RUNNERS = new Set([
  'sh',
  'bash',
  'ash',
  'dash',
  'zsh',
  'python',
  'python3',
  'perl',
  'ruby',
  'node',
  'php',
]);

export const pipeIntoShell: Rule = {
  name: 'PipeIntoShell',
  severity: 'warning',
  summary: 'a script from the network is looked at before it is run',
  page: `\`curl https://… | sh\` runs whatever the server sends today, as root, and nobody will know later what that was. The
result is cached as if it were always the same, and where the download breaks off half of the script runs. Fetch a
version into a file, compare its checksum and run that:

\`\`\`dockerfile
ADD --checksum=sha256:… https://example.com/install-1.2.sh /tmp/install.sh
RUN sh /tmp/install.sh
\`\`\`

Better still is a package or an image of it to copy from.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/install.sh | bash',
      at: [3],
      good: 'FROM debian:trixie\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/install.sh /tmp/\nRUN sh /tmp/install.sh',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, nodes, words }) => [
      ...nodes.flatMap((node) =>
        isFetchAndRun(node) ? [aboutPiece(run, node, { message: 'whatever the server sends is run' })] : [],
      ),
      // bash <(curl …), sh -c "$(curl …)"
      ...words.flatMap(({ word, node, role }) => {
        if (role !== 'argument' || !RUNNERS.has(nameOf(node))) return [];
        const isFetched = word.parts.some(
          (part) =>
            part.kind === 'substitution' &&
            part.script.statements.some((one) => FETCHERS.has(nameOf(one.node))),
        );
        return isFetched ? [aboutPiece(run, node, { message: 'whatever the server sends is run' })] : [];
      }),
    ]),
};

function isFetchAndRun(node: ShellNode): boolean {
  if (node.kind !== 'pipeline') return false;
  const fetch = node.commands.findIndex((one) => FETCHERS.has(runName(one)) && !writesFile(one));
  if (fetch < 0) return false;
  return node.commands.some((one, index) => index > fetch && RUNNERS.has(runName(one)) && readsInput(one));
}

/** The program of a command, also behind sudo and env. */
function runName(node: ShellNode): string {
  const name = nameOf(node);
  if (node.kind !== 'command' || !['sudo', 'env', 'exec'].includes(name)) return name;
  return node.words.slice(1).find(({ value }) => !/^-|=/.test(value))?.value ?? '';
}

/** `python -c '…'` and `node script.js` read what they are given as data. */
function readsInput(node: ShellNode): boolean {
  if (node.kind !== 'command') return false;
  const args = node.words.slice(1).map(({ value }) => value);
  if (/^(ba|a|da|z)?sh$/.test(runName(node))) return !args.includes('-c');
  return (
    args.every((value) => value === '-' || value.startsWith('-')) &&
    !args.some((value) => /^-[a-zA-Z]*[cemn]/.test(value))
  );
}

/** `curl -o file`: what is fetched does not go into the pipe. */
function writesFile(node: ShellNode): boolean {
  if (node.kind !== 'command') return false;
  const args = node.words.map(({ value }) => value);
  const flag = runName(node) === 'curl' ? /^-[a-zA-Z]*o$|^--output$/ : /^-[a-zA-Z]*O$|^--output-document$/;
  return args.some((value, index) => flag.test(value) && !/^(-|\/dev\/stdout)$/.test(args[index + 1] ?? '-'));
}
