import { describe, expect, test } from 'bun:test';
import { formatPlace, MilleError } from '../../core/index.ts';
import {
  applyEdits,
  findStage,
  type Instruction,
  inspectDockerfile,
  parseDockerfile,
  parseTrigger,
  resolveMount,
  runScript,
} from './index.ts';

const source = (text: string) => ({ name: 'Dockerfile', text });
const parse = (text: string) => parseDockerfile(source(text));

/** The one instruction of a kind after `FROM scratch`. */
function only<K extends Instruction['kind']>(kind: K, text: string): Extract<Instruction, { kind: K }> {
  const found = parse(`FROM scratch\n${text}`).stages[0]?.instructions[0] as Instruction | undefined;
  if (found?.kind !== kind) throw new Error(`no ${kind}: ${text}`);
  return found as Extract<Instruction, { kind: K }>;
}

function failure(text: string): MilleError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error(`no error: ${text}`);
}

const texts = (words: readonly { readonly text: string }[]) => words.map((word) => word.text);

describe('stages', () => {
  test('global arguments, names, numbers', () => {
    const file = parse('ARG V=1\nFROM --platform=$P a:$V AS Base\nRUN x\nFROM base\nCOPY --from=0 a b\n');
    expect(file.globalArgs[0]?.args[0]).toMatchObject({ name: { text: 'V' }, value: { text: '1' } });
    expect(file.stages.map((stage) => [stage.index, stage.from.base.text, stage.from.name])).toEqual([
      [0, 'a:$V', 'base'],
      [1, 'base', undefined],
    ]);
    expect(file.stages[0]?.from).toMatchObject({ platform: { text: '$P' }, as: { text: 'Base' } });
    expect(findStage(file.stages, 'BASE')?.index).toBe(0);
    expect(findStage(file.stages, '1')?.index).toBe(1);
    expect(findStage(file.stages, '2')).toBeUndefined();
  });

  test('letters that Go takes for others of the alphabet', () => {
    const file = parse('FROM a a\u017f \u0130\nWOR\u212aDIR /');
    expect(file.stages[0]?.from.name).toBe('i');
    expect(file.stages[0]?.instructions[0]?.kind).toBe('workdir');
  });

  test('syntax and check directives', () => {
    const file = parse('# syntax=docker/dockerfile:1 x\n# check=skip=A,B;error=true more\nFROM a');
    expect(file.syntax?.text).toBe('docker/dockerfile:1');
    expect(file.check?.text).toBe('skip=A,B;error=true');
    expect(parse('FROM a').check).toBeUndefined();
  });
});

test('what only looks like a space is named', () => {
  const error = inspectDockerfile(source('FROM a\nRUN\u00a0pip install x\n')).errors[0]!;
  expect(error.hint).toBe('behind RUN stands U+00A0, which only looks like a space: write an ordinary one');
});

