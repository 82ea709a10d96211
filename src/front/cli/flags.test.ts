import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import { COMMAND_NAMES, commandSummaries, findCommand, loadAll, loadCommand } from './catalogue.ts';
import { parseFlags } from './flags.ts';
import { helpCommand, helpOverview } from './help.ts';
import { command, type Input } from './spec.ts';

const toy = command({
  name: 'toy',
  summary: 'Toy',
  usage: 'ARG',
  flags: {
    tag: { kind: 'list', short: 't', value: 'X', help: '' },
    file: { kind: 'string', short: 'f', value: 'X', help: '' },
    interactive: { kind: 'boolean', short: 'i', help: '' },
    tty: { kind: 'boolean', short: 'y', help: '' },
    rm: { kind: 'boolean', default: true, help: '' },
    mode: { kind: 'choice', choices: ['a', 'b'], default: 'a', help: '' },
  },
  arguments: { least: 0, most: 9 },
  docker: {
    command: 'toy',
    unsupported: ['publish,p', 'detach,d', 'memory'],
    hints: { detach: 'do it yourself' },
  },
  examples: [],
  run: async () => 0,
});

const parse = (...words: string[]) => {
  const parsed = parseFlags(toy, words);
  if (parsed === 'help') throw new Error('help');
  const { flags, args } = parsed as Input;
  const set = Object.entries(flags).filter(
    ([name, value]) =>
      !(name === 'rm' && value === true) &&
      !(name === 'mode' && value === 'a') &&
      value !== undefined &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0),
  );
  return { ...Object.fromEntries(set), args: [...args] };
};

describe("pflag's habits", () => {
  test.each<[string[], Record<string, unknown>]>([
    [[], { args: [] }],
    [['--tag', 'x'], { tag: ['x'], args: [] }],
    [['--tag=x'], { tag: ['x'], args: [] }],
    [['--tag=x=y'], { tag: ['x=y'], args: [] }],
    [['--tag='], { tag: [''], args: [] }],
    [['--tag', '-x'], { tag: ['-x'], args: [] }],
    [['--tag', '--'], { tag: ['--'], args: [] }],
    [['-t', 'x'], { tag: ['x'], args: [] }],
    [['-tx'], { tag: ['x'], args: [] }],
    [['-t=x'], { tag: ['x'], args: [] }],
    [['-t', 'a', '--tag', 'b', '-tc'], { tag: ['a', 'b', 'c'], args: [] }],
    [['-iy'], { interactive: true, tty: true, args: [] }],
    [['-iytx'], { interactive: true, tty: true, tag: ['x'], args: [] }],
    [['-it', 'x'], { interactive: true, tag: ['x'], args: [] }],
    [['-i=false'], { args: [] }],
    [['-i=0', '-y=T'], { tty: true, args: [] }],
    [['--rm=false'], { rm: false, args: [] }],
    [['-f', '-'], { file: '-', args: [] }],
    [['-f-'], { file: '-', args: [] }],
    [['-f', 'a', '-f', 'b'], { file: 'b', args: [] }],
    [['-', '-t', 'x'], { tag: ['x'], args: ['-'] }],
    [['.', '-t', 'x', 'y'], { tag: ['x'], args: ['.', 'y'] }],
    [['--', '-t', '--help'], { args: ['-t', '--help'] }],
    [['a', '--', '--', 'b'], { args: ['a', '--', 'b'] }],
    [['--mode', 'b'], { mode: 'b', args: [] }],
  ])('%j', (words, expected) => {
    const { rm, ...rest } = expected;
    const parsed = parse(...words) as Record<string, unknown>;
    expect(parsed).toMatchObject(rest);
    expect(parseFlags(toy, words)).toHaveProperty('flags.rm', rm ?? true);
  });

  test.each([[['--help']], [['-h']], [['x', '--help']], [['-ih']]])('help: %j', (words) => {
    expect(parseFlags(toy, words)).toBe('help');
  });
});

const failure = (run: () => unknown): MilleError => {
  try {
    run();
  } catch (error) {
    if (error instanceof MilleError) return error;
    throw error;
  }
  throw new Error('did not fail');
};

