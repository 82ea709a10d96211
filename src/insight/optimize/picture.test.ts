import { expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { pictureOf } from './picture.ts';
import { lookAt } from './subject.ts';

const EXAMPLE = {
  before:
    'FROM golang:1 AS build\nWORKDIR /src\nCOPY . .\nRUN go build\n\nFROM alpine\nRUN apk add curl\nCOPY --from=build /bin/x /x\n',
  after: '',
  context: { 'a.go': 10, 'README.md': 10 },
  steps: { 4: { seconds: 20, bytes: 900 }, 7: { seconds: 3, bytes: 300 }, 8: { seconds: 0.1, bytes: 100 } },
  commits: [['a.go'], ['a.go'], ['a.go', 'README.md'], ['b.go'], ['other/../x']].map((paths) => [...paths]),
};

const { draft, around } = evidenceFor(EXAMPLE);
const subject = lookAt(draft, around);

test('steps from the base upwards, with what they weigh and how often they run again', () => {
  const { steps, assumed } = pictureOf(subject, { imageBytes: 5000 });
  expect(assumed).toBe(false);
  expect(
    steps.map(({ line, kind, stage, inImage, bytes, rebuilt }) => [
      ...[line, kind, stage, inImage],
      ...[bytes, rebuilt],
    ]),
  ).toEqual([
    [1, 'base', 'build', false, undefined, 0],
    [2, 'workdir', 'build', false, 0, 0],
    [3, 'copy', 'build', false, 0, 1],
    [4, 'run', 'build', false, 900, 1],
    [6, 'base', '1', true, 4600, 0],
    [7, 'run', '1', true, 300, 0],
    [8, 'copy', '1', true, 100, 1],
  ]);
});

test('what a build took goes before what was observed of the original', () => {
  const runs = new Map([['0.2', { seconds: 7, bytes: 5 }]]);
  const { steps, secondsPerCommit } = pictureOf(subject, { runs });
  expect(steps.map(({ seconds }) => seconds).filter((one) => one !== undefined)).toEqual([7]);
  expect(secondsPerCommit).toBeGreaterThanOrEqual(7);
  expect(pictureOf(subject, {}).secondsPerCommit).toBeGreaterThan(20);
});
