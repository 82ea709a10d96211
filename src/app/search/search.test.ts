import { expect, test } from 'bun:test';
import { splitTerm } from './search.ts';

test.each([
  ['python', undefined, 'python'],
  ['team/app', undefined, 'team/app'],
  ['node.js', undefined, 'node.js'],
  ['redis:7', undefined, 'redis:7'],
  ['localhost:5000', 'localhost:5000', ''],
  ['localhost:5000/', 'localhost:5000', ''],
  ['localhost/app', 'localhost', 'app'],
  ['registry.example/team/app', 'registry.example', 'team/app'],
  ['registry.example:443', 'registry.example:443', ''],
  ['docker.io/library/python', undefined, 'python'],
  ['index.docker.io/python', undefined, 'python'],
])('%s', (text, registry, term) => {
  const split = splitTerm(text);
  expect([split.registry, split.term]).toEqual([registry, term]);
});
