import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { SourceText } from '../../core/index.ts';
import { type InstructionNode, inspectDockerfile, parseTree, printTree, toJson } from './index.ts';

const source = (text: string): SourceText => ({ name: 'Dockerfile', text });
const instructions = (text: string) =>
  parseTree(source(text)).nodes.filter((node): node is InstructionNode => node.kind === 'instruction');
const args = (text: string) => toJson(parseTree(source(text))).map((node) => node.args);

/** Texts made of the pieces that mean something, so that most of them reach far into the parser. */
const dockerfile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'FROM ',
          'RUN ',
          'COPY ',
          'ENV ',
          'ARG ',
          'ONBUILD ',
          'HEALTHCHECK ',
          'CMD ',
          'EXPOSE ',
          'SHELL ',
        ],
        ...[
          '\n',
          '\r\n',
          '\\\n',
          '\\ \t\n',
          '`\n',
          '# c\n',
          '\n#',
          '# escape=`\n',
          '#syntax=a\n',
          '\ufeff',
          ' ',
          '\t',
        ],
        ...[
          '<<EOF',
          "<<-'E'",
          '\nEOF\n',
          '\n\tE\n',
          '"',
          "'",
          '=',
          '--x=1 ',
          '-- ',
          '["a","b"]',
          '[1]',
          '${',
          '}',
          '$x',
        ],
        ...['\\', '`', '\u00a0', '\u2028', '\udc80', '😀', 'a', 'NONE', '--mount=type=bind,"a=b" '],
        ...[
          '\ud83d',
          '\ude00',
          '\0',
          '\r',
          '\v',
          '<<-A <<B',
          '\nA\nB\n',
          '// syntax=x\n',
          '#!x\n',
          '# check=x\n',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
      // Any UTF-16 units, halves of surrogate pairs included.
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 3 })
        .map((units) => String.fromCharCode(...units)),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

