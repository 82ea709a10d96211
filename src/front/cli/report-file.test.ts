import { describe, expect, test } from 'bun:test';
import { type Endings, reportForm } from './report-file.ts';

const ENDINGS: Endings<'text' | 'json'> = [
  [/\.txt$/, 'text'],
  [/\.json$/, 'json'],
];
const form = (format: 'text' | 'json' | undefined, output: string | undefined) =>
  reportForm({ format, output }, ENDINGS, 'text');

describe('the form of a report', () => {
  test('is what --format says, else what the ending says, else the usual one', () => {
    expect([form('json', undefined), form(undefined, 'x.json'), form(undefined, 'x')]).toEqual([
      ...(['json', 'json', 'text'] as const),
    ]);
    expect([form('json', '-'), form('json', 'x'), form('json', 'a/x.json')]).toEqual([
      'json',
      'json',
      'json',
    ]);
  });
  test('is not two at once', () => {
    expect(() => form('text', 'x.json')).toThrow('--format text contradicts -o x.json');
    expect(() => form('json', 'x.txt')).toThrow('--format json contradicts -o x.txt');
  });
});
