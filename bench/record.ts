// Puts what a scenario gave into the page of results.

import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces the section of a title, or adds it at the end. @param heading what was measured where, a title of its own */
export function record(page: string, title: string, heading: string, section: string): void {
  const text = readFileSync(page, 'utf8');
  const body = section.slice(section.indexOf('\n')).trim();
  const measured = `## ${title}\n\nAs \`npm run bench\` measured it. ${heading
    .replace(/^# /, '')
    .replaceAll(/\s*\n+\s*/g, ' ')
    .trim()}\n\n${body}\n`;
  const start = text.indexOf(`## ${title}\n`);
  const end = start < 0 ? -1 : text.indexOf('\n## ', start + 1);
  const before = start < 0 ? `${text.trimEnd()}\n\n` : text.slice(0, start);
  writeFileSync(page, before + measured + (end < 0 ? '' : text.slice(end)));
}
