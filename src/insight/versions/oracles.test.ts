// Orders against the programs that own them, where they are installed: many pairs in one process.

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { compareVersions, type VersionOrder } from './index.ts';

const PAIRS = 150;
const SEED = 20_261_126;

function pairsOf(part: RegExp): readonly (readonly [string, string])[] {
  const version = fc.stringMatching(part);
  return fc.sample(fc.tuple(version, version), { numRuns: PAIRS, seed: SEED });
}

/** What a program says of pairs that it is given as lines: -1, 0, 1, or ? each. */
function ask(
  command: readonly string[],
  pairs: readonly (readonly [string, string])[],
): string[] | undefined {
  if (!Bun.which(command[0]!)) return undefined;
  const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('');
  const { stdout, exitCode } = Bun.spawnSync([...command], { stdin: Buffer.from(input), stderr: 'ignore' });
  return exitCode === 0 ? stdout.toString().trim().split('\n') : undefined;
}

function compareAll(order: VersionOrder, part: RegExp, command: readonly string[]): void {
  const pairs = pairsOf(part);
  const told = ask(command, pairs);
  if (!told) {
    console.warn(`skipped: ${command[0]} with what is needed is not installed`);
    return;
  }
  const own = pairs.map(([a, b]) => `${a} ${compareVersions(order, a, b) ?? '?'} ${b}`);
  expect(own).toEqual(pairs.map(([a, b], i) => `${a} ${told[i]} ${b}`));
}

const DPKG = `command -v dpkg >/dev/null || exit 3
while read -r a b; do
  if dpkg --compare-versions "$a" lt "$b"; then echo -1
  elif dpkg --compare-versions "$a" eq "$b"; then echo 0
  else echo 1; fi
done`;

test('dpkg', () => {
  const part = /^([0-1]:)?[0-2]([.+~a-]{0,2}[0-2ab~+]){0,4}(-[0-1][.+~a]{0,2}[0-1]?)?$/;
  compareAll('dpkg', part, ['sh', '-c', DPKG]);
});

const PACKAGING = `
import sys
try:
    from packaging.version import Version, InvalidVersion
except ImportError:
    from pip._vendor.packaging.version import Version, InvalidVersion
for line in sys.stdin:
    try:
        a, b = map(Version, line.split())
        print((a > b) - (a < b))
    except InvalidVersion:
        print('?')
`;

test("Python's packaging", () => {
  const part =
    /^([0-1]!)?[0-2](\.[0-2]){0,2}([-_.]?(a|beta|rc|pre)[.]?[0-1]?)?(-[0-1]|[-.]?(post|r)[0-1]?)?(\.?dev[0-1]?)?(\+[a0-1](\.[a0-1])?)?$/;
  compareAll('pep440', part, ['python3', '-c', PACKAGING]);
});

test("rpm's own order", () => {
  const part = /^[0-2a]([.~^_]?[0-2ab]){0,4}[~^.]?$/;
  const lua = 'for line in io.lines() do a,b = line:match("(%S+) (%S+)"); print(rpm.vercmp(a,b)) end';
  compareAll('rpm', part, ['rpm', '--eval', `%{lua: ${lua}}`]);
});

const RUBY =
  'STDIN.each_line { |l| a, b = l.split; puts(begin Gem::Version.new(a) <=> Gem::Version.new(b) rescue ArgumentError; "?" end) }';

test("RubyGems' own order", () => {
  compareAll('gem', /^[0-2](\.[0-2ab]{1,2}){0,3}(-[0-2a])?$/, ['ruby', '-e', RUBY]);
});

const NPM = `
const semver = require('semver');
for (const line of require('fs').readFileSync(0, 'utf8').trim().split('\\n')) {
  const [a, b] = line.split(' ');
  console.log(semver.valid(a) && semver.valid(b) ? semver.compare(a, b) : '?');
}`;

test("npm's semver", () => {
  const part = /^[0-2](\.[0-2]){2}(-(a|b|rc|[1-9]|-)(\.(a|b|[1-9])){0,2})?(\+[a0-2]{1,2})?$/;
  const paths = [
    '/usr/lib/node_modules/npm/node_modules',
    '/usr/share/nodejs',
    '/usr/local/lib/node_modules/npm/node_modules',
  ];
  compareAll('semver', part, ['env', `NODE_PATH=${paths.join(':')}`, 'node', '-e', NPM]);
});
