// The command line of `mille lint`: what is asked of the program, what is printed, how it ends.

import { describe, expect, test } from 'bun:test';
import type { FixedFile, HadolintConfig, LintedFile, LintFixRequest, LintRequest } from '../../app/index.ts';
import type { Severity } from '../../core/index.ts';
import { type Trial, trial } from './testdata/trial.ts';

const source = { name: 'Dockerfile', text: 'FROM a\n' };

function file(severity: Severity | undefined, code = 'DL3006'): LintedFile {
  const one = {
    rule: 'TagBaseImage',
    codes: [code],
    summary: 's',
    message: 'no tag',
    span: { source, start: 0, end: 6 },
    lines: { first: 1, last: 1 },
  };
  return {
    name: 'Dockerfile',
    source,
    diagnostics: severity ? [{ ...one, severity }] : [],
    missingImages: [],
  };
}

interface Given extends Trial {
  readonly severity?: Severity;
  readonly code?: string;
  readonly config?: HadolintConfig;
}

async function lint(line: string, given: Given = {}) {
  const asked: {
    request?: LintRequest;
    fix?: LintFixRequest;
    places?: readonly string[];
    wrote?: boolean[];
  } = {};
  const result = [file(given.severity, given.code)];
  const fixed: FixedFile = {
    name: 'Dockerfile',
    before: 'FROM a\n',
    after: 'FROM b\n',
    applied: [{ rule: 'R', title: 'write b', line: 1 }],
  };
  const done = await trial(line === '' ? 'lint' : `lint ${line}`, {
    ...given,
    app: {
      lint: async (request) => {
        asked.request = request;
        return result;
      },
      fixLint: async (request) => {
        asked.fix = request;
        const written = request.confirm(fixed);
        asked.wrote = [written];
        return { files: result, fixed: [{ ...fixed, written }] };
      },
      hadolintConfig: async (places) => {
        asked.places = places;
        return given.config && { path: 'x', config: given.config, warnings: [] };
      },
    },
  });
  return { ...done, ...asked };
}

