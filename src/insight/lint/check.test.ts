// Which rules are looked at, and what checking says of files that cannot be built.

import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { parseDockerfile } from '../../lang/dockerfile/index.ts';
import { checkDockerfile, checkOptions } from './index.ts';

const HOST = { os: 'linux', architecture: 'amd64' };

function check(text: string, buildArgs: Readonly<Record<string, string>> = {}) {
  return checkDockerfile({
    source: { name: 'Dockerfile', text },
    options: { hostPlatform: HOST, buildArgs },
    image: () => undefined,
  });
}

const rules = (text: string, buildArgs?: Readonly<Record<string, string>>) =>
  check(text, buildArgs).diagnostics.map(({ rule, lines }) => `${rule} ${lines.first}`);

function failure(work: () => unknown): MilleError {
  try {
    work();
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('options', () => {
  test('a malformed directive is an error with its place', () => {
    const dockerfile = parseDockerfile({ name: 'Dockerfile', text: '# check=skp=A\nFROM scratch' });
    const error = failure(() => checkOptions(dockerfile));
    expect(error).toMatchObject({ code: 'dockerfile-syntax', message: 'invalid check option "skp=A"' });
    expect(error.span?.start).toBe(8);
    // The build argument takes its place, so it is not even read.
    expect(checkOptions(dockerfile, { BUILDKIT_DOCKERFILE_CHECK: 'skip=all' }).skipAll).toBe(true);
  });

  test('the build argument takes the place of the directive', () => {
    const text = '# check=skip=all\nFROM scratch AS A\nCMD x';
    expect(rules(text)).toEqual([]);
    expect(rules(text, { BUILDKIT_DOCKERFILE_CHECK: 'skip=StageNameCasing' })).toEqual([
      'JSONArgsRecommended 3',
    ]);
    expect(rules(text, { BUILDKIT_DOCKERFILE_CHECK: '' })).toHaveLength(2);
    const { error, diagnostics } = check(text, { BUILDKIT_DOCKERFILE_CHECK: 'x' });
    expect({ code: error?.code, diagnostics }).toEqual({ code: 'usage', diagnostics: [] });
  });
});

describe('a comment above an instruction', () => {
  test('skips rules for it alone', () => {
    expect(rules('FROM scratch\n# check=skip=UndefinedVar\nENV A=$X\nENV B=$Y')).toEqual(['UndefinedVar 4']);
    expect(rules('FROM scratch\n# why\n# check=skip=all;error=true\nCMD x\nUSER $U')).toEqual([
      'UndefinedVar 5',
    ]);
    expect(rules('# a\n# check=skip=StageNameCasing\nFROM scratch AS A\nFROM scratch AS B')).toEqual([
      'StageNameCasing 4',
    ]);
  });

  test('turns experimental rules on', () => {
    const text = 'FROM scratch AS a\n# check=experimental=all\n# about nothing\nARG A=1\n# nor this\nARG B=1';
    expect(rules(text)).toEqual(['InvalidDefinitionDescription 4']);
  });

  test('that is malformed is a comment', () => {
    expect(rules('FROM scratch\n# check=the output\nCMD x')).toEqual(['JSONArgsRecommended 3']);
    expect(rules('FROM scratch\n# check = skip=all\nCMD x')).toEqual([]);
  });
});

test('an array that is not quite one is a command line, and it is said why', () => {
  const message = (command: string) => check(`FROM scratch\nCMD ${command}`).diagnostics[0]?.message;
  const none = 'CMD begins like a JSON array and is none, so a shell is given all of it, brackets too';
  expect(message('["./a"]   # starts it')).toBe(`${none}: nothing may stand behind it, no comment either`);
  expect(message("['./a', '-b']")).toBe(`${none}: its words are in double quotes`);
  expect(message('["ruby" "a.rb"]')).toBe(`${none}: its words have commas between them`);
  expect(message('["a", b]')).toBe(none);
  expect(message('[ -f /a ] && b')).toBe('CMD should be a JSON array, so that signals reach the program');
});

describe('files that cannot be built', () => {
  test('error=true makes an error of a finding', () => {
    const { error, diagnostics } = check('# check=error=true\nFROM scratch\nCMD x');
    expect(diagnostics).toHaveLength(1);
    expect(error).toMatchObject({ code: 'check-failed', message: expect.stringContaining('JSONArgs') });
    expect(check('# check=error=true\nFROM scratch\nCMD ["x"]').error).toBeUndefined();
  });

  test('what is known before the error is said', () => {
    const { error, diagnostics } = check('FROM scratch AS A\nENV B=$C\nENV D=${E:?}\nCMD x');
    expect(error?.code).toBe('expansion');
    expect(diagnostics.map(({ rule }) => rule)).toEqual(['StageNameCasing', 'UndefinedVar']);
  });

  test('without the base image nothing is said about its variables, and everything else is', () => {
    const report = check('FROM nope AS a\nENV A=$X\nCMD x\nFROM a\nENV B=$X\nFROM scratch\nENV C=$X');
    expect(report.error).toBeUndefined();
    expect(report.missingImages).toEqual(['nope']);
    expect(report.diagnostics.map(({ rule, lines }) => `${rule} ${lines.first}`)).toEqual([
      'JSONArgsRecommended 3',
      'UndefinedVar 7',
    ]);
  });
});
