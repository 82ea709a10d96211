import { expect, test } from 'bun:test';
import { contextCopies, copiesOfImage, isLeftOut } from './context-copies.ts';
import { evidenceFor } from './evidence-for.ts';
import { lookAt } from './subject.ts';

const CONTEXT = { 'a.js': 1, 'assets/a.png': 1, 'assets/own/b.png': 1 };

function copyOf(line: string, ignoreFile?: string) {
  const before = `FROM a\nWORKDIR /app\n${line}\n`;
  const ignore = ignoreFile === undefined ? {} : { ignoreFile };
  const { draft, around } = evidenceFor({ before, after: '', context: CONTEXT, ...ignore });
  const subject = lookAt(draft, around);
  const [copy] = [...contextCopies(subject).values()];
  return { subject, copy: copy! };
}

test('what --exclude leaves out is not copied', () => {
  const filesOf = (line: string) => [...copyOf(line).copy.files.keys()];
  expect(filesOf('COPY . .')).toEqual(Object.keys(CONTEXT));
  expect(filesOf('COPY --exclude=assets/* . .')).toEqual(['a.js']);
  expect(filesOf('COPY --exclude=*.js --exclude=**/own . .')).toEqual(['assets/a.png']);
  expect(filesOf('COPY --exclude=own assets .')).toEqual(['assets/a.png']);
});

test('a place where the context brings nothing, today or one day', () => {
  const isAt = (line: string, ignoreFile: string | undefined, place: string) => {
    const { subject, copy } = copyOf(line, ignoreFile);
    return isLeftOut(subject, copy, place);
  };
  expect(isAt('COPY . .', 'node_modules', 'app/node_modules')).toBe(true);
  expect(isAt('COPY . .', 'node_modules', 'app/node_modules/x')).toBe(true);
  expect(isAt('COPY web /srv/', 'web/dist', 'srv/dist')).toBe(true);
  expect(isAt('COPY web /srv/', 'dist', 'srv/dist')).toBe(false);
  expect(isAt('COPY . .', undefined, 'app/node_modules')).toBe(false);
  expect(isAt('COPY . .', 'node_modules\n!node_modules/own', 'app/node_modules')).toBe(false);
  expect(isAt('COPY . .', '*\n!a.js', 'app')).toBe(false);
  expect(isAt('COPY . .', 'node_modules', 'usr/node_modules')).toBe(false);
});

test('what an image has of the context, and not what is copied where something else is built', () => {
  const filesOf = (before: string) => {
    const { draft, around } = evidenceFor({ before, after: '', context: CONTEXT });
    return copiesOfImage(lookAt(draft, around)).map(({ title, files }) => [title, files.size]);
  };
  expect(filesOf('FROM a AS app\nCOPY . .\nFROM app\nCOPY a.js /b\n')).toEqual([
    ['COPY . .', 3],
    ['COPY a.js /b', 1],
  ]);
  expect(filesOf('FROM a AS build\nCOPY . .\nFROM b\nCOPY --from=build /x /x\n')).toEqual([]);
});
