import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { InputKind, NamedInput } from '../graph/index.ts';
import { keyOf } from './key.ts';

const kinds: readonly InputKind[] = ['instruction', 'argument', 'environment', 'file', 'parent'];
/** Texts that break careless encodings: separators, digits, lone surrogates, escapes that look like them. */
const tricky = fc.oneof(
  fc.string(),
  fc.string({
    unit: fc.constantFrom('a', '\n', ' ', '0', '1', '\0', '"', '\\', 'n', '\udc80', '\ud800', '\udcff', '�'),
  }),
);
const input: fc.Arbitrary<NamedInput> = fc.record({
  kind: fc.constantFrom(...kinds),
  name: tricky,
  value: tricky,
});
const list = fc.array(input, { maxLength: 8 });

describe('keyOf', () => {
  test('does not depend on order', () => {
    fc.assert(
      fc.property(
        list.chain((inputs) =>
          fc.tuple(fc.constant(inputs), fc.shuffledSubarray(inputs, { minLength: inputs.length })),
        ),
        ([a, b]) => {
          expect(keyOf(a)).toBe(keyOf(b));
        },
      ),
    );
  });

  test('differs for different lists', () => {
    const sorted = (inputs: readonly NamedInput[]) =>
      inputs.map((one) => JSON.stringify([one.kind, one.name, one.value])).sort();
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      }),
    );
  });

  test.each<[string, NamedInput[], NamedInput[]]>([
    ['a boundary moved between name and value', [file('ab', 'c')], [file('a', 'bc')]],
    ['one input that looks like two', [file('a', 'b\nfile  1 1\ncd')], [file('a', 'b'), file('c', 'd')]],
    ['bytes that are no UTF-8', [file('\udc80', '')], [file('\udc81', '')]],
    ['such a byte and the replacement character', [file('\udc80', '')], [file('�', '')]],
    ['a name and its escaped form', [file('\udc80', '')], [file('"\\udc80"', '')]],
    ['an input given twice', [file('a', 'b'), file('a', 'b')], [file('a', 'b')]],
  ])('%s', (_, a, b) => {
    expect(keyOf(a)).not.toBe(keyOf(b));
  });

  test('does not change by itself: a changed key is a lost cache', () => {
    expect(keyOf([file('a', 'b'), { kind: 'argument', name: 'A', value: '1' }])).toBe(
      'sha256:b281f39f578eaaddb871dcee8ed8d71a8cdda917bb308d9930949ae7203276db' as never,
    );
  });
});

function file(name: string, value: string): NamedInput {
  return { kind: 'file', name, value };
}