describe('mistakes', () => {
  test.each([
    [
      ['--publish', '80'],
      '--publish is a flag of docker toy that mille does not support yet',
      'leave it out',
    ],
    [['--publish=80'], '--publish is a flag of docker toy', ''],
    [['-p', '80'], '-p (--publish) is a flag of docker toy', ''],
    [['-ip80'], '-p (--publish) is a flag of docker toy', ''],
    [['-d'], '-d (--detach) is a flag of docker toy', 'do it yourself'],
    [['--tga', 'x'], 'unknown flag --tga', 'did you mean --tag?'],
    [['--toString'], 'unknown flag --toString', "'mille toy --help'"],
    [['-z'], 'unknown flag -z', "'mille toy --help'"],
    [['---tag'], 'unknown flag ---tag', ''],
    [['--tag'], '--tag needs a value', ''],
    [['-it'], '-t needs a value', ''],
    [['--rm=maybe'], "--rm is a switch: it can't be 'maybe'", 'write --rm, or --rm=false'],
    [['--mode', 'c'], "--mode can't be 'c'", 'it is one of: a, b'],
    [['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'], "takes 9 arguments; '10' is too many", 'usage:'],
  ])('%j', (words, message, hint) => {
    const error = failure(() => parseFlags(toy, words));
    expect(error.code).toBe('usage');
    expect(error.exitStatus).toBe(2);
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint);
  });
});

describe('run', () => {
  test('flags end at the image', async () => {
    const run = await loadCommand('run');
    const parsed = parseFlags(run, ['-it', '--rm', '-e', 'A=1', 'img', '-p', '80', '--help', '--', '-x']);
    expect(parsed).toMatchObject({
      flags: { interactive: true, tty: true, rm: true, env: ['A=1'] },
      args: ['img', '-p', '80', '--help', '--', '-x'],
    });
  });
  test('-- before the image', async () => {
    expect(parseFlags(await loadCommand('run'), ['--rm', '--', 'img', '-x'])).toMatchObject({
      args: ['img', '-x'],
    });
  });
});

describe('the commands', () => {
  test('have what a spec needs, and no flag twice', async () => {
    for (const spec of await loadAll()) {
      const shorts = Object.values(spec.flags).flatMap(({ short }) => short ?? []);
      expect(new Set(shorts).size).toBe(shorts.length);
      const missing = spec.docker?.unsupported.map((flag) => flag.split(',')[0]!) ?? [];
      expect(missing.filter((name) => name in spec.flags)).toEqual([]);
      const missingShorts = spec.docker?.unsupported.flatMap((flag) => flag.split(',')[1] ?? []) ?? [];
      expect(missingShorts.filter((short) => shorts.includes(short))).toEqual([]);
      for (const hinted of Object.keys(spec.docker?.hints ?? {})) expect(missing).toContain(hinted);
      expect(spec.summary).not.toEndWith('.');
      expect(spec.examples.length).toBeGreaterThan(0);
    }
  });
  test('are what the list of commands says', async () => {
    const loaded = await loadAll();
    expect(loaded.map(({ name, summary }) => ({ name, summary }))).toEqual([...commandSummaries()]);
    for (const spec of loaded) {
      for (const alias of spec.aliases ?? []) {
        const found = findCommand([...alias.split(' '), 'x'])!;
        expect([found.name, found.rest.at(-1)]).toEqual([spec.name, 'x']);
      }
    }
    for (const group of ['image ls', 'image rm', 'image tag', 'image save', 'image load', 'image history']) {
      const { name } = findCommand(group.split(' '))!;
      expect(loaded.find((spec) => spec.name === name)?.aliases).toContain(group);
    }
  });
  // As a shell does: what is quoted is one word.
  const wordsOf = (line: string) =>
    [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
  test('their examples parse', async () => {
    for (const spec of await loadAll()) {
      for (const { command: line } of spec.examples) {
        const flat = line.replace(/\$\((mille [^)]*)\)/, 'x; $1');
        for (const [, words] of flat.matchAll(/mille ([^|<>;]*)/g)) {
          const found = findCommand(wordsOf(words!))!;
          expect(parseFlags(await loadCommand(found.name), found.rest)).not.toBe('help');
        }
      }
    }
  });
  test('help fits 80 columns and speaks ASCII', async () => {
    const texts = [helpOverview(commandSummaries()), ...(await loadAll()).map(helpCommand)];
    for (const text of texts) {
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
      for (const line of text.split('\n')) {
        if (!line.startsWith('  mille') && !line.includes('|')) expect(line.length).toBeLessThanOrEqual(80);
      }
    }
    expect(COMMAND_NAMES.every((name) => texts[0]!.includes(`  ${name} `))).toBe(true);
  });
});