describe('errors', () => {
  test.each<[string, string, string, string | undefined]>([
    ['', 'dockerfile-empty', 'Dockerfile holds no instruction', undefined],
    ['# only\n\n', 'dockerfile-empty', 'Dockerfile holds no instruction', undefined],
    ['ARG a', 'dockerfile-syntax', 'Dockerfile has no FROM', 'Dockerfile:1:1'],
    ['RUN x\nFROM a', 'dockerfile-syntax', 'RUN stands before the first FROM', 'Dockerfile:1:1'],
    ['FROM a\n  RUNN x', 'unknown-instruction', 'unknown instruction: RUNN', 'Dockerfile:2:3'],
    ['FROM a\nCOPY --form=b x y', 'dockerfile-syntax', 'unknown flag: --form', 'Dockerfile:2:6'],
    ['FROM a\nRUN --network=lan x', 'dockerfile-syntax', '--network cannot be "lan"', 'Dockerfile:2:15'],
    [
      'FROM a\nCOPY --link=maybe x y',
      'dockerfile-syntax',
      '--link is true or false, not "maybe"',
      'Dockerfile:2:6',
    ],
    ['FROM a\nCOPY --from=x --from=y x y', 'dockerfile-syntax', '--from is given twice', 'Dockerfile:2:15'],
    [
      'FROM a\nCOPY x',
      'dockerfile-syntax',
      'COPY needs at least one source and a destination',
      'Dockerfile:2:1',
    ],
    [
      'FROM a\nENV a=b \\\n  c',
      'dockerfile-syntax',
      `can't find = in "c": expected name=value`,
      'Dockerfile:3:3',
    ],
    ['FROM a AS 1b', 'dockerfile-syntax', '"1b" cannot be the name of a stage', 'Dockerfile:1:11'],
    [
      'FROM a b',
      'dockerfile-syntax',
      'FROM takes an image or stage, and optionally AS and a name',
      'Dockerfile:1:1',
    ],
    ['FROM a\nSHELL /bin/sh', 'dockerfile-syntax', 'SHELL takes a JSON array only', 'Dockerfile:2:1'],
    ['FROM a\nONBUILD FROM b', 'dockerfile-syntax', 'FROM cannot stand after ONBUILD', 'Dockerfile:2:9'],
    [
      'FROM a\nHEALTHCHECK --interval=1x CMD a',
      'dockerfile-syntax',
      '--interval cannot be "1x"',
      'Dockerfile:2:24',
    ],
    [
      'FROM a\nHEALTHCHECK NONE a',
      'dockerfile-syntax',
      'HEALTHCHECK NONE takes no arguments',
      'Dockerfile:2:18',
    ],
    ['FROM a\nVOLUME ["a", " "]', 'dockerfile-syntax', 'VOLUME with an empty path', 'Dockerfile:2:14'],
    [
      'FROM a\nRUN --mount=from=$x a',
      'dockerfile-syntax',
      'variables are not expanded in from= of a mount',
      'Dockerfile:2:13',
    ],
    [
      'FROM a\nCOPY --from=$x a b',
      'dockerfile-syntax',
      'variables are not expanded in --from',
      'Dockerfile:2:13',
    ],
    ['FROM a\nWORKDIR', 'dockerfile-syntax', 'WORKDIR needs at least one argument', 'Dockerfile:2:1'],
  ])('%j', (text, code, message, place) => {
    const error = failure(text);
    expect([error.code, error.message, error.span && formatPlace(error.span)]).toEqual([
      code as never,
      message,
      place,
    ]);
    expect(error.hint).toBeTruthy();
  });

  test('the nearest instruction or flag is suggested', () => {
    expect(failure('FROM a\nCPOY a b').hint).toContain('COPY');
    expect(failure('FROM a\nCOPY --form=b x y').hint).toContain('--from');
    expect(failure('FROM a\nfoobar').hint).toContain('\\');
  });

  test('all of them are found in one go, in the order of the file', () => {
    const { errors } = inspectDockerfile(source('FROM a\nENV x\nFOO\nCOPY a\n'));
    expect(errors.map((error) => error.span && formatPlace(error.span))).toEqual([
      'Dockerfile:2:5',
      'Dockerfile:3:1',
      'Dockerfile:4:1',
    ]);
  });
});

