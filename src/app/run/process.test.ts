// Docker's rules for a container's command and environment.

import { describe, expect, test } from 'bun:test';
import { cleanAbsolute, commandOf, environmentOf, workdirOf } from './process.ts';

const BOTH = { Entrypoint: ['/entry', '-x'], Cmd: ['cmd', 'arg'] };

describe('the command', () => {
  const cases: [string, object, { args?: string[]; entrypoint?: string }, string[] | undefined][] = [
    ['both of the image', BOTH, {}, ['/entry', '-x', 'cmd', 'arg']],
    ['arguments replace Cmd', BOTH, { args: ['a', 'b'] }, ['/entry', '-x', 'a', 'b']],
    ['arguments alone', {}, { args: ['a'] }, ['a']],
    ['Cmd alone', { Cmd: ['cmd'] }, {}, ['cmd']],
    ['Entrypoint alone', { Entrypoint: ['e'] }, {}, ['e']],
    ['an entry point given clears Cmd', BOTH, { entrypoint: '/other' }, ['/other']],
    ['… and takes arguments', BOTH, { entrypoint: '/other', args: ['a'] }, ['/other', 'a']],
    ['an empty one clears both', BOTH, { entrypoint: '', args: ['a', 'b'] }, ['a', 'b']],
    ['an empty one and no arguments', BOTH, { entrypoint: '' }, undefined],
    ['nothing at all', {}, {}, undefined],
    ['empty lists', { Entrypoint: [], Cmd: [] }, {}, undefined],
  ];
  for (const [name, config, options, expected] of cases) {
    test(name, () => {
      const call = () => commandOf(config, { image: 'app', args: [], ...options });
      if (expected) expect(call()).toEqual(expected);
      else expect(call).toThrow(expect.objectContaining({ code: 'run-failed' }));
    });
  }
});

describe('the environment', () => {
  const of = (config: object, more: object = {}) =>
    environmentOf(config, { given: [], hostname: 'host', tty: false, home: '/home/u', ...more });

  test("is Docker's own, then the image's, then the caller's", () => {
    expect(of({ Env: ['A=1', 'B=2'] }, { given: ['B=3', 'C=4'] })).toEqual([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HOSTNAME=host',
      'A=1',
      'B=3',
      'C=4',
      'HOME=/home/u',
    ]);
  });

  test('the last of one name wins, values keep their signs and spaces', () => {
    expect(of({ Env: ['PATH=/x'] }, { given: ['A=1', 'A=b=c d'] })).toEqual([
      'PATH=/x',
      'HOSTNAME=host',
      'A=b=c d',
      'HOME=/home/u',
    ]);
  });

  test("a name alone removes the image's variable and Docker's", () => {
    const env = of({ Env: ['A=1', 'B=2'] }, { given: ['A', 'HOSTNAME'] });
    expect(env).toContain('B=2');
    expect(env.join()).not.toMatch(/A=1|HOSTNAME/);
  });

  test('HOME of the image or the caller stays; an empty one is filled in', () => {
    expect(of({ Env: ['HOME=/image'] })).toContain('HOME=/image');
    expect(of({ Env: ['HOME='] })).toContain('HOME=/home/u');
    expect(of({}, { given: ['HOME=/me'] })).toContain('HOME=/me');
  });

  test('TERM with a terminal only, and not over the image', () => {
    expect(of({}).join()).not.toContain('TERM');
    expect(of({}, { tty: true })).toContain('TERM=xterm');
    expect(of({ Env: ['TERM=dumb'] }, { tty: true })).toContain('TERM=dumb');
  });

  test('defaults give way to everybody, also to who removes them', () => {
    const defaults = ['PIP_CERT=/dev/x', 'SSL_CERT_FILE=/dev/x', 'WGETRC=/dev/x'];
    const env = of({ Env: ['PIP_CERT=/own'] }, { defaults, given: ['WGETRC'] });
    expect(env).toContain('PIP_CERT=/own');
    expect(env).toContain('SSL_CERT_FILE=/dev/x');
    expect(env.join()).not.toContain('WGETRC');
  });
});

test('the working directory', () => {
  expect(workdirOf({}, undefined)).toBe('/');
  expect(workdirOf({ WorkingDir: '/app/' }, undefined)).toBe('/app');
  expect(workdirOf({ WorkingDir: 'app' }, undefined)).toBe('/app');
  expect(workdirOf({ WorkingDir: '/app' }, '/a/../b')).toBe('/b');
  expect(() => workdirOf({}, 'rel')).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(cleanAbsolute('//a/./b/../../..')).toBe('/');
});
