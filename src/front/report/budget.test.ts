import { expect, test } from 'bun:test';
import type { BudgetCheck, BudgetResult } from '../../app/index.ts';
import { budgetGithub, budgetJson, budgetJunit, renderBudget } from './budget.ts';
import { budgetSarif } from './budget-sarif.ts';

const source = { name: 'a,b%.yaml', text: 'total: 1\npaths: { "/x": 1 }\n' };
const span = { source, start: 7, end: 8 };
const over: BudgetCheck = {
  rule: 'path',
  subject: '/a<b>&"\'\x1b[31m\u0001\ud800\nc',
  unit: 'bytes',
  limit: 1,
  actual: 2500,
  passed: false,
  detail: 'line\nbreak ]]>',
  span,
  blame: { instruction: 'RUN echo "<&>"', dockerfile: 'x:y', line: 3 },
};
const fine: BudgetCheck = {
  ...over,
  rule: 'layers',
  subject: 'number of layers',
  unit: 'count',
  limit: 3,
  actual: 2,
  passed: true,
};
const result: BudgetResult = {
  image: 'app<1>',
  source,
  sizes: 'uncompressed',
  checks: [over, fine],
  notes: ['n'],
};

test('names of all kinds stay text in XML', () => {
  const xml = budgetJunit(result);
  expect(xml).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
  // Nothing but the elements that there are meant to be.
  const elements = [...xml.matchAll(/<([/?]?[a-z]+)/g)].map(([, name]) => name);
  expect(elements).toEqual([
    ...['?xml', 'testsuites', 'testsuite', 'testcase', 'failure', '/failure', '/testcase'],
    ...['testcase', '/testsuite', '/testsuites'],
  ]);
  expect(xml).toContain('name="path: /a&#60;b&#62;&#38;&#34;&#39;');
  expect(xml.replace(/&#\d+;/g, '')).not.toContain('&');
});

test('annotations are one line each, at the line that is to blame', () => {
  const lines = budgetGithub(result).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toStartWith('::error file=x%3Ay,line=3,title=mille budget%3A path::/a<b>');
  expect(budgetGithub({ ...result, checks: [{ ...over, blame: { instruction: 'RUN x' } }] })).toStartWith(
    '::error file=a%2Cb%25.yaml,line=1,',
  );
});

test('JSON and SARIF are JSON; colours only where they are wanted', () => {
  expect(JSON.parse(budgetJson(result)).checks[0].place).toEqual({ line: 1, column: 8 });
  const [run] = JSON.parse(budgetSarif(result)).runs;
  expect(run.results[0].locations[0].physicalLocation.region).toEqual({ startLine: 3 });
  expect(renderBudget(result, { color: false })).not.toContain('\x1b');
  expect(renderBudget(result, { color: true })).toContain('\x1b[31mover by 2.5kB');
  expect(renderBudget({ ...result, checks: [fine] }, { color: false })).toContain(
    'app<1> is within a,b%.yaml',
  );
});
