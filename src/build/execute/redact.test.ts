import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { OutputLines } from './output-lines.ts';
import { buildSecrets } from './redact.ts';

const secretsOf = (...texts: string[]) =>
  buildSecrets(new Map(texts.map((text, i) => [String(i), Buffer.from(text)])));

test('whole values and their lines, longest first; short ones stay', () => {
  const { redact } = secretsOf('abcdef', 'abcdefghi\n', 'short', 'one line\nand another\r\n');
  expect(redact('abcdefghi abcdef short one line, and another')).toBe('**** **** short ****, ****');
});

test('no secret gets through, however output is cut and without any line end', () => {
  const secret = 'the-value-of-a-secret';
  const secrets = secretsOf(secret);
  const filler = fc.constantFrom('', 'x'.repeat(16_380), 'y'.repeat(20_000), '\n', 'the-value', secret);
  fc.assert(
    fc.property(
      fc.array(filler, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 30_000 }), { maxLength: 8 }),
      (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        let said = '';
        const lines = new OutputLines((_, text) => {
          said += text;
        }, secrets);
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          if (at < bytes.length) lines.push('stdout', bytes.subarray(at, at + cut));
          at += cut;
        }
        lines.end();
        expect(said.includes(secret)).toBe(false);
        expect(said.replaceAll('****', secret)).toBe(bytes.toString());
        expect(lines.tail().join('\n').includes(secret)).toBe(false);
      },
    ),
  );
});
