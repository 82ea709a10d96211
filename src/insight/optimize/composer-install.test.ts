// `composer install` in two: which flags the second of them has, and where it stays one.

import { describe, expect, test } from 'bun:test';
import { evidenceFor } from './evidence-for.ts';
import { propose } from './propose.ts';
import { dependenciesFirst } from './rewrites/dependencies-first.ts';

const CONTEXT = {
  'composer.json': 40,
  'composer.lock': 3000,
  'src/a.php': 9,
  'patches/a.patch': 9,
  artisan: 9,
};

/** The lines below FROM, with an install that was seen to read all of the context, or was not watched. */
function linesOf(install: string, reads: readonly string[] | 'not' = Object.keys(CONTEXT)) {
  const { draft, around } = evidenceFor({
    before: `FROM php:8.4\nWORKDIR /app\nCOPY . .\nRUN ${install}\n`,
    ...{
      after: '',
      context: CONTEXT,
      commits: Array<string[]>(5).fill(['src/a.php']),
      steps: { 4: { seconds: 20, ...(reads === 'not' ? {} : { reads }) } },
    },
  });
  const { draft: made, applied } = propose(draft, around, { rewrites: [dependenciesFirst] });
  const lines = made.source.text.trimEnd().split('\n').slice(2);
  return { lines, risk: applied[0]?.proposal.risk };
}

const MANIFESTS = 'COPY composer.json composer.lock ./';
const PATCHES = 'COPY patches/a.patch ./patches/';

test.each([
  [
    'composer install -o',
    'composer install --no-autoloader --no-scripts -o',
    'composer dump-autoload --optimize',
  ],
  [
    'composer install --no-dev --no-interaction -a --prefer-dist',
    'composer install --no-autoloader --no-scripts --no-dev --no-interaction -a --prefer-dist',
    'composer dump-autoload --no-dev --no-interaction --classmap-authoritative',
  ],
  [
    'composer --no-dev install --no-scripts',
    'composer --no-dev install --no-autoloader --no-scripts',
    'composer dump-autoload --no-dev --no-scripts',
  ],
  [
    'composer install && php artisan optimize',
    'composer install --no-autoloader --no-scripts',
    'composer dump-autoload && php artisan optimize',
  ],
])('%s', (install, first, second) => {
  expect(linesOf(install).lines).toEqual([MANIFESTS, PATCHES, `RUN ${first}`, 'COPY . .', `RUN ${second}`]);
});

test('where nobody watched, by the manifests alone; what scripts do is told', () => {
  const { lines, risk } = linesOf('composer install', 'not');
  expect(lines[0]).toBe(MANIFESTS);
  expect(lines).toHaveLength(4);
  expect(risk).toContain('post-install-cmd');
  expect(linesOf('composer install -o --no-scripts').risk).not.toContain('post-install-cmd');
});

test('where it reads nothing but manifests it stays one', () => {
  const reads = ['composer.json', 'composer.lock'];
  expect(linesOf('composer install', reads).lines).toEqual([MANIFESTS, 'RUN composer install', 'COPY . .']);
});

describe('it stays one', () => {
  for (const install of [
    'composer install --unheard-of',
    'composer install -o && composer clear-cache',
    'composer install || true',
    'cd web && composer install',
    'sudo composer install',
    'COMPOSER_HOME=/x composer install',
    'composer update',
    'composer install --no-autoloader --no-scripts; true',
  ])
    test(install, () => expect(linesOf(install).lines.join('\n')).not.toContain('dump-autoload'));
});
