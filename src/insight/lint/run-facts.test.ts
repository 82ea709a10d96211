// Commands of RUN at their places in the Dockerfile, the shell in effect, and edits that leave the rest as it was.

import { describe, expect, test } from 'bun:test';
import { applyEdits } from '../../lang/dockerfile/index.ts';
import { insertAfter, removeCommand } from '../../lang/shell/index.ts';
import { DEFAULT_LINT_OPTIONS, inspectForLint, type RunFacts, readRuns, shellEdit } from './index.ts';
import { appendEdit } from './shell-fix.ts';

function runs(text: string): readonly RunFacts[] {
  const { subject } = inspectForLint({
    source: { name: 'Dockerfile', text },
    options: { hostPlatform: { os: 'linux', architecture: 'amd64' } },
    image: () => undefined,
    lint: { options: DEFAULT_LINT_OPTIONS, readRuns },
  });
  return subject.runs();
}

/** The texts of the source at the words of all commands. */
function written(text: string): readonly string[] {
  return runs(text).flatMap((run) =>
    run.commands.map(({ command }) =>
      command.words
        .map((word) => run.spanOf(word))
        .map(({ start, end }) => text.slice(start, end))
        .join(' '),
    ),
  );
}

function command(text: string, name: string) {
  for (const run of runs(text)) for (const placed of run.commandsNamed(name)) return { run, placed };
  throw new Error(`no ${name}`);
}

const source = (text: string) => ({ name: 'Dockerfile', text });

describe('places', () => {
  test('of words on joined lines, with comments between', () => {
    const text =
      'FROM a\r\nRUN --mount=type=cache,target=/x b \\\r\n  # why\r\n\tc && \\\r\n  d "e" \\\r\n\r\n  f\r\nCMD x';
    expect(written(text)).toEqual(['b c', 'd "e" f']);
  });

  test('of here-documents, and of ONBUILD', () => {
    expect(written('FROM a\nRUN <<EOF\nb c\nd\nEOF\nONBUILD RUN e f')).toEqual(['b c', 'd', 'e f']);
    expect(written('FROM a\nRUN <<-EOF\n\tb\n\t\tc d\n\tEOF')).toEqual(['b', 'c d']);
    expect(written('FROM a\nRUN cat <<A >x && b\nc\nA')).toEqual(['cat', 'b']);
    expect(written('FROM a\nRUN <<EOF\n#!/usr/bin/env python\nprint(1)\nEOF')).toEqual([]);
    expect(written('FROM a\nRUN <<EOF\n#!/bin/bash\nb\nEOF')).toEqual(['b']);
  });

  test('of the exec form', () => {
    expect(written('FROM a\nRUN ["b", "-c", "d"]')).toEqual(['b -c d']);
    const { placed } = command('FROM a\nRUN ["/bin/sh", "-c", "apt-get update && x"]', 'apt-get');
    expect(placed.via).toBe('sh');
  });

  test('of RUN that is not far too long', () => {
    expect(runs(`FROM a\nRUN <<E\n${'b c\n'.repeat(100_000)}E`)[0]?.commands).toEqual([]);
  });

  test('of files that cannot be read to their end', () => {
    expect(written('FROM a\nRUN b\nFOO\nRUN c')).toEqual(['b', 'c']);
  });
});

describe('the shell', () => {
  const shells = (text: string) => runs(text).map(({ shell }) => shell.dialect);

  test('is that of SHELL, or of the stage below', () => {
    expect(shells('FROM a AS x\nRUN b\nSHELL ["bash", "-c"]\nRUN b\nFROM x\nRUN b\nFROM a\nRUN b')).toEqual([
      'sh',
      'bash',
      'bash',
      'sh',
    ]);
  });

  test('is what hadolint is told', () => {
    expect(shells('FROM a\n# hadolint shell=powershell\nRUN b')).toEqual(['powershell']);
    expect(shells('# hadolint shell=cmd # why\nFROM a\nRUN b\nFROM c\nRUN d')).toEqual(['cmd', 'cmd']);
    expect(shells('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN b')).toEqual(['cmd']);
    expect(shells('ARG B=mcr.microsoft.com/windows/nanoserver\nFROM ${B}:1\nRUN b')).toEqual(['cmd']);
    expect(runs('FROM a\nSHELL ["pwsh", "-c"]\nRUN b')[0]?.script).toBeUndefined();
  });
});

describe('edits', () => {
  test('insert where the word ends', () => {
    const text = 'FROM a\nRUN apt-get \\\n  install \\\n  b';
    const { run, placed } = command(text, 'apt-get');
    const edit = shellEdit(run, placed, insertAfter(placed.args[0] as never, '-y'));
    expect(edit && applyEdits(source(text), [edit]).text).toBe(
      'FROM a\nRUN apt-get \\\n  install -y \\\n  b',
    );
  });

  test('remove a command with its line, and never a comment', () => {
    const remove = (text: string) => {
      const { run, placed } = command(text, 'b');
      const edit = shellEdit(run, placed, removeCommand(run.line.text, placed));
      return edit && applyEdits(source(text), [edit]).text;
    };
    expect(remove('FROM x\nRUN a && \\\n    b && \\\n    c')).toBe('FROM x\nRUN a && \\\n    c');
    expect(remove('FROM x\nRUN a \\\n && b \\\n && c')).toBe('FROM x\nRUN a \\\n && c');
    expect(remove('FROM x\nRUN a \\\n && b')).toBe('FROM x\nRUN a');
    expect(remove('FROM x\nRUN a && \\\n# why\n    b')).toBeUndefined();
    expect(remove('FROM x\nRUN ["sh", "-c", "a && b"]')).toBeUndefined();
  });

  test('append in the style of the list', () => {
    const append = (text: string) => {
      const { run, placed } = command(text, 'a');
      const edit = appendEdit(run, placed, 'rm x');
      return edit && applyEdits(source(text), [edit]).text;
    };
    expect(append('FROM x\nRUN a && b\nCMD c')).toBe('FROM x\nRUN a && b && rm x\nCMD c');
    expect(append('FROM x\r\nRUN a && \\\r\n    b\r\nCMD c')).toBe(
      'FROM x\r\nRUN a && \\\r\n    b && \\\r\n    rm x\r\nCMD c',
    );
    expect(append('FROM x\nRUN a \\\n && b')).toBe('FROM x\nRUN a \\\n && b \\\n && rm x');
    expect(append('FROM x\nRUN <<EOF\na\nb\nEOF')).toBe('FROM x\nRUN <<EOF\na && rm x\nb\nEOF');
  });
});
