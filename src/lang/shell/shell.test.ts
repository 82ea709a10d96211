// Scripts as they are read, and changed.

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  appendToList,
  flagsOf,
  insertAfter,
  listCommands,
  operandsOf,
  type PlacedCommand,
  parseScript,
  type Replacement,
  removeCommand,
  shellOptions,
  variablesOf,
  visitWords,
} from './index.ts';

const commands = (text: string) => listCommands(parseScript(text));
const names = (text: string) => commands(text).map(({ name }) => name);
const first = (text: string, name: string): PlacedCommand => {
  const found = commands(text).find((one) => one.name === name);
  if (!found) throw new Error(`no ${name} in ${text}`);
  return found;
};
const apply = (text: string, change: Replacement | undefined) =>
  change && text.slice(0, change.start) + change.text + text.slice(change.end);

describe('commands', () => {
  test('of lists, pipes and compound commands', () => {
    expect(names('a && b || c; d | e |& f & { g; }; (h)')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(
      names('if a; then b; elif c; then d; else e; fi; for x in 1; do f; done; while g; do h; done'),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(names('case $x in a) b;; *) c;; esac; f() { d; }; [[ -n $(e) ]]')).toEqual(['b', 'c', 'd', 'e']);
  });

  test('of substitutions, here-documents and variables', () => {
    expect(names('echo "$(a)" `b` ${X:-$(c)} <(d) >"$(e)"')).toEqual(['echo', 'a', 'b', 'c', 'd', 'e']);
    expect(names('cat <<EOF\n$(a)\nEOF\nX=$(b) c')).toEqual(['cat', 'a', 'c', 'b']);
  });

  test('that others run', () => {
    expect(names('sudo -u root apt-get install x')).toEqual(['sudo', 'apt-get']);
    expect(names('env -u A B=1 nice -n 5 /usr/bin/make')).toEqual(['env', 'nice', 'make']);
    expect(names('timeout -k 5 10 curl x; command -v curl')).toEqual(['timeout', 'curl', 'command']);
    expect(first('sudo apt-get update', 'apt-get').via).toBe('sudo');
  });

  test('given to a shell, at their places', () => {
    const text = `bash -euxo pipefail -c "apt-get install \\"a b\\" curl" x`;
    const apt = first(text, 'apt-get');
    expect(apt.via).toBe('bash');
    expect(apt.args.map(({ value }) => value)).toEqual(['install', 'a b', 'curl']);
    const curl = apt.args[2];
    expect(text.slice(curl?.start, curl?.end)).toBe('curl');
    expect(apt.place.exact).toBe(false);
    expect(names(`sh -c 'a && b'`)).toEqual(['sh', 'a', 'b']);
    expect(names('sh script -c "a"')).toEqual(['sh']);
    expect(names('sh -c "$X"')).toEqual(['sh']);
  });

  test('in backquotes with escapes are at their places', () => {
    const text = 'echo `a \\`b c\\``';
    const b = first(text, 'b');
    expect(text.slice(b.command.start, b.command.end)).toBe('b c');
  });

  test('have names only where they are known', () => {
    expect(names('$X a; "apt-get" b; A=1; \\ls')).toEqual(['', 'apt-get', '', 'ls']);
  });
});

describe('words', () => {
  test('say what is quoted', () => {
    const [echo] = commands(`echo a"$B"'$C'$D"e$(f)"*{g,h}`);
    expect(echo?.args[0]?.parts.map(({ kind, quoting }) => `${kind} ${quoting}`)).toEqual([
      'literal none',
      'variable double',
      'literal single',
      'variable none',
      'literal double',
      'substitution double',
      'glob none',
      'brace none',
    ]);
    expect(echo?.args[0]?.literal).toBe(false);
  });

  test('tell their variables', () => {
    const [echo] = commands('echo ${A:-${B%$C}} $((D + $E)) "$(f $G)"');
    expect(echo?.args.flatMap(variablesOf).map(({ name }) => name)).toEqual(['A', 'B', 'C', 'D', 'E', 'G']);
  });

  test('are visited once each', () => {
    const seen: string[] = [];
    visitWords(parseScript('A=1 b "$(c d)" >e <<X\nf $(g)\nX\nfor h in i; do j; done'), ({ word, role }) =>
      seen.push(`${role} ${word.text.trim()}`),
    );
    expect(seen).toEqual([
      'assignment 1',
      'name b',
      'argument "$(c d)"',
      'name c',
      'argument d',
      'redirect e',
      'heredoc f $(g)',
      'name g',
      'variable h',
      'item i',
      'name j',
    ]);
  });
});

describe('flags', () => {
  const { args } = first('apt-get -qo Dpkg::X=1 install --yes --foo=bar -- -z', 'apt-get');
  test('are found', () => {
    const names = flagsOf(args).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['yes', 'q', 'foo']));
    expect(names).not.toContain('z');
  });
  test('are told from operands', () => {
    expect(operandsOf(args, ['o']).map(({ value }) => value)).toEqual(['install', '-z']);
  });
});

