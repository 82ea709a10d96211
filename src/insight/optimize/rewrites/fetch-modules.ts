// Go: modules are fetched by a step of their own, which only go.mod and go.sum can make run again.

import { baseName } from '../../../core/index.ts';
import { type BuiltInstruction, type Command, type Run, runsOf } from '../../lint/index.ts';
import { basisOf, commitsOf } from '../commits.ts';
import { type ContextCopy, contextCopies } from '../context-copies.ts';
import { copyLines } from '../copy-lines.ts';
import { gainOf } from '../gain.ts';
import { shippedRuns } from '../leavings.ts';
import { insertAbove } from '../lines.ts';
import { workdirOf } from '../needs.ts';
import { neededStages } from '../rebuild-cost.ts';
import type { Proposal, Rewrite } from '../rewrite.ts';
import { builtOf, type Subject } from '../subject.ts';
import { inSeconds } from '../words.ts';

/** How much of a build that fetches too is taken to be fetching. */
const SHARE = 0.4;

const FETCH = 'RUN go mod download';

export const fetchModules: Rewrite = {
  name: 'fetch-modules',
  summary: 'fetch Go modules before the sources are copied',
  goal: 'rebuild',
  page: `\`go build\` fetches the modules that it needs. Below \`COPY . .\` it fetches them again after each change of a file. Here
\`go.mod\` and \`go.sum\` are copied first and \`go mod download\` fetches what they name; the build finds it there.

\`go mod download\` fetches modules that only tests need, too. In a stage that is built to be copied from, that is nobody's
concern; in one that is shipped the directory of modules may have more in it, and its lists of versions may be longer;
nothing else may change.

Nothing is proposed where the modules are in the context (\`vendor\`), where a module is replaced by a directory of the
context, or where there are none.`,
  examples: [
    {
      before:
        'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      after:
        'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      context: { 'go.mod': 40, 'go.sum': 400, 'main.go': 4000 },
      steps: { 4: { seconds: 30, layer: { 'go/pkg/mod/a@v1/a.go': 900_000 } } },
    },
    {
      before: 'FROM golang:1.24\nADD . /app\nWORKDIR /app\nRUN go build -o server .\nCMD ["/app/server"]\n',
      after:
        'FROM golang:1.24\nCOPY go.mod go.sum /app/\nRUN cd /app && go mod download\nADD . /app\nWORKDIR /app\nRUN go build -o server .\nCMD ["/app/server"]\n',
      context: { 'go.mod': 40, 'go.sum': 400, 'main.go': 4000 },
      steps: { 4: { seconds: 30, layer: { 'go/pkg/mod/a@v1/a.go': 900_000 } } },
    },
  ],
  propose: (subject) =>
    [...neededStages(subject)].flatMap((stage) => proposalOf(subject, builtOf(subject, stage)) ?? []),
};

function proposalOf(subject: Subject, items: readonly BuiltInstruction[]): Proposal | undefined {
  const runs = runsOf(subject.lint);
  const runOf = ({ instruction }: BuiltInstruction) => runs.find(({ at }) => at === instruction.node);
  const at = items.findIndex((one) => runOf(one)?.commands.some(isBuild));
  const build = items[at];
  const step = build && subject.observed(build.instruction);
  if (!build || !step || items.some((one) => runOf(one)?.commands.some(isFetch))) return undefined;
  const modules = step.table?.entries.find(({ path }) => /(^|\/)pkg\/mod\/./.test(path));
  if (!modules) return undefined;
  const copies = contextCopies(subject);
  const root = workdirOf(build);
  const place = (name: string) => (root === '' ? name : `${root}/${name}`);
  const copy = items
    .slice(0, at)
    .map((one) => copies.get(one))
    .findLast((one) => one && [...one.files.values()].includes(place('go.mod')));
  if (!copy || copy.makes) return undefined;
  const isThere = workdirOf(copy.built) === root;
  if (!isThere && !/^[\w./-]+$/.test(root)) return undefined;
  const named = (name: string) => [...copy.files].find(([, there]) => there === place(name))?.[0];
  const [module, sums] = [named('go.mod'), named('go.sum')];
  const isWhole = named('vendor/modules.txt') === undefined && named('go.work') === undefined;
  // Another module of the context may be what this one is made of.
  const others = [...copy.files.keys()].filter((path) => baseName(path) === 'go.mod').length > 1;
  if (module === undefined || sums === undefined || !isWhole || others) return undefined;
  const lines = copyLines({ copy, files: [module, sums], later: new Set() });
  const run = runOf(build);
  if (!lines || !run || run.mounts.length > 0) return undefined;
  const head = headOf(run, isThere ? FETCH : FETCH.replace('go', `cd /${root} && go`));
  const edits = [insertAbove(subject, copy.instruction, `${lines}${head}\n`)];
  const { id, title, kind } = step;
  const expects = [
    {
      text: head,
      step: { id, title, kind, seconds: step.seconds * SHARE, reads: readsOf(copy, [module, sums]) },
    },
    { text: build.instruction.text, step: { ...step, seconds: step.seconds * (1 - SHARE) } },
  ];
  const gain = gainOf(subject, { edits, expects });
  if (!gain) return undefined;
  const [directory] = /^.*?pkg\/mod(?=\/)/.exec(modules.path)!;
  const isShipped = shippedRuns(subject).some((one) => one.run === run);
  return {
    title: `fetch modules with go mod download before ${copy.instruction.text}`,
    reason:
      `building took ${inSeconds(step.seconds)} and fetched modules, which are others only when go.mod and go.sum are. If ` +
      `${Math.round(100 * SHARE)} % of it is fetching, a commit's rebuild goes from ${inSeconds(gain.before)} to ${inSeconds(gain.after)}, ` +
      basisOf(commitsOf(subject)),
    span: build.instruction.span,
    ...{ edits, expects },
    claim: { secondsPerCommit: gain.before - gain.after },
    allows: isShipped
      ? [
          { what: 'files', change: 'added', below: directory },
          // Lists of the versions that are there.
          { what: 'files', change: 'changed', below: `${directory}/cache/download`, aspects: ['content'] },
        ]
      : [],
  };
}

/** What is fetched by is what builds: with the same network and secrets. */
function headOf({ facts }: Run, fetch: string): string {
  const flags = facts.clause.flags
    .filter(({ name }) => name === 'network' || name === 'security')
    .map(({ span }) => ` ${span.source.text.slice(span.start, span.end)}`);
  return fetch.replace('RUN', `RUN${flags.join('')}`);
}

function readsOf({ files }: ContextCopy, paths: readonly string[]) {
  const places = new Map(paths.map((path) => [files.get(path)!, path]));
  const none = new Set<string>();
  return {
    ...{ files: new Set(places.keys()), looked: none, listed: none, missing: none, cut: false },
    fromContext: places,
  };
}

function isBuild({ name, args }: Command): boolean {
  return (
    name === 'go' &&
    ['build', 'install', 'test'].includes(args[0]?.text ?? '') &&
    !args.some(({ text }) => text.includes('@'))
  );
}

function isFetch({ name, args }: Command): boolean {
  return name === 'go' && (args[0]?.text === 'get' || (args[0]?.text === 'mod' && args[1]?.text !== 'tidy'));
}
