// A result as `mille optimize` gives it, with something of everything: made by hand, for the golden files beside it.

import type { OptimizeChange, OptimizeResult, PictureStep } from '../../../../app/index.ts';
import type { ChangedHunk } from '../../../../app/types.ts';

const BEFORE = `FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN apt-get update && apt-get install -y curl
RUN pip install -r requirements.txt
CMD ["python", "app.py"]
`;
const AFTER = `FROM python:3.11-slim
WORKDIR /app
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "app.py"]
`;

const LISTS = { what: 'files', change: 'removed', below: 'var/lib/apt/lists' } as const;

const CHANGES: readonly OptimizeChange[] = [
  {
    ...({ rewrite: 'dependencies-first', goal: 'rebuild', line: 5, outcome: 'proved', allows: [] } as const),
    title: 'copy requirements.txt before pip install -r requirements.txt',
    reason:
      "it took 8.1 s and was seen to read requirements.txt; above it 12 files are copied, of which 84 % of commits touch one. A commit's rebuild goes from 8.2 s to 0.9 s, by the last 210 commits",
    claim: { secondsPerCommit: 7.3 },
    risk: 'a file that the install will read one day has to be added to its COPY',
    afterwards: 'give --secret id=TOKEN,env=TOKEN in the place of --build-arg TOKEN',
  },
  {
    ...({ rewrite: 'clean-up', goal: 'size', line: 4, outcome: 'proved', allows: [LISTS] } as const),
    title: 'remove the lists of apt in the same layer',
    reason: 'the layer holds 312 files of lists below /var/lib/apt/lists that nothing reads: 21.3MB',
    claim: { bytes: 21_300_000 },
  },
  {
    ...({ rewrite: 'no-recommends', goal: 'size', line: 4, outcome: 'refused', allows: [] } as const),
    title: 'install curl without what is only recommended <b>&"\'',
    reason: 'it would be 3.1MB less',
    claim: { bytes: 3_100_000, secondsPerCommit: -0.4 },
    refusal: {
      verdict: {
        ...{ same: false, config: [], allowed: [], noise: [], normalised: [] },
        files: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({
          ...({ path: `usr/lib/${name}.so`, kind: 'removed', aspects: [], beforeBytes: 10 } as const),
          ...{ afterBytes: 0, cause: { side: 'before', layer: 2 } as const },
        })),
      },
    },
  },
];

const HUNK: ChangedHunk = {
  ...{ before: { first: 1, count: 6 }, after: { first: 1, count: 7 }, changes: [0, 1] },
  lines: [
    [' ', 'FROM python:3.11-slim'],
    [' ', 'WORKDIR /app'],
    ['-', 'COPY . .'],
    ['-', 'RUN apt-get update && apt-get install -y curl'],
    ['+', 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*'],
    ['+', 'COPY requirements.txt ./'],
    [' ', 'RUN pip install -r requirements.txt'],
    ['+', 'COPY . .'],
    [' ', 'CMD ["python", "app.py"]'],
  ].map(([sign, text]) => ({ sign: sign as ' ' | '-' | '+', text: text! })),
};

function step(
  kind: PictureStep['kind'],
  instruction: string,
  rest: { line: number; bytes?: number; seconds?: number; rebuilt?: number },
): PictureStep {
  return { kind, instruction, inImage: true, rebuilt: 0, ...rest };
}

const BASE = step('base', 'FROM python:3.11-slim', { line: 1, bytes: 130_000_000 });
const WORKDIR = step('workdir', 'WORKDIR /app', { line: 2, seconds: 0, bytes: 1536 });

/** The result. */
export const SAMPLE: OptimizeResult = {
  dockerfile: { name: 'Dockerfile', text: BEFORE },
  ...{ context: '/home/ada/shop', goal: 'both', changes: CHANGES },
  files: [
    {
      ...{ name: 'Dockerfile', path: '/home/ada/shop/Dockerfile', before: BEFORE, after: AFTER },
      ...{ hunks: [HUNK], hides: false, written: false },
    },
  ],
  before: {
    ...{ imageId: 'sha256:1', bytes: 188_000_000, layers: 5, sent: 71_000_000, seconds: 41.2 },
    picture: {
      ...{ secondsPerCommit: 8.2, assumed: false },
      steps: [
        BASE,
        WORKDIR,
        step('copy', 'COPY . .', { line: 3, bytes: 2_400_000, seconds: 0.1, rebuilt: 0.84 }),
        step('run', 'RUN apt-get update && apt-get install -y curl', {
          ...{ line: 4, bytes: 38_000_000, seconds: 9.4, rebuilt: 0.84 },
        }),
        step('run', 'RUN pip install -r requirements.txt', {
          ...{ line: 5, bytes: 17_600_000, seconds: 8.1, rebuilt: 0.84 },
        }),
      ],
    },
  },
  after: {
    ...{ imageId: 'sha256:2', bytes: 166_700_000, layers: 6, sent: 62_000_000, seconds: 41.1 },
    picture: {
      ...{ secondsPerCommit: 0.9, assumed: false },
      steps: [
        BASE,
        WORKDIR,
        step('run', 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*', {
          ...{ line: 3, bytes: 16_700_000, seconds: 9.3, rebuilt: 0 },
        }),
        step('copy', 'COPY requirements.txt ./', { line: 4, bytes: 2048, seconds: 0, rebuilt: 0.08 }),
        step('run', 'RUN pip install -r requirements.txt', {
          ...{ line: 5, bytes: 17_600_000, seconds: 8.1, rebuilt: 0.08 },
        }),
        step('copy', 'COPY . .', { line: 6, bytes: 2_400_000, seconds: 0.1, rebuilt: 0.84 }),
      ],
    },
  },
  verdict: {
    ...{ same: true, files: [], config: [] },
    allowed: [{ allowance: LISTS, paths: 312, bytes: 21_300_000 }],
    noise: ['var/log/dpkg.log', 'var/log/apt/history.log'],
    normalised: [{ path: 'usr/lib/python3/a.pyc', leftOut: 'times and references in compiled Python' }],
  },
  checks: [
    {
      ...({ command: 'python -c "import app"', from: 'user', outcome: 'alike' } as const),
      before: { status: 0, seconds: 0.2, output: [] },
      after: { status: 0, seconds: 0.2, output: [] },
    },
  ],
  replay: {
    floor: 0.3,
    steps: [{ id: '0.3', title: '[4/4] RUN pip install', runs: { before: 4, after: 1 } }],
    failed: [{ id: 'f'.repeat(40), subject: 'broken', why: 'RUN pip install failed' }],
    commits: [
      ['source', 8.4, 0.6, 'fix <script>alert(1)</script>'],
      ['source', 8.1, 0.5, 'more'],
      ['manifest', 8.8, 8.9, 'newer flask'],
      ['docs', 8.2, 0.5, 'typo'],
    ].map(([stratum, before, after, subject], i) => ({
      ...{ id: String(i).repeat(40), subject: subject as string, stratum: stratum as 'source', limit: 0.4 },
      before: { seconds: before as number, bytes: 58_000_000 },
      after: { seconds: after as number, bytes: 2_400_000 },
    })),
  },
  left: [
    {
      ...{ rewrite: 'written-once', line: 6, bytes: 1_200_000 },
      what: '1.2MB of /app/data <b> are stored twice, by lines 4 and 6',
      why: 'the command between them reads it',
    },
  ],
  notes: ['no step was watched'],
  seconds: 190,
};