describe('changes', () => {
  test('insert words', () => {
    const text = 'apt-get -qy install "a"';
    const apt = first(text, 'apt-get');
    expect(apply(text, insertAfter(apt.args[1] as never, '-y'))).toBe('apt-get -qy install -y "a"');
  });

  test('remove commands', () => {
    const remove = (text: string, name: string) => apply(text, removeCommand(text, first(text, name)));
    expect(remove('a && b && c', 'a')).toBe('b && c');
    expect(remove('a && b && c', 'b')).toBe('a && c');
    expect(remove('a && b && c', 'c')).toBe('a && b');
    expect(remove('a; b; c', 'b')).toBe('a; c');
    expect(remove('{ a; b; }', 'b')).toBe('{ a; }');
    expect(remove('a\nb\n', 'b')).toBe('a\n');
    for (const kept of [
      'b',
      'a || b',
      'b || a',
      'a | b',
      'sudo b && a',
      'a # b\nb',
      'b & a',
      'if b; then a; fi',
    ])
      expect(remove(kept, 'b')).toBeUndefined();
  });

  test('append to lists', () => {
    const append = (text: string, name: string) => apply(text, appendToList(first(text, name), 'rm x'));
    expect(append('a && b; c', 'a')).toBe('a && b && rm x; c');
    expect(append('b', 'b')).toBe('b && rm x');
    expect(append('a | b', 'a')).toBe('a | b && rm x');
    for (const kept of ['a || b', 'b &', 'b <<X\nX\n']) expect(append(kept, 'b')).toBeUndefined();
  });
});

describe('shells', () => {
  test('are told apart', () => {
    expect(shellOptions(['/bin/bash', '-euo', 'pipefail', '-c'])).toEqual({
      dialect: 'bash',
      posix: true,
      pipefail: true,
      errexit: true,
    });
    expect(shellOptions(['/bin/sh', '-c']).pipefail).toBe(false);
    expect(shellOptions(['C:\\Windows\\PowerShell.exe', '-Command'])).toMatchObject({
      dialect: 'powershell',
      posix: false,
    });
    expect(shellOptions(['/usr/bin/env', 'bash', '-c']).dialect).toBe('bash');
    expect(shellOptions(['constructor', '-c']).dialect).toBe('other');
  });

  test('are found behind what starts them', () => {
    const behind = ['conda', 'run', '-e', '-n', 'app', '/bin/bash'];
    expect(shellOptions([...behind, '-c'])).toEqual({
      ...{ dialect: 'bash', posix: true, pipefail: false, errexit: false },
    });
    expect(shellOptions([...behind, '-o', 'pipefail', '-c'])).toMatchObject({ posix: true, pipefail: true });
    for (const other of [
      ['conda', 'run', '-n', 'bash'],
      ['app', 'sh', '-x'],
      ['python3', '-c'],
    ])
      expect(shellOptions(other)).toMatchObject({ dialect: 'other', posix: false });
  });
});

describe('what nobody would write', () => {
  test('is read in time', () => {
    for (const text of ['sudo '.repeat(5000), 'a && '.repeat(5000), '$('.repeat(300), '`'.repeat(2000)])
      expect(listCommands(parseScript(text)).length).toBeLessThan(30_000);
  }, 120_000);
});

describe('what is broken', () => {
  test('is an error with a place', () => {
    expect(parseScript('echo "a').errors).toEqual([{ message: 'unterminated double quote', at: 5 }]);
    expect(parseScript('a $(b "c)').errors.length).toBeGreaterThan(0);
    expect(parseScript('a && b').errors).toEqual([]);
  });

  test('never throws, and all ranges lie within the text', () => {
    const pieces = fc.constantFrom(
      ...[
        'a',
        ' ',
        '&&',
        '||',
        '|',
        ';',
        '\n',
        '"',
        "'",
        '`',
        '\\',
        '$',
        '$(',
        ')',
        '(',
        '{',
        '}',
        '${',
        '<<X',
      ],
      ...[
        'if ',
        'then ',
        'fi',
        'for x in ',
        'do ',
        'done',
        'case ',
        'esac',
        '[[ ',
        ' ]]',
        '((',
        '))',
        '>',
        '*',
      ],
      ...['sh -c ', 'é', '😀', 'X\n', '#', '=', 'A=(', '$((', ':-', "$'"],
    );
    const text = fc.array(pieces, { maxLength: 24 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const script = parseScript(source);
        const inside = ({ start, end }: { start: number; end: number }) => {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(source.length);
        };
        visitWords(script, ({ word }) => inside(word));
        for (const { command } of listCommands(script)) inside(command);
      }),
      { numRuns: 400, examples: [['((\\'], ['$((\\']] },
    );
  });
});
