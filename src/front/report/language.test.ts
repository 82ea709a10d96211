import { expect, test } from 'bun:test';
import { renderExpanded, renderParsed } from './language.ts';

const base = { flags: [], args: [], heredocs: [], line: 1, endLine: 1 };

test('here-documents and triggers are listed below their instruction', () => {
  const heredoc = { name: 'E', fileDescriptor: 3, expand: false, chomp: true, content: 'a\n\nb\n' };
  const trigger = { instruction: 'run', flags: ['--network=none'], args: ['x <<E'] };
  const text = renderParsed(
    [
      { ...base, instruction: 'from', args: ['a', 'as', 'b'] },
      {
        ...base,
        instruction: 'onbuild',
        args: ['run', 'x <<E'],
        trigger,
        heredocs: [heredoc],
        line: 2,
        endLine: 6,
      },
    ],
    'listing',
  );
  expect(text).toBe(
    [
      'from  (line 1)',
      '  argument  "a"',
      '  argument  "as"',
      '  argument  "b"',
      '',
      'onbuild  (lines 2 to 6)',
      '  trigger   run',
      '    flag      "--network=none"',
      '    argument  "x <<E"',
      '  heredoc   "E" (file descriptor 3, as it is, without leading tabs)',
      '    | a',
      '    |',
      '    | b',
      '',
    ].join('\n'),
  );
});

test('control characters reach no terminal, and JSON keeps them as escapes', () => {
  const odd = [{ ...base, instruction: '\u001b[31m', args: ['\u001b]0;x\u0007'] }];
  expect(renderParsed(odd, 'listing')).not.toContain('\u001b');
  expect(JSON.parse(renderParsed(odd, 'json'))).toEqual(odd);
  expect(renderExpanded([{ word: '\u001b', result: '\u001b' }], 'listing')).not.toContain('\u001b');
});

test('nothing is an empty array', () => {
  expect([renderParsed([], 'json'), renderExpanded([], 'json')]).toEqual(['[]\n', '[]\n']);
});
