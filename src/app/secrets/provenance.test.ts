import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { piecesOf } from './provenance.ts';

const DOCKERFILE = 'FROM scratch AS base\nARG TOKEN\nENV A=b\nRUN curl -u ci:secret https://x\n';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const llbDefinition = [
  {
    id: 'step0',
    op: {
      Op: {
        source: { identifier: 'git://ci:pw@git.corp/a.git', attrs: { 'git.fullurl': 'https://git.corp/a' } },
      },
    },
  },
  {
    id: 'step1',
    op: {
      Op: { file: { actions: [{ Action: { mkfile: { path: '/EOF', mode: 420, data: base64('T=1') } } }] } },
    },
    inputs: ['step0:0'],
  },
  {
    id: 'step2',
    op: {
      Op: {
        exec: {
          meta: {
            args: ['/bin/sh', '-c', 'curl -u ci:secret https://x'],
            env: ['PATH=/bin', 'TOKEN=t'],
            cwd: '/',
          },
        },
      },
    },
  },
];
const request = {
  frontend: 'dockerfile.v0',
  args: {
    'build-arg:TOKEN': 't',
    'label:a.b': 'l',
    'force-network-mode': 'host',
    'vcs:source': 'https://git.corp',
  },
  locals: [{ name: 'context' }],
};
const source = {
  locations: { step0: {}, step2: { locations: [{ ranges: [{ start: { line: 4 }, end: { line: 4 } }] }] } },
  infos: [
    {
      filename: 'Dockerfile',
      language: 'Dockerfile',
      data: base64(DOCKERFILE),
      llbDefinition: [{ id: 'step2', op: { Op: { source: { identifier: 'local://dockerfile' } } } }],
    },
  ],
};

const OLD = {
  builder: { id: '' },
  materials: [{ uri: 'pkg:docker/alpine@3.20', digest: { sha256: 'ab' } }],
  invocation: { configSource: { entryPoint: 'Dockerfile' }, parameters: request },
  buildConfig: { llbDefinition },
  metadata: { 'https://mobyproject.org/buildkit@v1#metadata': { source } },
};
const NEW = {
  buildDefinition: {
    externalParameters: { configSource: { path: 'Dockerfile' }, request },
    internalParameters: { buildConfig: { llbDefinition } },
    resolvedDependencies: [{ uri: 'pkg:docker/alpine@3.20' }],
  },
  runDetails: { metadata: { buildkit_metadata: { source } } },
};

describe.each([
  ['0.2', OLD],
  ['1', NEW],
])('provenance of SLSA %s', (_, predicate) => {
  const { pieces, dockerfile } = piecesOf(predicate);
  const of = (kind: string) => pieces.filter((one) => one.kind === kind);

  test('has arguments, labels, variables and commands', () => {
    expect(of('argument')).toEqual([
      { kind: 'argument', place: 'build-arg:TOKEN', name: 'TOKEN', text: 't' },
    ]);
    expect(of('label')).toEqual([{ kind: 'label', place: 'label:a.b', name: 'a.b', text: 'l' }]);
    expect(of('variable').at(-1)).toEqual({
      kind: 'variable',
      place: 'step2 env TOKEN',
      name: 'TOKEN',
      text: 't',
      line: 4,
    });
    expect(of('command')).toEqual([
      { kind: 'command', place: 'step2 command', text: '/bin/sh -c curl -u ci:secret https://x', line: 4 },
    ]);
  });

  test('has the Dockerfile and files made on the spot', () => {
    expect(dockerfile).toEqual({ name: 'Dockerfile', text: DOCKERFILE });
    expect(of('file')).toEqual([{ kind: 'file', place: 'step1 file /EOF', name: '/EOF', text: 'T=1' }]);
  });

  test('has whatever else is said', () => {
    const texts = of('text').map(({ place, text }) => `${place}: ${text}`);
    expect(texts).toContain('step0 identifier: git://ci:pw@git.corp/a.git');
    expect(texts).toContain('vcs:source: https://git.corp');
    expect(texts.some((text) => text.endsWith('.uri: pkg:docker/alpine@3.20'))).toBe(true);
    // Which is no step of the build.
    expect(texts.some((text) => /infos\[0\].*identifier: local:\/\/dockerfile/.test(text))).toBe(true);
  });

  test('tells of what explains the rest first', () => {
    expect([...new Set(pieces.map(({ kind }) => kind))]).toEqual([
      'argument',
      'label',
      'dockerfile',
      'file',
      'variable',
      'command',
      'text',
    ]);
  });
});

test('anything that is JSON is taken apart', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      piecesOf(value);
      piecesOf({ predicate: { metadata: value, args: value, env: [value], data: value, path: value } });
    }),
  );
  let deep: unknown = 'https://a:b@c';
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(piecesOf(deep).pieces).toHaveLength(1);
});
