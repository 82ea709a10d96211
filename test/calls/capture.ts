// Asks a real Docker (28 or later, with buildx) about the Dockerfiles of dockerfiles.json and keeps what it answered in
// docker-answers.json, so that tests can compare without a Docker:
//
//   DOCKER='docker' node scripts/run-bun.mjs test/calls/capture.ts
//
// Of check only rules and lines are kept; of outline and targets everything but the sources.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Case {
  readonly name: string;
  readonly dockerfile: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly outlineBuildArgs?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly ignore?: readonly string[];
}

interface Range {
  readonly start: { readonly line: number };
}

/** Images that the cases stand on; `x` is a file. */
const BASES = {
  'checks/base': 'FROM scratch\nCOPY x /bin/true\nENV BASE_ENV=1\nWORKDIR /base',
  'checks/shell': 'FROM scratch\nCOPY x /\nSHELL ["/bin/bash", "-c"]',
  'checks/onbuild':
    'FROM scratch\nCOPY x /\nONBUILD ENV A=$NOT_THERE\nONBUILD WORKDIR rel\nONBUILD CMD shell form',
  'checks/arm': 'FROM scratch\nCOPY x /',
};

const docker = (process.env.DOCKER ?? 'docker').split(' ');
const work = mkdtempSync(join(tmpdir(), 'capture-calls-'));

function run(args: readonly string[], input = ''): { status: number; stdout: string; stderr: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...docker, ...args], {
    stdin: new TextEncoder().encode(input),
  });
  return { status: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

function lines(ranges: readonly Range[] = []): string {
  const numbers = ranges.map(({ start }) => start.line);
  return numbers.length < 2 ? String(numbers[0] ?? '') : `${numbers[0]}-${numbers.at(-1)}`;
}

function directory(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(work, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

function argumentFlags(values: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

function ask(one: Case, context: string) {
  const call = (method: string, args: Case['buildArgs'], target = one.target) => {
    const given = [...argumentFlags(args), ...(target === undefined ? [] : ['--target', target]), context];
    return run(['build', '--progress=quiet', `--call=${method},format=json`, ...given]);
  };
  const check = call('check', one.buildArgs);
  const outline = call('outline', { ...one.buildArgs, ...one.outlineBuildArgs });
  const targets = call('targets', {}, '');
  const found = check.stdout.trim() === '' ? undefined : JSON.parse(check.stdout);
  const warnings = (found?.warnings ?? []).map(
    (warning: { ruleName: string; location: { ranges?: readonly Range[] } }) =>
      `${warning.ruleName} ${lines(warning.location.ranges)}`,
  );
  return {
    check: {
      status: check.status,
      warnings: warnings.sort(),
      ...(found?.buildError ? { errorLines: lines(found.buildError.location.ranges) } : {}),
      ...(found ? {} : { failed: true }),
    },
    outline: outline.status === 0 ? withoutSources(outline.stdout) : 'failed',
    targets: targets.status === 0 ? withoutSources(targets.stdout) : 'failed',
  };
}

function withoutSources(json: string): object {
  const { sources: _, ...rest } = JSON.parse(json);
  return rest;
}

try {
  const files = directory('bases', { x: 'x' });
  for (const [name, text] of Object.entries(BASES)) {
    const platform = name === 'checks/arm' ? ['--platform', 'linux/arm64'] : [];
    const made = run(['build', '-q', ...platform, '-t', name, '-f', '-', files], text);
    if (made.status !== 0) throw new Error(made.stderr);
  }
  const inspected = JSON.parse(run(['image', 'inspect', ...Object.keys(BASES)]).stdout);
  const images = Object.keys(BASES).map((name, i) => {
    const { Os: os, Architecture: architecture, Config } = inspected[i];
    const { Env, WorkingDir, Shell, OnBuild } = Config;
    return [name, { os, architecture, config: { Env, WorkingDir, Shell, OnBuild } }];
  });
  const cases: readonly Case[] = JSON.parse(readFileSync(join(import.meta.dir, 'dockerfiles.json'), 'utf8'));
  const answers = cases.map((one, i) => {
    const ignore: Record<string, string> = one.ignore
      ? { '.dockerignore': `${one.ignore.join('\n')}\n` }
      : {};
    const context = directory(String(i), { ...ignore, Dockerfile: `${one.dockerfile.join('\n')}\n` });
    return [one.name, ask(one, context)];
  });
  const { Version: version } = JSON.parse(run(['version', '--format', '{{json .Server}}']).stdout);
  const document = {
    docker: version,
    images: Object.fromEntries(images),
    answers: Object.fromEntries(answers),
  };
  writeFileSync(join(import.meta.dir, 'docker-answers.json'), `${JSON.stringify(document, undefined, 1)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