describe('what is looked at', () => {
  test('files, directories, -f with a context', async () => {
    expect((await lint('')).request).toMatchObject({ files: ['Dockerfile'], settings: { hadolint: false } });
    expect((await lint('a b -')).request?.files).toEqual(['a', 'b', '-']);
    const { request } = await lint('-f x/Dockerfile --build-arg A=1 --target t --platform linux/arm64 ctx');
    expect(request).toMatchObject({
      files: ['x/Dockerfile'],
      context: 'ctx',
      buildArgs: { A: '1' },
      target: 't',
      platform: 'linux/arm64',
    });
    await expect(lint('-f x a b')).rejects.toThrow('one argument');
  });

  test('rules, by flags', async () => {
    const { request } = await lint(
      '--select A,B --select C --ignore D, --severity E=info --error F --style G,H --trusted-registry r --require-label l:url --strict-labels --disable-ignore-pragma',
    );
    expect(request?.settings).toEqual({
      select: ['A', 'B', 'C'],
      ignore: ['D'],
      severities: [
        { rule: 'G', severity: 'style' },
        { rule: 'H', severity: 'style' },
        { rule: 'F', severity: 'error' },
        { rule: 'E', severity: 'info' },
      ],
      options: {
        trustedRegistries: ['r'],
        labelSchema: { l: 'url' },
        strictLabels: true,
        today: expect.any(String),
      },
      pragmas: false,
      hadolint: false,
    });
    await expect(lint('--severity E=inf')).rejects.toMatchObject({ hint: 'did you mean E=info?' });
    await expect(lint('--require-label l:uri')).rejects.toMatchObject({ code: 'usage' });
  });

  test('rules, by a configuration and by hadolint’s variables', async () => {
    const config = {
      ignored: ['A'],
      override: { error: ['B'] },
      labelSchema: { l: 'text' },
      noColor: true,
    } as const;
    const env = {
      HADOLINT_IGNORE: 'C,D',
      HADOLINT_STRICT_LABELS: 'yes',
      HADOLINT_FAILURE_THRESHOLD: 'error',
    };
    const own = await lint('--ignore E', { config, env, severity: 'warning' });
    expect(own.request?.settings.ignore).toEqual(['A', 'E']);
    expect(own.places).toEqual(['.hadolint.yaml', '.hadolint.yml']);
    expect(own.status).toBe(39);
    const theirs = await lint('--compat hadolint', {
      config,
      env: { ...env, HOME: '/h' },
      severity: 'warning',
    });
    expect(theirs.request?.settings).toMatchObject({
      ignore: ['C', 'D', 'A'],
      severities: [{ rule: 'B', severity: 'error' }],
      options: { strictLabels: true, labelSchema: { l: 'text' } },
      hadolint: true,
    });
    expect(theirs.places).toContain('/h/.config/hadolint.yaml');
    expect(theirs.status).toBe(0);
    expect((await lint('--no-config')).places).toBeUndefined();
    expect((await lint('--config a')).places).toEqual(['a']);
    await expect(lint('--config a --no-config')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('how it ends', () => {
  const status = async (line: string, severity?: Severity, more: Given = {}) =>
    (await lint(line, { ...more, ...(severity ? { severity } : {}) })).status;

  test('by the threshold', async () => {
    expect(await status('')).toBe(0);
    expect(await status('', 'info')).toBe(39);
    expect(await status('', 'style')).toBe(0);
    expect(await status('-t style', 'style')).toBe(39);
    expect(await status('-t error', 'warning')).toBe(0);
    expect(await status('-t none', 'error')).toBe(0);
    expect(await status('--no-fail', 'error')).toBe(0);
    // A file that cannot be read is never good.
    expect(await status('-t none', 'error', { code: 'DL1000' })).toBe(39);
  });

  test('as hadolint does', async () => {
    expect(await status('--compat hadolint', 'info')).toBe(1);
    expect(await status('--compat hadolint', 'style')).toBe(0);
    expect(await status('--compat hadolint -t none', 'style')).toBe(1);
    expect(await status('--compat hadolint --format codeclimate', 'error')).toBe(0);
    const { out } = await lint('--compat hadolint', { severity: 'warning' });
    expect(out).toBe('Dockerfile:1 DL3006 warning: no tag\n');
  });

  test('with a format that a configuration asks for', async () => {
    const { out } = await lint('', { severity: 'error', config: { formats: ['gnu'] } });
    expect(out).toBe('Dockerfile:1:1: error: no tag [TagBaseImage]\n');
    await expect(lint('', { config: { formats: ['x'] } })).rejects.toThrow("'x'");
  });
});

describe('fixes', () => {
  test('that are safe are made', async () => {
    const { fix, wrote, err, out, status } = await lint('--fix');
    expect({ which: fix?.which, wrote, status }).toEqual({ which: 'safe', wrote: [true], status: 0 });
    expect(err).toBe('fixed Dockerfile:1: write b (R)\n');
    expect(out).toBe('nothing found in 1 file\n');
  });

  test('that are not are shown, and made when nobody says no', async () => {
    const script = await lint('--fix=all');
    expect(script.wrote).toEqual([true]);
    expect(script.err).toContain('-FROM a\n+FROM b\n');
    const terminal = { stdin: true, stderr: true };
    expect((await lint('--fix=all', { terminal, lines: ['n'] })).wrote).toEqual([false]);
    expect((await lint('--fix=all', { terminal, lines: ['y'] })).wrote).toEqual([true]);
    expect((await lint('--fix=all -y', { terminal })).wrote).toEqual([true]);
  });

  test('are only shown', async () => {
    const { wrote, out, status } = await lint('--diff');
    expect({ wrote, status }).toEqual({ wrote: [false], status: 39 });
    expect(out).toBe('--- Dockerfile\n+++ Dockerfile (fixed)\n@@ -1 +1 @@\n-FROM a\n+FROM b\n');
  });
});
