import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { apart } from './program-strings.ts';

const GITHUB = `ghp_${'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eFgHjK'}`;
const NPM = `npm_${'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eFgHjK'}`;

test('tokens one after another, and addresses behind words', () => {
  const url = 'https://ci:Zx9Qw7e1@r.corp/';
  const { text } = apart(`invalid argument${GITHUB}${NPM}unexpectedAKIAQ2W3E4R5T6Y7U2I3Z${url}goroutine`);
  expect(text).toBe(`invalid argument ${GITHUB} ${NPM} unexpected AKIAQ2W3E4R5T6Y7U2I3 Z ${url}goroutine`);
});

test('words are left as they are', () => {
  for (const text of ['runtime: task-switching disk-management', 'thesis_live_test', 'https://x.corp/', ''])
    expect(apart(text).text).toBe(text);
});

test('what is encoded is left as it is', () => {
  const wasm = `${'QCAKIA2JDQACQCATIAFGDQAgDEF0aiIMIA5BDGxqIgsg'.repeat(3)}==`;
  expect(apart(wasm).text).toBe(wasm);
});

test('every character is found where it was', () => {
  const piece = fc.constantFrom(GITHUB, NPM, 'x', ' ', 'https://a:b@c/', 'AIza', 'eyJhbGciOi');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const whole = pieces.join('');
      const { text, original } = apart(whole);
      for (let i = 0; i < text.length; i++) if (text[i] !== ' ') expect(whole[original(i)]).toBe(text[i]!);
    }),
  );
});
