// Links between the pages of this repository: each leads to a file that is there, and to a heading of it.

import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dir, '..');
const pages = ['*.md', 'docs/**/*.md', 'bench/**/*.md', 'examples/**/*.md'].flatMap((pattern) => [
  ...new Bun.Glob(pattern).scanSync({ cwd: root }),
]);

/** A page without what stands in it as code. */
function proseOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/^ *```.*?^ *```/gms, '');
}

/** The names of its headings, as hosts of repositories make them, and those that it gives. */
function anchorsOf(page: string): Set<string> {
  const text = proseOf(page);
  const headings = [...text.matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
  const given = [...text.matchAll(/<a (?:id|name)="([^"]+)">/g)].map(([, name = '']) => name);
  return new Set([...headings, ...given]);
}

test('every link of a page leads somewhere', () => {
  expect(pages).toContain('docs/commands/build.md');
  const anchors = new Map(pages.map((page) => [page, anchorsOf(page)]));
  const broken = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      const [path, anchor] = link.split('#');
      const target = path ? normalize(join(dirname(page), path)) : page;
      const leads = anchor ? anchors.get(target)?.has(anchor) : existsSync(join(root, target));
      return leads ? [] : [`${page}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});