describe('instructions', () => {
  test('COPY', () => {
    const copy = only(
      'copy',
      'COPY --from=b --chown=1:2 --chmod=u+x --link --parents=false --exclude=a --exclude=b x y z/',
    );
    expect(copy).toMatchObject({ from: { text: 'b' }, chown: { text: '1:2' }, chmod: { text: 'u+x' } });
    expect([copy.link, copy.parents]).toEqual([true, false]);
    expect([texts(copy.exclude), texts(copy.sources), copy.destination.text]).toEqual([
      ['a', 'b'],
      ['x', 'y'],
      'z/',
    ]);
  });

  test('COPY of here-documents', () => {
    const copy = only('copy', "COPY <<-a f <<'b' /d/\n\t\t$x\n\ta\n\t$y\nb\n");
    expect(copy.inlineFiles).toMatchObject([
      { name: 'a', content: '$x\n', expand: true },
      { name: 'b', content: '\t$y\n', expand: false },
    ]);
    expect(texts(copy.sources)).toEqual(['f']);
    expect(() => parse('FROM a\nCOPY a <<b\nb\n')).toThrow('cannot be the destination');
    // Empty quotes beside a name make two words of it: no here-document.
    expect(only('copy', 'COPY a <<""\u00a0b').destination.text).toBe('<<""\u00a0b');
  });

  test('ADD', () => {
    const add = only('add', 'ADD --checksum=sha256:0 --keep-git-dir=true --unpack=FALSE a b');
    expect(add).toMatchObject({ checksum: { text: 'sha256:0' }, keepGitDir: true, unpack: false });
    expect(only('add', 'ADD a b').unpack).toBeUndefined();
    expect(failure('FROM a\nADD --from=x a b').message).toBe('unknown flag: --from');
  });

  test('ENV, LABEL and ARG', () => {
    expect(only('env', 'ENV a=1 b="2 3"').pairs.map(({ key, value }) => [key.text, value.text])).toEqual([
      ['a', '1'],
      ['b', '"2 3"'],
    ]);
    expect(only('env', 'ENV a  b  c')).toMatchObject({ legacy: true, pairs: [{ value: { text: 'b  c' } }] });
    expect(only('label', 'LABEL "a b"=c').pairs[0]?.key.text).toBe('"a b"');
    const { args } = only('arg', '# b the second\nARG a b=c=d');
    expect(args.map((arg) => [arg.name.text, arg.value?.text, arg.description])).toEqual([
      ['a', undefined, undefined],
      ['b', 'c=d', 'the second'],
    ]);
  });

  test('commands', () => {
    expect(only('cmd', 'CMD ["a", "b c"]').command).toMatchObject({
      form: 'exec',
      args: [{ text: 'a' }, { text: 'b c' }],
    });
    expect(only('cmd', 'CMD a "b').command).toMatchObject({ form: 'shell', text: { text: 'a "b' } });
    expect(only('cmd', 'CMD').command).toEqual({ form: 'shell' });
    expect(only('entrypoint', 'ENTRYPOINT []').command).toEqual({ form: 'exec', args: [] });
    expect(texts(only('shell', 'SHELL ["/bin/bash", "-c"]').shell)).toEqual(['/bin/bash', '-c']);
  });

  test('HEALTHCHECK', () => {
    const check = only(
      'healthcheck',
      'HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=0 --retries=3 CMD a b',
    );
    expect(check).toMatchObject({
      interval: 90e9,
      timeout: 1.5e9,
      startPeriod: 0,
      startInterval: 0,
      retries: 3,
    });
    expect(check.command).toMatchObject({ form: 'shell', text: { text: 'a b' } });
    expect(only('healthcheck', 'healthcheck none').command).toBeUndefined();
  });

  test('the rest', () => {
    expect(texts(only('expose', 'EXPOSE 90 80/tcp $P').ports)).toEqual(['$P', '80/tcp', '90']);
    expect(texts(only('expose', 'EXPOSE 😀 \uffff').ports)).toEqual(['\uffff', '😀']);
    expect(texts(only('volume', 'VOLUME ["/a b", "/c"]').volumes)).toEqual(['/a b', '/c']);
    expect(only('workdir', 'WORKDIR /a b').path.text).toBe('/a b');
    expect(only('user', 'USER a:b').user.text).toBe('a:b');
    expect(only('stopsignal', 'STOPSIGNAL --x SIGTERM').signal.text).toBe('SIGTERM');
    expect(only('maintainer', 'MAINTAINER a b').maintainer.text).toBe('a b');
    expect(only('workdir', 'workdir  a  \\\n b ').text).toBe('workdir  a   b');
  });

  test('ONBUILD keeps its trigger as text, which parses again', () => {
    const onbuild = only('onbuild', 'onbuild RUN <<E\na\nE\n');
    expect([onbuild.trigger, onbuild.expression]).toEqual(['run', 'RUN <<E\na\nE']);
    expect(parseTrigger(source(onbuild.expression))).toMatchObject({
      kind: 'run',
      heredocs: [{ content: 'a\n' }],
    });
    expect(() => parseTrigger(source('RUN a\nRUN b'))).toThrow('exactly one');
  });
});

