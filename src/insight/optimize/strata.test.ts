import { expect, test } from 'bun:test';
import { stratumOf } from './strata.ts';

const OWN = ['Dockerfile', '.dockerignore'];

test.each([
  [['README.md', 'docs/a.png'], 'docs'],
  [['README.md', 'src/a.py'], 'source'],
  [['src/a.py', 'requirements.txt'], 'manifest'],
  [['web/package-lock.json'], 'manifest'],
  [['package.json', 'Dockerfile'], 'dockerfile'],
  [['.dockerignore'], 'dockerfile'],
  [['web/Dockerfile'], 'source'],
  [[], 'source'],
])('%p is of %s', (paths, stratum) => {
  expect(stratumOf(paths, OWN)).toBe(stratum as ReturnType<typeof stratumOf>);
});
