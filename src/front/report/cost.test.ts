import { describe, expect, test } from 'bun:test';
import type { CostResult, CostStep, GroupCost } from '../../app/index.ts';
import { costJson, renderCost } from './cost.ts';

const source = { name: 'Dockerfile', text: 'FROM a\nCOPY . .\nRUN make\n' };
const copy: CostStep = {
  ...{ id: '0.0', title: '[2/3] COPY . .', span: { source, start: 7, end: 15 }, seconds: 0.5 },
  rate: { commits: 30, perMonth: { commits: 10, seconds: 5 } },
};
const run: CostStep = {
  ...{ id: '0.1', title: '[3/3] RUN make', span: { source, start: 16, end: 24 }, seconds: 41.1 },
  rate: { commits: 30, perMonth: { commits: 10, seconds: 411 } },
};
const group = (name: string, seconds = 41.6): GroupCost => ({
  ...{ name, files: 120, steps: ['0.0'], rebuilt: ['0.0', '0.1'], seconds, unknown: [] },
  rate: { commits: 30, perMonth: { commits: 10, seconds: seconds * 10 } },
});

const result = (given: Partial<CostResult> = {}): CostResult => ({
  ...{ dockerfile: 'Dockerfile', context: '/c', steps: [copy, run], groups: [group('src/')] },
  unread: { files: 2, ignored: 5, more: false, commits: 3 },
  history: {
    ...{ days: 90, cut: false, shallow: false },
    total: { all: 33, commits: 30, perMonth: { commits: 10, seconds: 416 } },
  },
  warnings: [],
  ...given,
});

/** Without anything that needs a history. */
function withoutHistory(given: Partial<CostResult> = {}): CostResult {
  const { history: _, ...rest } = result(given);
  const bare = ({ rate: __, ...one }: GroupCost): GroupCost => one;
  return { ...rest, groups: rest.groups.map(bare), noHistory: 'the context is in no git work tree' };
}

const text = (cost: CostResult, all = false) => renderCost(cost, { all });

describe('costs', () => {
  test('files, lines, and what it comes to', () => {
    expect(text(result())).toBe(
      [
        'A MONTH   EACH    COMMITS   FILES   A CHANGE TO       READ BY',
        '6m 56s    41.6s   30        120     src/              Dockerfile:2 COPY . ., then 1 more',
        '0.0s      0.0s    3         7       read by no step   5 of them ignored',
        '',
        'A MONTH   EACH    COMMITS   SPENT ON',
        '6m 51s    41.1s   30        Dockerfile:3 RUN make',
        '5.0s      0.5s    30        Dockerfile:2 COPY . .',
        '',
        'Of 33 commits in 90 days, 30 rebuild something: 6m 56s a month, if each is built.',
        '',
      ].join('\n'),
    );
  });
  test('without a history', () => {
    expect(text(withoutHistory())).toBe(
      [
        'EACH    FILES   A CHANGE TO       READ BY',
        '41.6s   120     src/              Dockerfile:2 COPY . ., then 1 more',
        '0.0s    7       read by no step   5 of them ignored',
        '',
        'EACH    SPENT ON',
        '41.1s   Dockerfile:3 RUN make',
        '0.5s    Dockerfile:2 COPY . .',
        '',
        'How often files change is not known: the context is in no git work tree.',
        '',
      ].join('\n'),
    );
  });
  test('many rows are summed up, unless all are wanted', () => {
    const groups = Array.from({ length: 20 }, (_, i) => group(`d${i}/`));
    expect(text(result({ groups }))).toContain(`${' '.repeat(28)}600     5 more (--all)\n`);
    expect(text(result({ groups }), true)).toContain(' d19/ ');
  });
  test('steps whose time is not known', () => {
    const some = { ...group('src/', 0.5), unknown: ['0.1'] };
    expect(text(result({ groups: [some] }))).toContain('0.5s+');
    expect(text(result({ groups: [{ ...some, unknown: ['0.0', '0.1'] }] }))).toContain('  ?  ');
    expect(text(result({ groups: [some] }))).toContain('some steps never ran here');
  });
  test('a repository in the context, a shallow clone, more commits than were looked at', () => {
    const history = { ...result().history!, cut: true, shallow: true, days: 12.34 };
    const shown = text(result({ groups: [group('.git/')], history }));
    expect(shown).toContain('Of the latest 33 commits (12.3 days), 30 rebuild');
    expect(shown).toContain("a line '.git' in .dockerignore leaves it out");
    expect(shown).toContain('The clone is shallow');
  });
  test('names of files can do nothing to a terminal', () => {
    expect(text(result({ groups: [group('a\x1b[31m\n/')] }))).not.toContain('\x1b');
  });
  test('json', () => {
    expect(JSON.parse(costJson(result()))).toMatchObject({
      dockerfile: 'Dockerfile',
      history: { days: 90, commits: 33, rebuilding: 30, perMonth: { seconds: 416 } },
      groups: [{ name: 'src/', files: 120, rebuilt: ['0.0', '0.1'], seconds: 41.6, commits: 30 }],
      unread: { files: 2, ignored: 5, commits: 3 },
      steps: [{ id: '0.0', line: 2, seconds: 0.5 }, { line: 3 }],
    });
    expect(JSON.parse(costJson(withoutHistory()))).toMatchObject({
      history: null,
      noHistory: 'the context is in no git work tree',
    });
  });
});