describe('RUN', () => {
  const script = (text: string) => runScript(only('run', text));

  test('what runs', () => {
    expect(script('RUN ["a"]')).toEqual({ kind: 'exec', args: ['a'] });
    expect(script('RUN a b')).toEqual({ kind: 'shell', text: 'a b' });
    expect(script('RUN <<-E\n\ta\nE\n')).toEqual({ kind: 'shell', text: 'a\n' });
    expect(script('RUN <<E\n#!/bin/x\nE\n')).toEqual({ kind: 'file', name: 'E', content: '#!/bin/x\n' });
    expect(script('RUN <<-E\n#!/bin/x\n\ta\n\tE\n')).toEqual({
      kind: 'file',
      name: 'E',
      content: '#!/bin/x\na\n',
    });
    expect(script('RUN <<-E\n\t#!/bin/x\nE\n')).toEqual({ kind: 'shell', text: '#!/bin/x\n' });
    expect(script('RUN cat <<A <<-"B"\na\nA\n\tb\nB\n')).toEqual({
      kind: 'shell',
      text: 'cat <<A <<-"B"\na\nA\n\tb\nB',
    });
  });

  const mount = (text: string) => {
    const [flag] = only('run', `RUN --mount=${text} x`).mounts;
    if (!flag) throw new Error('no mount');
    return resolveMount(flag, (value) => value.replaceAll('$x', 'X'));
  };

  test('mounts', () => {
    expect(mount('target=/a')).toEqual({
      type: 'bind',
      target: '/a',
      required: false,
      size: 0,
      readOnly: true,
    });
    expect(mount('type=cache,dst=/$x,id=i,sharing=LOCKED,mode=0700,uid=1,gid=2')).toMatchObject({
      type: 'cache',
      target: '/X',
      id: 'i',
      sharing: 'locked',
      mode: 0o700,
      uid: 1,
      gid: 2,
      readOnly: false,
    });
    expect(mount('type=tmpfs,target=/t,size=1.5m')).toMatchObject({
      size: 1.5 * 1024 * 1024,
      readOnly: false,
    });
    expect(mount('type=secret,id=a,env=TOKEN,required')).toMatchObject({
      id: 'a',
      env: 'TOKEN',
      required: true,
    });
    expect(mount(`'type=bind,"source=a,b",rw=true'`)).toMatchObject({ source: 'a,b', readOnly: false });
  });

  test.each([
    'type=bnd',
    'type=cache,sharing=none',
    'trget=/a',
    'type=bind,mode=7',
    'type=bind,required',
    'type=secret',
    'type=secret,id=a,from=b',
    'type=bind,sharing=shared',
    'type=cache,mode=9',
    'type=tmpfs,size=a',
    'ro=perhaps',
    'target',
  ])('refused: %s', (text) => {
    expect(() => mount(text)).toThrow(MilleError);
  });
});

test('edits replace ranges and leave the rest', () => {
  expect(
    applyEdits(source('abcdef'), [
      { start: 4, end: 5, text: 'E' },
      { start: 1, end: 3, text: '' },
    ]).text,
  ).toBe('adEf');
  expect(() =>
    applyEdits(source('ab'), [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 1, text: 'x' },
    ]),
  ).toThrow();
});
