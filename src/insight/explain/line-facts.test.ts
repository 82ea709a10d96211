import { describe, expect, test } from 'bun:test';
import {
  type ContextFacts,
  checkDockerfile,
  costsByLine,
  DEFAULT_LINT_OPTIONS,
  inspectForLint,
} from '../lint/index.ts';
import { lineFacts } from './line-facts.ts';
import { composeLine } from './line-page.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

const CONTEXT: ContextFacts = {
  files: ['package.json', 'src/a.js', 'src/b.js', 'src/c.js', 'src/d.js'].map((path) => ({
    path,
    bytes: 1000,
  })),
  directories: ['src'],
  hidden: [],
  more: false,
  ignoreFile: { path: '.dockerignore', exists: false },
};

const TEXT = `ARG TAG=22
FROM node:\${TAG} AS build
ARG VERSION=1
ENV DIR=/app UNUSED=x
WORKDIR $DIR
USER node
RUN --mount=type=cache,target=/c \\
    npm ci
COPY src $DIR/src
FROM build
COPY --from=build --link /app/out /out
CMD ["node", "app.js"]
ENTRYPOINT app $DIR
`;

function facts(text = TEXT) {
  const { subject } = inspectForLint({
    source: { name: 'Dockerfile', text },
    options: { hostPlatform: HOST },
    image: () => undefined,
    lint: { options: DEFAULT_LINT_OPTIONS, readRuns: () => [], context: CONTEXT },
  });
  const cost = { instruction: 'COPY src $DIR/src', line: 9, seconds: 1.25, bytes: 4000, built: 0 };
  return lineFacts(subject, costsByLine(subject.dockerfile, [cost]));
}

const at = (line: number, text?: string) => facts(text).find((one) => one.line === line)!;

test('values that sound secret are not shown', () => {
  const line = at(4, 'FROM a\nARG API_TOKEN=abc\nARG DIR=/d\nCOPY src /$API_TOKEN/$DIR');
  expect(line).not.toHaveProperty('expanded');
});

describe('a line comes to', () => {
  test('FROM: with its argument', () => {
    expect(at(2)).toMatchObject({ keyword: 'FROM', expanded: 'FROM node:22 AS build', layer: 'base' });
    expect(at(2)).not.toHaveProperty('inputs');
  });

  test('ARG: with the value that counts', () => {
    const text = 'FROM a\nARG TARGETARCH\nARG A=1\nARG B=$A.2 NONE\nARG MY_TOKEN=$A\nRUN x';
    const expanded = [2, 3, 4, 5].map((line) => at(line, text).expanded);
    expect(expanded).toEqual(['ARG TARGETARCH=amd64', undefined, 'ARG B=1.2', undefined]);
  });

  test('WORKDIR: with its variable, which it depends on', () => {
    const { expanded, inputs, layer } = at(5);
    expect({ expanded, layer }).toEqual({ expanded: 'WORKDIR /app', layer: 'new-directory' });
    expect(inputs).toMatchObject({ env: ['DIR'], args: [], below: true });
  });

  test('RUN: all variables in scope, user, directory, and its process', () => {
    const { form, process, inputs, endLine, stage } = at(7);
    expect({ form, process, endLine, stage }).toEqual({
      ...{ form: 'shell', process: ['/bin/sh', '-c', 'npm ci'], endLine: 8, stage: 'build' },
    } as never);
    expect(inputs).toEqual({
      ...{ args: ['VERSION'], env: ['DIR', 'UNUSED'], from: [], below: true, workdir: '/app', user: 'node' },
    });
  });

  test('COPY: the files that it takes, and what it cost', () => {
    const { inputs, cost } = at(9);
    expect(inputs?.context).toEqual({ files: 4, bytes: 4000, first: ['src/a.js', 'src/b.js', 'src/c.js'] });
    expect(cost?.seconds).toBe(1.25);
  });

  test('COPY --from --link: another stage, and not what is below', () => {
    expect(at(11).inputs).toMatchObject({ from: ['build'], below: false });
    expect(at(11).inputs).not.toHaveProperty('context');
  });

  test('CMD and ENTRYPOINT: their processes, and nothing that runs again', () => {
    expect(at(12)).toMatchObject({ form: 'exec', process: ['node', 'app.js'], layer: 'never' });
    expect(at(13)).toMatchObject({ form: 'shell', process: ['/bin/sh', '-c', 'app $DIR'] });
    expect(at(13)).not.toHaveProperty('inputs');
  });

  test('nothing that is sure, where the file cannot be understood', () => {
    expect(at(3, 'FROM a\nRUN x\nCOPY ${x:?no} /\nRUN y')).toMatchObject({ keyword: 'COPY' });
    expect(at(4, 'FROM a\nRUN x\nCOPY ${x:?no} /\nRUN y')).toMatchObject({ unknown: true });
    expect(facts('FROM a\nRUN [').length).toBeGreaterThan(0);
    expect(facts('')).toEqual([]);
  });
});

test('in words, in both languages', () => {
  const options = { file: 'Dockerfile', findings: [], now: 2 * 86_400_000 };
  expect(composeLine(at(9), { ...options, language: 'en' })).toBe(`# Dockerfile:9

\`\`\`dockerfile
COPY src $DIR/src
\`\`\`

- Stage: \`build\`
- Comes to: \`COPY src /app/src\`
- Makes a layer: yes
- Runs again when one of these changes: its text; 4 files of the context, 4kB (\`src/a.js\`, \`src/b.js\`, \`src/c.js\`, …); ENV DIR; the files of the layers below
- Last time (2 days ago): 1.3 s, 4kB

More: \`mille explain COPY\`.
`);
  expect(composeLine(at(12), { ...options, language: 'fr' })).toContain(
    "Refaite\u00a0: jamais, elle n'exécute rien",
  );
});

test('what is found in a line is told in French by what the rule asks for', () => {
  const source = { name: 'Dockerfile', text: 'FROM a AS Build' };
  const { diagnostics } = checkDockerfile({
    source,
    options: { hostPlatform: HOST },
    image: () => undefined,
  });
  const [line] = facts(source.text);
  const page = composeLine(line!, { file: 'Dockerfile', findings: diagnostics, now: 0, language: 'fr' });
  expect(page).toContain("- StageNameCasing\u00a0: les noms d'étapes sont en minuscules («\u00a0");
});
