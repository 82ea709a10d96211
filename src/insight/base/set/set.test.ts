// Another base in a Dockerfile.

import { describe, expect, test } from 'bun:test';
import { parseDockerfile } from '../../../lang/dockerfile/index.ts';
import { chooseFrom, type StageFrom } from './choose-from.ts';
import { editFrom } from './edit-from.ts';

function fromsOf(text: string) {
  const source = { name: 'Dockerfile', text };
  const dockerfile = parseDockerfile(source);
  const values = new Map(
    dockerfile.globalArgs.flatMap(({ args }) =>
      args.map((one): [string, string] => [one.name.text, one.value?.text ?? '']),
    ),
  );
  const froms = dockerfile.stages.map(({ from, index }): StageFrom => {
    const reference = from.base.text.replace(
      /\$\{?(\w+)(?::-[^}]*)?\}?/g,
      (_, name) => values.get(name) ?? '',
    );
    return {
      from,
      reference,
      index,
      stage: from.name ?? String(index),
      repository: reference.split(/[:@]/)[0]!,
    };
  });
  return { source, globalArgs: dockerfile.globalArgs, froms };
}

function edited(text: string, to: string, stages: string[] = [], given: string[] = []) {
  const read = fromsOf(text);
  const chosen = chooseFrom(read.froms, { stages, repositories: [to.split(/[:@]/)[0]!] });
  const { source, ...rest } = editFrom({ ...read, chosen, given: new Set(given), to });
  return { text: source.text, ...rest };
}

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('the FROM that is meant', () => {
  test('all of the image, whatever else there is', () => {
    const text =
      'FROM python:3.12 AS a\nFROM golang:1.25\nFROM --platform=linux/amd64 python:3.12 AS b\nRUN x\n';
    expect(edited(text, 'python:3.13').text).toBe(
      'FROM python:3.13 AS a\nFROM golang:1.25\nFROM --platform=linux/amd64 python:3.13 AS b\nRUN x\n',
    );
  });
  test('the only one, for an image of another name', () => {
    expect(edited('from node:22 AS x\n', 'own/node:22').text).toBe('from own/node:22 AS x\n');
  });
  test('by stage; else several are an error', () => {
    const text = 'FROM node:22 AS build\nFROM node:22-slim\n';
    expect(() => edited(text, 'node:24')).toThrow('build (node:22), 1 (node:22-slim)');
    expect(edited(text, 'node:24-slim', ['1']).text).toBe('FROM node:22 AS build\nFROM node:24-slim\n');
    expect(edited(text, 'node:24', ['Build']).text).toBe('FROM node:24 AS build\nFROM node:22-slim\n');
    expect(() => edited(text, 'node:24', ['test'])).toThrow('no stage test');
  });
});

describe('what is held by an argument is edited there', () => {
  test('a part of the name, all of it, with a default', () => {
    const text = '# the base\nARG PY=3.12  DISTRO=x\nFROM python:${PY}-slim AS a\nFROM python:$PY-slim\n';
    const result = edited(text, 'python:3.13-slim');
    expect(result.text).toBe(text.replace('3.12', '3.13'));
    expect(result.changes).toEqual([{ line: 2, before: '3.12', after: '3.13', argument: 'PY' }]);
    expect(edited('ARG B=a:1\nFROM ${B:-a:0}\n', `a:2@${DIGEST}`).text).toBe(
      `ARG B=a:2@${DIGEST}\nFROM \${B:-a:0}\n`,
    );
  });
  test('else FROM says it, and why', () => {
    const of = (text: string, to: string, stages: string[] = [], given: string[] = []) => {
      const { text: after, notes } = edited(text, to, stages, given);
      return [after.split('\n').find((line) => line.startsWith('FROM')), notes.join()];
    };
    expect(of('ARG PY=3.12\nFROM python:${PY}-slim\n', 'python:3.13')).toEqual([
      'FROM python:3.13',
      'FROM itself says it now, and not python:${PY}-slim: no value of PY makes it python:3.13',
    ]);
    // A digest behind a tag that an argument has would make the argument void.
    expect(of('ARG PY=3.12\nFROM python:${PY}-slim\n', `python:3.12-slim@${DIGEST}`)[0]).toBe(
      `FROM python:3.12-slim@${DIGEST}`,
    );
    expect(of('ARG A=1\nARG B=x\nFROM p:$A-$B\n', 'p:2-y')[1]).toContain('several arguments make it');
    expect(of('ARG A=1\nFROM p:$A AS x\nFROM p:$A-slim\n', 'p:2', ['x'])[1]).toContain('another FROM uses A');
    expect(of('ARG A=1\nFROM p:$A\n', 'p:2', [], ['A'])[1]).toContain('given by --build-arg');
  });
  test('what it says already is no change', () => {
    expect(edited('FROM a:1\n', 'a:1')).toMatchObject({ text: 'FROM a:1\n', changes: [] });
  });
});