describe('the tree', () => {
  test('prints back what was read, for any text, and covers it without gaps', () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        const tree = parseTree(source(text));
        expect(printTree(tree)).toBe(text);
        let at = 0;
        for (const node of tree.nodes) {
          expect(node.start).toBe(at);
          expect(node.end).toBeGreaterThan(node.start);
          at = node.end;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('no text makes the typed reading crash, and every error of one has a place inside the text', () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        for (const { code, span } of inspectDockerfile(source(text)).errors) {
          if (code === 'dockerfile-empty') continue;
          expect(span?.start).toBeLessThanOrEqual(text.length);
          expect(span?.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[string, string, string]>([
    ['# escape=x\nFROM a', 'x', 'it is either \\ or `'],
    ['# syntax=a\n#syntax=b', 'b', 'remove one of them'],
    ['ENV \\\n  a', 'a', 'write name=value'],
    ['LABEL a=b \\\n c', 'c', 'put the value in quotes if it contains spaces'],
    ['CMD ["a", 1]', '["a", 1]', 'put every element in double quotes'],
    ['ONBUILD CMD [1]', '[1]', 'put every element in double quotes'],
    [
      `RUN ${'a'.repeat(70_000)}`,
      `RUN ${'a'.repeat(70_000)}`,
      'break the line, or move its content to a file',
    ],
  ])('an error says where and what to do: %j', (text, meant, hint) => {
    const [error, ...more] = parseTree(source(text)).errors;
    expect(more).toEqual([]);
    expect(text.slice(error?.span?.start, error?.span?.end)).toBe(meant);
    expect(error?.hint).toStartWith(hint);
  });

  test('after a hundred errors the rest is left unread, and still printed', () => {
    const text = 'ENV a\n'.repeat(1000);
    const tree = parseTree(source(text));
    expect([tree.errors.length, tree.nodes.length, printTree(tree) === text]).toEqual([100, 101, true]);
    expect(inspectDockerfile(source('x\n'.repeat(1000))).errors).toHaveLength(100);
  });

  test('lists the kinds of nodes in order', () => {
    const text = '\ufeff# syntax=docker/dockerfile:1\n# a\n\nFROM a\n';
    expect(parseTree(source(text)).nodes.map((node) => node.kind)).toEqual([
      'bom',
      'directive',
      'comment',
      'blank',
      'instruction',
    ]);
  });
});

describe('directives', () => {
  test('the escape directive changes continuation and escapes', () => {
    expect(args('# escape=`\nRUN a\\b `\n  c')).toEqual([['a\\b   c']]);
  });

  test.each([
    ['# comment first\n# escape=`\nRUN a \\\nb', ['a b']],
    ['\n# escape=`\nRUN a \\\nb', ['a b']],
    ['# unknown=1\n# escape=`\nRUN a \\\nb', ['a b']],
    ['#EsCaPe = ` \nRUN a `\nb', ['a b']],
  ])('count only at the very top: %j', (text, expected) => {
    expect(args(text)).toEqual([expected]);
  });

  test.each(['# escape=x\nFROM a', '# escape=`\n# escape=`\nFROM a', '# syntax=a\n#syntax=b\nFROM a'])(
    'bad: %j',
    (text) => {
      expect(parseTree(source(text)).errors.map((error) => error.code)).toEqual(['dockerfile-syntax']);
    },
  );
});

test('comments above an instruction: an empty one begins anew, an indented one keeps its #', () => {
  expect(
    instructions('# a\n#\n# b\n\n # c\n\t#\nRUN x \\\n# d\ny\nRUN z').map((node) => node.comments),
  ).toEqual([['b', '# c', '#'], []]);
});

describe('joined lines', () => {
  test.each([
    ['RUN a \\\n  b', 'a   b'],
    ['RUN a \\  \t\nb', 'a b'],
    ['RUN a \\\n# comment\n\n   # another\nb', 'a b'],
    ['RUN a \\\r\nb\r\n', 'a b'],
    ['RUN a \\\\\nENV b=c', 'a \\\\'],
    ['  run a', 'a'],
    ['RUN a # not a comment', 'a # not a comment'],
    ['RUN a \\', 'a'],
    ['\\\nRUN a', 'a'],
  ])('%j', (text, expected) => {
    expect(args(text)[0]).toEqual([expected]);
  });

  test('a word points to where it stands, also behind a continuation', () => {
    const text = 'COPY --from=x \\\n  # why\n  one \\\n  two /dst/\n';
    const node = instructions(text)[0] as InstructionNode;
    const texts = [...node.clause.flags, ...node.clause.args].map((word) =>
      text.slice(word.span.start, word.span.end),
    );
    expect(texts).toEqual(['--from=x', 'one', 'two', '/dst/']);
    expect(node.trivia.map(({ kind }) => kind)).toEqual(['continuation', 'comment', 'continuation']);
  });

  test('a line may have 65,535 bytes', () => {
    expect(parseTree(source(`RUN ${'a'.repeat(65_531)}\n`)).errors).toEqual([]);
    expect(parseTree(source(`RUN ${'a'.repeat(65_532)}\n`)).errors).toHaveLength(1);
    expect(parseTree(source(`RUN ${'é'.repeat(32_766)}\n`)).errors).toHaveLength(1);
    // A carriage return counts, the line feed does not.
    expect(parseTree(source(`RUN ${'a'.repeat(65_531)}\r\n`)).errors).toHaveLength(1);
  });
});

describe('arguments', () => {
  test.each<[string, string[]]>([
    ['COPY a  b\tc', ['a', 'b', 'c']],
    ['COPY "a b" c', ['"a', 'b"', 'c']],
    ['COPY ["a b", "c"]', ['a b', 'c']],
    ['COPY ["a b", "c"', ['["a', 'b",', '"c"']],
    ["CMD ['a']", ["['a']"]],
    ['CMD ["a",]', ['["a",]']],
    ['CMD ["a"] b', ['["a"] b']],
    ['CMD []', []],
    ['CMD [ "\\u00e9\\n" , "\\ud800" ]', ['é\n', '\ufffd']],
    ['ENV a=b c="d e" f=g\\ h', ['a', 'b', 'c', '"d e"', 'f', 'g\\ h']],
    ['ENV a   b c', ['a', 'b c']],
    ['ENV a=', ['a', '']],
    ["LABEL 'a b'=c", ["'a b'", 'c']],
    ['ARG a b=c d="e f"', ['a', 'b=c', 'd="e f"']],
    ['HEALTHCHECK CMD  curl  x', ['CMD', 'curl  x']],
    ['HEALTHCHECK CMD ["a"]', ['CMD', 'a']],
    ['ONBUILD ENV a=b', ['ENV', 'a', 'b']],
    ['ONBUILD ONBUILD RUN a', ['ONBUILD', 'RUN', 'a']],
    ['FOO --x a b', ['']],
    ['HEALTHCHECK CMD\u00a0x y', ['CMD\u00a0x', 'y']],
    ['HEALTHCHECK CMD \u00a0x', ['CMD', '\u00a0x']],
    // Go refuses numbers that it cannot hold, so that this is no JSON.
    ['CMD [{"a": [1e400]}]', ['[{"a": [1e400]}]']],
    ['WORKDIR /a b', ['/a b']],
  ])('%s', (text, expected) => {
    expect(args(text)).toEqual([expected]);
  });

  test.each(['CMD ["a", 1]', 'COPY ["a", null]', 'ENV a', 'ENV a=b c', 'LABEL x'])(
    'malformed: %s',
    (text) => {
      expect(parseTree(source(text)).errors.map((error) => error.code)).toEqual(['dockerfile-syntax']);
    },
  );

  test('ONBUILD before ONBUILD is no matter of syntax, but has a bound', () => {
    const errors = (count: number) => parseTree(source(`${'ONBUILD '.repeat(count)}RUN a`)).errors.length;
    expect([errors(100), errors(101), errors(5000)]).toEqual([0, 1, 1]);
  });

  test.each<[string, string[], string[]]>([
    ['RUN --a --b=c d', ['--a', '--b=c'], ['d']],
    ['RUN --a="b c" d', ['--a=b c'], ['d']],
    ['RUN --a=b\\ c d', ['--a=b c'], ['d']],
    ['RUN -- --a', [], ['--a']],
    ['RUN -x --a', [], ['-x --a']],
  ])('flags: %s', (text, flags, rest) => {
    expect(toJson(parseTree(source(text)))[0]).toMatchObject({ flags, args: rest });
  });

  test('the value of a flag and both halves of a pair point to their places', () => {
    const text = 'ENV --x="a=b" key=value';
    const clause = (instructions(text)[0] as InstructionNode).clause;
    const at = (word: { span: { start: number; end: number } } | undefined) =>
      word && text.slice(word.span.start, word.span.end);
    expect(at(clause.flags[0]?.value)).toBe('"a=b"');
    expect(clause.args.map(at)).toEqual(['key', 'value']);
  });
});

describe('here-documents', () => {
  const heredocs = (text: string) => instructions(text).map((node) => node.heredocs);

  test('several on a line, in order, bodies as written', () => {
    const text = 'COPY <<A <<-"B" /d/\none\r\nA\n\ttwo $x\n\tB\nRUN x';
    const node = instructions(text)[0] as InstructionNode;
    expect(node.heredocs).toMatchObject([
      { name: 'A', content: 'one\r\n', expand: true, chomp: false },
      { name: 'B', content: '\ttwo $x\n', expand: false, chomp: true },
    ]);
    expect([node.line, node.endLine]).toEqual([1, 5]);
    expect(instructions(text)).toHaveLength(2);
  });

  test.each<[string, number]>([
    ['RUN cat 3<<E\nE', 1],
    ['RUN cat << E\nE', 1],
    ['ONBUILD RUN <<E\nE', 1],
    ['RUN echo "<<E"', 0],
    ['RUN ["<<E"]', 0],
    ['CMD <<E', 0],
    ['RUN a<<E', 0],
    ['RUN cat <<<E', 0],
    ['RUN echo "unmatched <<E', 0],
    ['RUN <<\ufeff', 0],
    ['RUN <<E ${x:!}\nE', 1],
  ])('%j has %i', (text, count) => {
    const tree = parseTree(source(text));
    expect(tree.errors).toEqual([]);
    expect(heredocs(text)[0]).toHaveLength(count);
  });

  test('a body keeps what looks like comments, directives and continuations', () => {
    expect(heredocs('RUN <<E\n# a\n\nb \\\nE\n')[0]?.[0]?.content).toBe('# a\n\nb \\\n');
  });

  test('bodies come back as they were written, each to its name', () => {
    const line = fc.constantFrom('', 'x', '\tx', '$y', '# z', 'RUN a \\', 'A1', ' A0', 'A0 ', '\ud83d', '\0');
    const one = fc.record({
      chomp: fc.boolean(),
      quote: fc.constantFrom('', '"', "'"),
      fileDescriptor: fc.constantFrom('', '3'),
      lines: fc.array(line, { maxLength: 4 }),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      last: fc.constantFrom('', '\r'),
    });
    const keyword = fc.constantFrom('RUN', 'copy', 'ADD a', 'onbuild RUN', 'ONBUILD COPY');
    fc.assert(
      fc.property(keyword, fc.array(one, { minLength: 1, maxLength: 4 }), (start, all) => {
        const named = all.map((doc, i) => ({ ...doc, name: `A${i}_` }));
        const words = named.map(
          ({ fileDescriptor, chomp, quote, name }) =>
            `${fileDescriptor}<<${chomp ? '-' : ''}${quote}${name}${quote}`,
        );
        const bodies = named.map(({ lines, lineEnd }) => lines.map((text) => text + lineEnd).join(''));
        const ends = named.map(({ chomp, name, last }) => `${chomp ? '\t\t' : ''}${name}${last}\n`);
        const text = `${start} ${words.join(' ')} /d\n${bodies.map((body, i) => body + ends[i]).join('')}RUN x`;
        const [first, second] = instructions(text);
        expect(first?.heredocs.map(({ name, content }) => [name, content])).toEqual(
          named.map(({ name }, i) => [name, bodies[i] as string]),
        );
        expect(
          first?.heredocs.map(({ expand, chomp, fileDescriptor }) => [expand, chomp, fileDescriptor]),
        ).toEqual(
          named.map(({ quote, chomp, fileDescriptor }) => [quote === '', chomp, Number(fileDescriptor)]),
        );
        expect(second?.clause.keyword.text).toBe('RUN');
      }),
    );
  });

  test('one that is not ended is an error, and the text is still kept', () => {
    const tree = parseTree(source('FROM a\nRUN <<EOF\nx\n'));
    expect(tree.errors.map((error) => error.message)).toEqual(['the here-document EOF is not ended']);
    expect(printTree(tree)).toBe('FROM a\nRUN <<EOF\nx\n');
  });

  test.each([
    ['RUN <<EOF\nx\n', '<<EOF', 'end it with a line that holds only EOF'],
    ['RUN cat <<A \\\n  3<<-"B" x\nA\n', '<<-"B"', 'end it with a line that holds only B'],
    [
      'RUN <<A\n A\nA x',
      '<<A',
      'line 2 holds A with white space before it: remove it, or write <<- and use tabs only',
    ],
    ['RUN <<-A\n\t A', '<<-A', 'line 2 holds A with white space before it: with <<- there may be tabs only'],
    ['RUN <<A\nx\n\tA \n', '<<A', 'line 3 holds A with white space before and behind it: remove it'],
    ['RUN <<A\nA \r\n', '<<A', 'line 2 holds A with white space behind it: remove it'],
    ['RUN << A\n', '<< A', 'end it with a line that holds only A'],
    ['RUN <<A\\ B\n', 'RUN <<A\\ B', 'end it with a line that holds only A B'],
  ])('%j is not ended', (text, meant, hint) => {
    const error = parseTree(source(text)).errors[0];
    expect([text.slice(error?.span?.start, error?.span?.end), error?.hint]).toEqual([meant, hint]);
  });
});
