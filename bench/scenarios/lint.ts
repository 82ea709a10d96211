// Linting 1,000 Dockerfiles, each another one: mille beside linters of npm, which are installed for the occasion. They
// look for less (no commands of RUN as a shell reads them, no build context): what is compared is how long one waits.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Sample } from '../measure.ts';
import type { Bench, Measured, Scenario } from '../scenario.ts';

const FILES = 1000;
const PEERS = ['dockerfilelint@1.8.0', 'dockerfile-utils@0.16.3'];

export const lint: Scenario = {
  name: 'lint',
  title: `Linting ${FILES} Dockerfiles`,
  columns: [
    { name: 'mille', ownMemory: true },
    { name: 'dockerfilelint', ownMemory: true },
    { name: 'dockerfile-utils', ownMemory: true },
  ],
  run: (bench) => {
    const files = writeFiles(join(bench.directory, 'files'));
    const tools = linters(bench, files);
    return [
      compare(bench, `${FILES} files`, tools, files),
      compare(bench, 'one file', tools, files.slice(0, 1)),
    ];
  },
};

type Linter = readonly [string, (files: readonly string[]) => readonly string[]];

function linters({ directory, builders, log }: Bench, files: readonly string[]): readonly Linter[] {
  const mille = builders.find(({ name }) => name === 'mille')?.program ?? 'mille';
  const own: Linter = ['mille', (given) => [mille, 'lint', '--no-fail', '--format', 'json', ...given]];
  const place = join(directory, 'npm');
  mkdirSync(place);
  try {
    run(['npm', 'install', '--prefix', place, '--ignore-scripts', '--no-audit', '--no-fund', ...PEERS]);
  } catch (error) {
    log(`lint: the peers cannot be installed: ${String(error).split('\n')[0]}`);
    return [own];
  }
  const script = join(place, 'validate.cjs');
  writeFileSync(
    script,
    `const { validate } = require('dockerfile-utils');
const { readFileSync } = require('node:fs');
let found = 0;
for (const file of process.argv.slice(2)) found += validate(readFileSync(file, 'utf8')).length;
console.log(found);
`,
  );
  const dockerfilelint = join(place, 'node_modules/dockerfilelint/bin/dockerfilelint');
  log(`lint: ${files.length} files`);
  return [
    own,
    ['dockerfilelint', (given) => ['node', dockerfilelint, '-o', 'json', ...given]],
    ['dockerfile-utils', (given) => ['node', script, ...given]],
  ];
}

function compare(
  { rounds, directory, log }: Bench,
  title: string,
  tools: readonly Linter[],
  files: readonly string[],
): Measured {
  const samples = new Map<string, Sample[]>(tools.map(([name]) => [name, []]));
  const env = { MILLE_ROOT: join(directory, 'store') };
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of tools) {
      // A linter's status is what it found.
      const { seconds, peak, cpu } = run(
        ['sh', '-c', '"$@" >/dev/null 2>&1; true', 'sh', ...command(files)],
        {
          env,
        },
      );
      samples.get(name)?.push({ seconds, peak, cpu });
      log(`lint, ${title}: ${name} ${seconds.toFixed(3)} s`);
    }
  }
  return { title, memory: true, samples };
}

/** Files of 5 to 60 lines, each in a directory of its own, put together from what Dockerfiles have, so that the same number gives the same file. */
function writeFiles(directory: string): readonly string[] {
  return Array.from({ length: FILES }, (_, number) => {
    const project = join(directory, `${number}`);
    mkdirSync(project, { recursive: true });
    const path = join(project, 'Dockerfile');
    writeFileSync(path, dockerfile(number));
    return path;
  });
}

const BASES = ['debian:12', 'node:22-slim', 'python:3.12', 'alpine', 'golang:1.23', 'ubuntu:latest'];

const LINES: readonly ((number: number) => string)[] = [
  (n) =>
    `RUN apt-get update && \\\n    apt-get install -y curl git pkg${n} && \\\n    rm -rf /var/lib/apt/lists/*`,
  (n) => `RUN apt-get install lib${n}`,
  (n) => `ENV APP_${n}=/srv/app PATH=/srv/app/bin:$PATH`,
  (n) => `COPY --chown=1000:1000 src/${n} /srv/app/${n}/`,
  (n) => `ADD https://example.com/${n}.tar.gz /tmp/`,
  (n) =>
    `RUN set -eux; for x in a b c; do echo "$x" >>/etc/list${n}; done; if [ -e /etc/list${n} ]; then cat /etc/list${n} | wc -l; fi`,
  () => 'RUN pip install -r requirements.txt',
  () => 'RUN npm ci --omit=dev && npm cache clean --force',
  (n) => `RUN cd /srv && curl -sSL https://example.com/${n} | tar xz`,
  (n) => `# what follows is for ${n}\nLABEL org.opencontainers.image.version="${n}.0.0"`,
  (n) => `EXPOSE ${8000 + (n % 1000)}/tcp`,
  (n) => `WORKDIR /srv/app/${n}`,
  (n) => `ARG VERSION_${n}=1`,
  (n) => `RUN <<EOF\nset -e\napk add --no-cache bash\necho ${n}\nEOF`,
  () => 'HEALTHCHECK --interval=30s CMD curl -f http://localhost/ || exit 1',
];

function dockerfile(number: number): string {
  // Steps of a linear congruence: no two files are alike, and each is the same every time.
  let seed = number * 7919 + 13;
  const next = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(seed / 2 ** 16) % limit;
  };
  const body = Array.from({ length: 4 + next(22) }, () => LINES[next(LINES.length)]!(next(1000)));
  const stages = next(3) === 0 ? [`FROM ${BASES[next(BASES.length)]} AS build`, ...body.slice(0, 4)] : [];
  const end = next(2) === 0 ? 'CMD ["app"]' : 'CMD app serve';
  return `${[...stages, `FROM ${BASES[next(BASES.length)]}`, ...body, end].join('\n')}\n`;
}
