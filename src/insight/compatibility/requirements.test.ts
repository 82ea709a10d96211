// What is installed by files: requirements, lock files of Python's installers, pages of indexes.

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readIndexPage } from './index-page.ts';
import { PYTHON_LOCKS, readProjectDependencies } from './python-locks.ts';
import { readRequirement, readRequirements } from './requirements.ts';

const short = (needs: readonly { name: string; specifier: string; place: string }[]) =>
  needs.map(({ name, specifier, place }) => `${name}${specifier} ${place}`);

describe('readRequirements', () => {
  test('names, versions, options, and what is neither', () => {
    const read = readRequirements(
      [
        '# all of it',
        '-i https://user:word@mirror.example/simple',
        '--extra-index-url=https://more.example/simple',
        '-r base.txt',
        '-c pins.txt # beside it',
        'Flask[async] >= 2.0, <3',
        'numpy==1.26.4 \\',
        '    --hash=sha256:abc \\',
        '    --hash=sha256:def',
        'Zope.Interface',
        '-e ./lib',
        'mine @ https://example.org/mine-1.0.whl',
        './local.whl',
        'pywin32==306 ; sys_platform == "win32"',
        "tomli (>=1.0) ; python_version < '3.11'",
        'uvloop; sys_platform != "win32" and python_version >= "3.8"',
      ].join('\n'),
      'r.txt',
      '3.12',
    );
    expect(short(read.needs)).toEqual([
      'flask>=2.0,<3 r.txt:6',
      'numpy==1.26.4 r.txt:7',
      'zope-interface r.txt:10',
      'uvloop r.txt:16',
    ]);
    expect(read).toMatchObject({
      includes: ['base.txt'],
      constraints: ['pins.txt'],
      index: 'https://user:word@mirror.example/simple',
      extraIndexes: ['https://more.example/simple'],
      unread: ['r.txt:11', 'r.txt:12', 'r.txt:13'],
    });
  });
  test('a marker that is not understood is taken for true', () => {
    for (const marker of ['x == "1"', '(python_version < "3" or 1)', 'python_full_version > "3.8.1"'])
      expect(readRequirement(`a==1; ${marker}`, 'x', '3.12')).toMatchObject({ name: 'a' });
  });
  test('any text is read in no time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readRequirements(text, 'x');
        readProjectDependencies(`[project]\ndependencies = [${text}`, 'x');
        for (const read of Object.values(PYTHON_LOCKS)) read(text, 'x');
      }),
    );
    const long = readRequirements(`a${'-'.repeat(100_000)}b==1`, 'x');
    expect(long.needs.length + long.unread.length).toBe(1);
  });
});

describe('lock files', () => {
  test('poetry.lock, pdm.lock', () => {
    const text = [
      '# generated',
      '[[package]]',
      'name = "MarkupSafe"',
      'version = "2.1.5"',
      'files = [',
      '    {file = "MarkupSafe-2.1.5-cp312-cp312-musllinux_1_1_x86_64.whl", hash = "sha256:8d"},',
      '    {file = "MarkupSafe-2.1.5.tar.gz", hash = "sha256:d2"},',
      ']',
      '',
      '[package.dependencies]',
      'other = "*"',
      '',
      '[metadata]',
      'files = []',
    ].join('\n');
    const [one] = PYTHON_LOCKS['poetry.lock']!(text, 'poetry.lock');
    expect(one).toEqual({
      ...{ name: 'markupsafe', specifier: '==2.1.5', place: 'poetry.lock' },
      files: ['MarkupSafe-2.1.5-cp312-cp312-musllinux_1_1_x86_64.whl', 'MarkupSafe-2.1.5.tar.gz'],
    });
  });
  test('what is in other groups than the main one is left out where it is not installed', () => {
    const locked = (name: string, line: string) =>
      `[[package]]\nname = "${name}"\nversion = "1"\n${line}\nfiles = []\n`;
    const text = [
      locked('both', 'groups = ["main", "dev"]'),
      locked('dev', 'groups = ["dev"]'),
      locked('pdm', 'groups = ["default"]'),
      locked('old', 'category = "dev"'),
      locked('plain', 'category = "main"'),
      locked('none', 'optional = false'),
    ].join('\n');
    const names = (production: boolean) =>
      PYTHON_LOCKS['poetry.lock']!(text, 'poetry.lock', production).map(({ name }) => name);
    expect(names(true)).toEqual(['both', 'pdm', 'plain', 'none']);
    expect(names(false)).toHaveLength(6);
  });
  test('uv.lock: files by their addresses, the project itself left out', () => {
    const text = [
      'version = 1',
      '[[package]]',
      'name = "mine"',
      'version = "0.1.0"',
      'source = { editable = "." }',
      '[[package]]',
      'name = "cffi"',
      'version = "1.17.1"',
      'source = { registry = "https://index.example/simple" }',
      'sdist = { url = "https://f.example/1f/cffi-1.17.1.tar.gz", hash = "sha256:1c", size = 516621 }',
      'wheels = [',
      '    { url = "https://f.example/9b/cffi-1.17.1-cp312-cp312-manylinux_2_17_x86_64.whl#x", size = 1 },',
      ']',
    ].join('\n');
    expect(PYTHON_LOCKS['uv.lock']!(text, 'uv.lock')).toMatchObject([
      { name: 'cffi', files: ['cffi-1.17.1.tar.gz', 'cffi-1.17.1-cp312-cp312-manylinux_2_17_x86_64.whl'] },
    ]);
  });
  test('Pipfile.lock, pyproject.toml', () => {
    const lock = {
      default: { flask: { version: '==3.0.3', hashes: [] }, local: { path: '.' } },
      develop: {},
    };
    expect(short(PYTHON_LOCKS['Pipfile.lock']!(JSON.stringify(lock), 'Pipfile.lock'))).toEqual([
      'flask==3.0.3 Pipfile.lock',
    ]);
    const project = [
      '[build-system]',
      'requires = ["hatchling"]',
      '[project]',
      'name = "x"',
      'dependencies = [',
      '  "uvicorn[standard]>=0.30", # the server',
      "  'numpy<2',",
      ']',
      '[project.optional-dependencies]',
      'dev = ["pytest"]',
    ].join('\n');
    expect(short(readProjectDependencies(project, 'pyproject.toml'))).toEqual([
      'uvicorn>=0.30 pyproject.toml:6',
      'numpy<2 pyproject.toml:7',
    ]);
  });
});

test('pages of indexes, as JSON and as HTML', () => {
  const json = {
    files: [
      { filename: 'a-1.0-py3-none-any.whl', 'requires-python': '>=3.9', yanked: false },
      { filename: 'a-0.9.tar.gz', yanked: 'broken' },
      { filename: '../x.whl' },
      null,
    ],
  };
  const html = [
    '<!DOCTYPE html><html><body>',
    '<a href="../a-1.0-py3-none-any.whl#sha256=0" data-requires-python="&gt;=3.9">a-1.0-py3-none-any.whl</a><br/>',
    '<a data-yanked="broken" href="a-0.9.tar.gz">a-0.9.tar.gz</a>',
    '<a href="/">elsewhere</a></body></html>',
  ].join('\n');
  const expected = [
    { name: 'a-1.0-py3-none-any.whl', requiresPython: '>=3.9' },
    { name: 'a-0.9.tar.gz', yanked: true },
  ];
  expect(readIndexPage(JSON.stringify(json))).toEqual(expected);
  expect(readIndexPage(html)).toEqual(expected);
  for (const text of ['', 'no page', '{}', '{"files":1}']) expect(() => readIndexPage(text)).toThrow();
});
