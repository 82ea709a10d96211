// What dependencies first leaves to people: why an install stays below the sources.

import { describe, expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { lookAt, propose } from '../index.ts';
import type { RewriteExample } from '../rewrite.ts';
import { dependenciesFirst } from './dependencies-first.ts';

type Given = Omit<RewriteExample, 'after'>;

describe('why an install stays where it is', () => {
  const FILES = { 'package.json': 1, 'setup.py': 1, 'src/main.x': 1, 'README.md': 1 };
  function reasons(
    lines: string,
    given: Partial<Given> = {},
    options: EvidenceOptions = {},
  ): readonly string[] {
    const before = `FROM base\nWORKDIR /app\n${lines}`;
    const { draft, around } = evidenceFor({ ...{ before, after: '', context: FILES }, ...given }, options);
    const { draft: after } = propose(draft, around, { rewrites: [dependenciesFirst] });
    return dependenciesFirst.remarks!(lookAt(after, around)).map(({ why }) =>
      why.replace(', so it stays below what is copied', ''),
    );
  }
  const took = (reads?: readonly string[]) => ({ steps: { 4: { seconds: 9, ...(reads ? { reads } : {}) } } });
  const COPIED = 'COPY . .\n';

  test('none where it was moved, or is in order already', () => {
    expect(reasons(`${COPIED}RUN npm ci\n`, took())).toEqual([]);
    expect(reasons('COPY package.json ./\nRUN npm ci\nCOPY . .\n', took())).toEqual([]);
    expect(reasons('RUN apt-get install -y curl\nCOPY . .\nRUN make\n')).toEqual([]);
  });
  test.each<[string, string, Partial<Given>, EvidenceOptions, string]>([
    [
      'RUN pip install .\n',
      'a project that is installed itself',
      took(),
      {},
      'what pip install reads here beside manifests is only known where it is watched while it runs',
    ],
    ['RUN pip install .\n', 'and watched', took(Object.keys(FILES)), {}, 'it reads all that COPY . . brings'],
    [
      'RUN cd sub; npm ci\n',
      'another directory',
      took(),
      {},
      'it changes the directory, and where it then looks is only known where it is watched while it runs',
    ],
    [
      'RUN cd sub; npm ci; ./more\n',
      'another directory, and another command',
      took(),
      {},
      'it was not watched while it ran, and nobody knows what more reads',
    ],
    [
      'RUN npm ci; ./more\n',
      'another command',
      took(),
      {},
      'it was not watched while it ran, and nobody knows what more reads',
    ],
    [
      'RUN --mount=type=bind,target=/x npm ci\n',
      'a mount',
      took(),
      {},
      'it has files of the context mounted',
    ],
    [
      'RUN ./gen\nRUN npm ci\n',
      'a step between',
      took(),
      {},
      'RUN ./gen stands between: it was not watched while it ran, and nobody knows what gen reads',
    ],
    [
      'RUN npm ci\n',
      'a listed directory',
      took(['package.json']),
      { listed: { 4: ['app/src'] } },
      'it lists /app/src, in which /app/src/main.x would not be yet',
    ],
    [
      'RUN npm ci\n',
      'a file that it writes over',
      took(['package.json']),
      { writes: { 4: { 'app/README.md': 'new' } } },
      'it writes /app/README.md over what COPY . . brings',
    ],
    [
      'RUN npm ci\n',
      'no time',
      { steps: { 4: { seconds: 0.04 } } },
      {},
      'by what it takes and by what commits touch, another order would not pay',
    ],
  ])('%j: %s', (run, _, given, options, why) => {
    expect(reasons(`${COPIED}${run}`, given, options)).toEqual([why]);
  });
  test('a directory that the COPY depends on', () => {
    expect(
      reasons('COPY . .\nWORKDIR /app/web\nRUN npm ci\n', { context: { 'web/package.json': 1, 'a.js': 1 } }),
    ).toEqual(['COPY . . depends on WORKDIR /app/web, which stands between']);
  });
});
