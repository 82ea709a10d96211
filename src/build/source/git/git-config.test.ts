import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { COMMON_SETTINGS, type GitSetting, writeConfig } from './git-config.ts';

/** What git reads in a file. */
function readByGit(text: string): string[] {
  const { stdout, stderr } = Bun.spawnSync(['git', 'config', '-z', '--list', '--file', '-'], {
    stdin: Buffer.from(text),
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  });
  expect(stderr.toString()).toBe('');
  return stdout.toString().split('\0').filter(Boolean);
}

const nameOf = ({ section, subsection, key }: GitSetting) =>
  `${section}.${subsection === undefined ? '' : `${subsection}.`}${key.toLowerCase()}`;

test.skipIf(!Bun.which('git'))('git reads what was written, whatever the values hold', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((value) => !/[\0\ud800-\udfff\r]/.test(value));
  const subsection = text.filter((value) => !value.includes('\n'));
  fc.assert(
    fc.property(subsection, text, (name, value) => {
      const setting = { section: 'http', subsection: name, key: 'extraHeader', value };
      const all = [...COMMON_SETTINGS, setting];
      expect(readByGit(writeConfig(all))).toEqual(all.map((one) => `${nameOf(one)}\n${one.value}`));
    }),
    { numRuns: 30 },
  );
});
