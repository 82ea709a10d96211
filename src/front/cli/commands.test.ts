// The commands against a recording stand-in for `app` and a process made of strings: what options arrive, what is
// written where, with which status. `build` has a file of its own.

import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { helpAsked } from './dispatch.ts';
import { imageId, trial } from './testdata/trial.ts';

describe('run', () => {
  test('options and status', async () => {
    const line =
      'run --rm -i -e A=1 -e H -v /a:/b:ro -w /w -u 1:2 --entrypoint= --name n -h box --network none --read-only img -c x';
    const { calls, status } = await trial(line, { env: { H: 'here' } });
    expect(status).toBe(42);
    expect(calls.run).toEqual({
      image: 'img',
      args: ['-c', 'x'],
      env: ['A=1', 'H=here'],
      volumes: ['/a:/b:ro'],
      workdir: '/w',
      user: '1:2',
      entrypoint: '',
      name: 'n',
      hostname: 'box',
      interactive: true,
      tty: false,
      network: 'none',
      readOnly: true,
      rm: true,
    });
  });
  test('-it without a terminal', async () => {
    await expect(trial('run -it img')).rejects.toThrow('the input device is not a terminal');
    expect((await trial('run -it img', { terminal: { stdin: true } })).calls.run?.tty).toBe(true);
  });
});

describe('images and archives', () => {
  test('images: filters', async () => {
    expect((await trial('images -f dangling=true app')).calls.other).toEqual([
      { dangling: true, reference: 'app' },
    ]);
    await expect(trial('images -f since=x')).rejects.toThrow("does not support the filter 'since=x'");
    expect((await trial('image ls')).out).toStartWith('REPOSITORY');
    await expect(trial('images --format {{.ID}}')).rejects.toThrow('Go templates are not supported');
  });
  test('inspect, tag, rmi', async () => {
    expect((await trial('inspect a')).out).toBe(`[\n    {\n        "Id": "${imageId}"\n    }\n]\n`);
    expect((await trial('image inspect --format json a')).out).toBe(`[{"Id":"${imageId}"}]\n`);
    expect((await trial('tag a b')).calls.other).toEqual(['a', 'b']);
    const removed = await trial('image rm -f a b');
    expect(removed.calls.other).toEqual([['a', 'b'], { force: true }]);
    expect(removed.out).toBe('Untagged: a:latest\n');
  });
  test('save and load refuse terminals', async () => {
    const progress = expect.any(Function);
    expect((await trial('save a b')).calls.other).toEqual([['a', 'b'], '-', { progress }]);
    const toFile = await trial('save -o f a', { terminal: { stdout: true } });
    expect(toFile.calls.other).toEqual([['a'], 'f', { progress, signal: expect.any(AbortSignal) }]);
    await expect(trial('save a', { terminal: { stdout: true } })).rejects.toThrow(
      'not written to a terminal',
    );
    expect((await trial('load')).out).toBe('Loaded image: a:latest\n');
    expect((await trial('load -q')).out).toBe('');
    await expect(trial('load', { terminal: { stdin: true } })).rejects.toThrow(
      'standard input is a terminal',
    );
  });
  test('bootstrap', async () => {
    const { calls, out } = await trial(
      'bootstrap debian:bookworm --include python3,python3-pip --include x -t p -q',
    );
    expect(calls.other![0]).toEqual({
      suite: 'debian:bookworm',
      include: ['python3', 'python3-pip', 'x'],
      tag: 'p',
    });
    expect(out).toBe(`${imageId}\n`);
    await expect(trial('bootstrap debian:bookworm')).rejects.toThrow('the image needs a name');
    const flags = '--profile distroless --lock f --user nonroot --timezone UTC --platform linux/arm64';
    const explained = await trial(`bootstrap debian:bookworm ${flags} --dry-run`);
    expect(explained.calls.other![0]).toEqual({
      ...{ suite: 'debian:bookworm', include: [], profile: 'distroless', user: 'nonroot', timezone: 'UTC' },
      ...{ platform: 'linux/arm64', lock: { path: 'f', update: false } },
    });
    expect(explained.out).toBe(
      `PACKAGE   VERSION   INSTALLED   DOWNLOAD   WHY
libx1     1.2-3     4kB         1kB        x
x         1:2       300B        20B        asked for

debian:bookworm for amd64, distroless: 2 packages, 4.3kB (1.02kB to download).
Left out, though dependencies name it (5kB):
  dpkg: package manager
`,
    );
    const json = JSON.parse((await trial('bootstrap debian:bookworm -t x --format json')).out);
    expect([json.image.id, json.packages.length, json.omitted[0].why]).toEqual([
      imageId,
      2,
      'package manager',
    ]);
    await expect(trial('bootstrap debian:bookworm --update-lock -t x')).rejects.toThrow('needs --lock FILE');
  });
});

describe('the language', () => {
  test('parse: a listing, or JSON', async () => {
    const { out, calls, status } = await trial('parse -');
    expect([calls.other, status]).toEqual([['-'], 0]);
    expect(out).toBe('cmd  (lines 1 to 2)\n  flag      "--x"\n  json      "a"\n  json      "b"\n');
    const json = (await trial('parse --json x')).out;
    expect(JSON.parse(json)).toEqual([
      { instruction: 'cmd', flags: ['--x'], args: ['a', 'b'], json: true, heredocs: [], line: 1, endLine: 2 },
    ]);
  });
  test('expand: a listing, or JSON', async () => {
    const { out, calls } = await trial('expand x');
    expect(calls.other).toEqual(['x']);
    expect(out).toBe('"$A"  →  "a"\n"${"  →  error: no\n"$B"  →  ["b", "c"]\n');
    expect(JSON.parse((await trial('expand --json -')).out)).toEqual(['a', null, ['b', 'c']]);
  });
});

describe('words that are no command', () => {
  test.each([
    ['buid .', "unknown command 'buid'", "did you mean 'mille build'?"],
    ['commit', 'commit is a command of docker that mille does not have yet', 'Dockerfile'],
    ['image sl', "mille image has no command 'sl'", "did you mean 'mille image ls'?"],
    ['--debug build', 'unknown flag --debug', "flags come after the command's name"],
    ['constructor', "unknown command 'constructor'", "'mille help'"],
  ])('%s', async (line, message, hint) => {
    const error = await trial(line).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(MilleError);
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });
  test('help is asked for in many ways', async () => {
    const overview = await helpAsked([]);
    expect(overview).toContain('Commands:');
    for (const words of [['help'], ['--help'], ['-h']]) expect(await helpAsked(words)).toBe(overview);
    const build = await helpAsked(['help', 'build']);
    expect(build).toStartWith('Usage: mille build');
    expect(await helpAsked(['build', '--help'])).toBe(build);
    expect(await helpAsked(['help', 'image', 'build'])).toBe(build);
    expect(await helpAsked(['image', '--help'])).toContain('ls');
    expect((await trial('build --help')).out).toBe(build!);
    expect((await trial('build -t x --help')).out).toBe(build!);
    expect(await helpAsked(['build', '.'])).toBeUndefined();
    await expect(helpAsked(['help', 'commit'])).rejects.toThrow('does not have yet');
  });
});
