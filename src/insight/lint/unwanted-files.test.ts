import { expect, test } from 'bun:test';
import { leftovers, secretFiles } from './unwanted-files.ts';

const files = (...paths: readonly string[]) => paths.map((path) => ({ path, bytes: 10 }));

test.each([
  [['.git/HEAD', 'a/.git/HEAD'], ['**/.git']],
  [['node_modules/a/node_modules/b/x'], ['node_modules']],
  [['target/debug/x', 'Cargo.toml'], ['target']],
  [['a/target/x', 'a/pom.xml'], ['**/target']],
  [['target/x', 'src/Cargo.toml'], []],
  [['.gitignore', 'src/venv.py', 'git/HEAD'], []],
  [
    ['.DS_Store', 'src/__pycache__/x.pyc'],
    ['**/__pycache__', '.DS_Store'],
  ],
])('leftovers of %j', (paths, lines) => {
  const all = files(...paths);
  expect(
    leftovers(all, all)
      .map(({ line }) => line)
      .sort(),
  ).toEqual([...lines].sort());
});

test.each([
  ['.env', true],
  ['.env.production', true],
  ['app/.env.local', true],
  ['.env.example', false],
  ['.environment', false],
  ['id_rsa', true],
  ['id_rsa.pub', false],
  ['.ssh/authorized_keys', false],
  ['.ssh/deploy', true],
  ['deploy/.aws/credentials', true],
  ['prod.tfvars', true],
  ['ca.pem', false],
])('%s: %p', (path, secret) => {
  expect(secretFiles(files(path)).length > 0).toBe(secret);
  expect(secretFiles([{ path, bytes: 0 }])).toEqual([]);
});
