import { describe, expect, test } from 'bun:test';
import { renderMarkdown } from './markdown.ts';

const plain = (text: string, columns = 40) => renderMarkdown(text, { color: false, columns });

describe('Markdown for terminals', () => {
  test('titles as they are, headings in capitals but for code', () => {
    expect(plain('# CamelCase: it\n\n## The `code` in it\n\ntext')).toBe(
      'CamelCase: it\n\nTHE `code` IN IT\n\ntext\n',
    );
  });

  test('paragraphs are joined and broken, items hang', () => {
    expect(
      plain(
        'one two three four five six seven\neight nine ten\n\n- an item that is longer than a line is\n  wide',
      ),
    ).toBe(
      'one two three four five six seven eight\nnine ten\n\n- an item that is longer than a line is\n  wide\n',
    );
  });

  test('short code is not broken, nor are spaces that must not', () => {
    expect(plain('words words words words `a b c d e f g h`')).toBe(
      'words words words words\n`a b c d e f g h`\n',
    );
    expect(plain('words words words words words wordyyyyy\u00a0: x')).toBe(
      'words words words words words\nwordyyyyy\u00a0: x\n',
    );
  });

  test('long code is broken, and what follows it as ever', () => {
    const code = `\`${'abcd '.repeat(11)}end\``;
    expect(plain(`${code} then words, and \`a b\``)).toBe(
      `\`${'abcd '.repeat(8).trim()}\nabcd abcd abcd end\` then words, and\n\`a b\`\n`,
    );
  });

  test('code and tables', () => {
    expect(plain('```dockerfile\nFROM a\n\nRUN  b\n```')).toBe('    FROM a\n\n    RUN  b\n');
    expect(plain('| | a |\n| --- | --- |\n| long | `b` |')).toBe('      a\nlong  `b`\n');
  });

  test('colours take the place of marks', () => {
    const text = renderMarkdown('## The `code`\n\na `b c` d', { color: true, columns: 80 });
    expect(text).toBe('\x1b[1mThe code\x1b[22m\n\na \x1b[36mb c\x1b[39m d\n');
  });
});
