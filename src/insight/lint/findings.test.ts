// What rules find, and what they do not, beyond the examples on their pages: as Dockerfiles of other people have it.

import { describe, expect, test } from 'bun:test';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from './index.ts';

/** Lines and messages of what one rule finds. */
function find(rule: string, text: string): readonly string[] {
  const request = {
    source: { name: 'Dockerfile', text },
    options: { hostPlatform: { os: 'linux', architecture: 'amd64' } },
    image: () => undefined,
  };
  const { diagnostics } = lintDockerfile(request, {
    ...{ select: [rule], ignore: [], severities: [], options: DEFAULT_LINT_OPTIONS },
    ...{ pragmas: true, hadolint: false },
  });
  return diagnostics.map(({ span, message }) => `${lineOf(text, span?.start ?? 0)}: ${message}`);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

describe('an image of Windows', () => {
  const WINDOWS = 'FROM mcr.microsoft.com/windows/servercore:ltsc2025 AS one\n';

  test('has no root that its containers could run as', () => {
    expect(find('RootAtRunTime', 'FROM debian AS one\nFROM one\nCMD ["a"]')).toHaveLength(1);
    expect(find('RootAtRunTime', `${WINDOWS}FROM one\nCMD ["a"]`)).toEqual([]);
  });

  test('has users without numbers', () => {
    expect(find('NumericUser', 'FROM debian\nUSER ContainerUser')).toHaveLength(1);
    expect(find('NumericUser', `${WINDOWS}FROM one\nUSER ContainerUser`)).toEqual([]);
  });
});

describe('a change of owner or mode', () => {
  const found = (copy: string, run: string) =>
    find('ChangeOwnerInCopy', `FROM debian\n${copy}\nRUN ${run}`).map((one) => one.replace(/^.*: /, ''));

  test('is found where COPY goes to the root directory', () => {
    expect(found('COPY a.sh /', 'chmod +x /a.sh')).toEqual(['COPY of line 2 can do it with --chmod']);
    expect(found('COPY a.sh /', 'chmod +x /b.sh && chown -R app /')).toEqual([]);
  });

  test('is none where COPY has made it already, or of what has a certain owner so far', () => {
    expect(found('COPY a /srv/a', 'chown -R app /srv')).toEqual(['COPY of line 2 can do it with --chown']);
    expect(found('COPY --chown=1 a /srv/a', 'chown -R app /srv')).toHaveLength(1);
    expect(found('COPY --chown=app a /srv/a', 'chown -R app /srv')).toEqual([]);
    expect(found('COPY a /srv/a', 'chown --from root:root -R app /srv')).toEqual([]);
    expect(found('COPY --chmod=0755 a.sh /', 'chmod +x /a.sh')).toEqual([]);
  });
});

describe('a shell that conda starts', () => {
  test('is read like any other', () => {
    const text = 'FROM a\nSHELL ["conda", "run", "-n", "app", "/bin/bash", "-c"]\nRUN pip install flask\n';
    expect(find('PipNoCacheDir', text)).toEqual(['3: what pip downloads stays in the layer']);
  });
});

describe('what is installed below all sources', () => {
  const found = (install: string) =>
    find('CopyBeforeInstall', `FROM a\nWORKDIR /a\nCOPY . .\nRUN ${install}\n`)[0]?.replace(/^.*again: /, '');

  test.each([
    ['dart pub get', 'copy pubspec.yaml pubspec.lock first'],
    ['pub get', 'copy pubspec.yaml pubspec.lock first'],
    ['pub get --offline', undefined],
    ['flutter pub get', 'copy pubspec.yaml pubspec.lock first'],
    ['carton install --deployment', 'copy cpanfile cpanfile.snapshot first'],
    ['conda env create -f environment.yml', 'copy environment.yml first'],
    ['micromamba env update', 'copy environment.yml first'],
    ['conda info', undefined],
    ['dart pub global activate x', undefined],
  ])('%s', (install, first) => expect(found(install)).toBe(first));
});

describe('a here-document', () => {
  const found = (body: string, head = 'RUN <<EOF') =>
    find('HeredocWithoutErrexit', `FROM a\n${head}\n${body}\nEOF\n`);

  test('goes on behind what fails, unless it says otherwise', () => {
    expect(found('cd /x\nA=1\nmake a\nmake b')).toEqual([
      '5: what follows runs even where make fails: set -e is missing',
    ]);
    for (const body of ['make', 'set -eux\nmake\nls', '#!/bin/sh -e\nmake\nls', 'make && ls', 'A=1\nmake'])
      expect(found(body)).toEqual([]);
    expect(found('if test -f x; then make; fi\nls')).toHaveLength(1);
    expect(found('make || exit 1\nls')).toEqual([]);
  });

  test('that is no script is none', () => {
    expect(found('import a\nb()', 'RUN python3 <<EOF')).toEqual([]);
    expect(found('#!/usr/bin/env python3\nimport a\nb')).toEqual([]);
    expect(found('make\nls', 'SHELL ["/bin/bash", "-ec"]\nRUN <<EOF')).toEqual([]);
    expect(find('HeredocWithoutErrexit', 'FROM a\nRUN make; ls\n')).toEqual([]);
  });
});

describe('what looks like a JSON array and is none', () => {
  const found = (line: string) => find('MalformedJsonArray', `FROM a\n${line}\n`);

  test.each([
    "RUN ['a', 'b']",
    'RUN ["a" "b"]',
    'RUN ["a", "b",]',
    'VOLUME [“a”, “b”]',
    'RUN ["C:\\app\\x.exe"]',
    "HEALTHCHECK --interval=5s CMD ['a', 'b']",
    "ONBUILD VOLUME ['/a']",
    "COPY --chown=1 ['a', 'b']",
  ])('%s', (line) => {
    expect(found(line)).toHaveLength(1);
  });

  test.each([
    'RUN ["a", "b"]',
    "CMD ['a', 'b']",
    'RUN []',
    'RUN [ -f x ] && [ -n "$A" ]',
    'RUN [ "$A" = "b" ]',
    'RUN [ "a" ] || [ \'b\' ]',
    'COPY [ab].txt [cd]/',
    "LABEL a=['b']",
    "RUN echo ['a']",
  ])('not %s', (line) => {
    expect(found(line)).toEqual([]);
  });
});

describe('an install by apt without lists', () => {
  const found = (text: string) => find('AptListsMissing', text);

  test('is found where nothing can have fetched them', () => {
    expect(found('FROM ubuntu:24.04\nWORKDIR /a\nRUN apt install -y python3')).toEqual([
      '3: no lists of packages are here yet: apt update has to come first',
    ]);
    expect(
      found('FROM python:3.13-slim AS a\nRUN useradd app\nFROM a\nRUN apt-get install -y git'),
    ).toHaveLength(1);
  });

  test.each([
    'FROM ubuntu\nRUN apt-get update\nRUN apt-get install -y git',
    'FROM debian AS a\nRUN apt-get update\nFROM a\nRUN apt-get install -y git',
    'FROM debian\nRUN curl -fsSL https://example.com/setup | bash - && apt-get install -y git',
    'FROM debian\nCOPY a.sh /\nRUN /a.sh\nRUN apt-get install -y git',
    'FROM debian\nCOPY a.deb /\nRUN apt-get install -y /a.deb',
    'FROM example.com/debian\nRUN apt-get install -y git',
    'FROM node:24-alpine\nRUN apt-get install -y git',
    'FROM debian\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y git',
    'ARG BASE=debian\nFROM $BASE\nRUN apt-get install -y git',
    'FROM debian\nRUN add-apt-repository x && apt-get install -y git',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
