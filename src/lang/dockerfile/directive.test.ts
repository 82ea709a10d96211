import { describe, expect, test } from 'bun:test';
import { checkOptionsOfComments, detectSyntax, frontendNotice, parseCheckDirective } from './index.ts';

const syntax = (text: string) => detectSyntax({ name: 'Dockerfile', text });

describe('the frontend asked for', () => {
  test.each<[string, string | undefined]>([
    ['# syntax=a\nFROM b', 'a'],
    ['\ufeff#syntax = a b c \r\n', 'a'],
    ['# escape=`\n# SYNTAX=a', 'a'],
    ['#!/usr/bin/env thing\n# syntax=a', 'a'],
    ['// syntax=a\nx', 'a'],
    ['\n {"other": [1], "syntax": "a b"}', 'a b'],
    ['#!x\n{"syntax": "a"}', 'a'],
    [' # syntax=a', undefined],
    ['# comment\n# syntax=a', undefined],
    ['\n# syntax=a', undefined],
    ['# escape=`\n# escape=`\n# syntax=a', undefined],
    ['# syntax=a\n# syntax=b', 'a'],
    ['{"syntax": 1}', undefined],
    ['{"syntax": "a"', undefined],
    ['# syntax= ', undefined],
    ['', undefined],
  ])('%j: %p', (text, image) => {
    const found = syntax(text);
    expect(found?.text).toBe(image as string);
    if (found && !text.includes('{')) expect(text.slice(found.span.start, found.span.end)).toBe(found.text);
  });

  test.each([
    'docker/dockerfile',
    'docker/dockerfile:1',
    'docker/dockerfile:1.28',
    'docker/dockerfile:1.4.2-labs@sha256:0',
    'docker.io/docker/dockerfile:labs',
    'docker/dockerfile-upstream:master',
    'mirror.example:5000/docker/dockerfile:1.9',
    'docker/dockerfile@sha256:0',
  ])('%s is understood', (image) => {
    expect(frontendNotice(image)).toBeUndefined();
  });

  test.each([
    ['docker/dockerfile:1.99', 'note'],
    ['docker/dockerfile:1.29.0-labs', 'note'],
    ['docker.io/docker/dockerfile:2', 'note'],
    ['example/frontend:1', 'warning'],
    ['docker/dockerfile-other', 'warning'],
    ['localhost:5000/x/dockerfile', 'warning'],
    ['dockerfile', 'warning'],
  ])('%s: a %s', (image, type) => {
    const notice = frontendNotice(image);
    expect(notice?.type).toBe(type as 'note');
    expect(notice?.message).toContain(image);
  });
});

describe('options of checks', () => {
  const none = { skip: [], skipAll: false, experimental: [], experimentalAll: false, error: false };

  test.each<[string, object]>([
    ['', {}],
    ['skip=all', { skipAll: true }],
    ['skip= A , B ;error= 1', { skip: ['A', 'B'], error: true }],
    ['skip=A,all', { skip: ['A', 'all'] }],
    ['experimental=X;skip=A;skip=B', { experimental: ['X'], skip: ['B'] }],
    ['experimental=all;error=f', { experimentalAll: true }],
  ])('%j', (text, options) => expect(parseCheckDirective(text)).toEqual({ ...none, ...options }));

  test.each(['skip', 'error=yes', 'SKIP=A', 'skip=A;', 'skip=A;error=true;x;y', '=x'])(
    'malformed: %s',
    (text) => {
      expect(() => parseCheckDirective(text)).toThrow('invalid check option');
    },
  );

  test('above an instruction', () => {
    expect(checkOptionsOfComments(['says', 'check=skip=A B', 'check=skip=C'])).toEqual({
      ...none,
      skip: ['A'],
    });
    expect(checkOptionsOfComments(['check=wrong', 'check=skip=C'])).toBeUndefined();
    expect(checkOptionsOfComments(['# check=skip=A', 'checks=skip=A'])).toBeUndefined();
  });
});
