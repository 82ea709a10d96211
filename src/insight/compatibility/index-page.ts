// A page of a Python package index about one package: PEP 691 (JSON), or PEP 503 (HTML) where an index knows no other.

import type { IndexFile } from './releases.ts';

const MOST = 50_000;

/** The files that a page lists. @throws Error where it is none */
export function readIndexPage(text: string): readonly IndexFile[] {
  return text.trimStart().startsWith('{') ? fromJson(text) : fromHtml(text);
}

function fromJson(text: string): readonly IndexFile[] {
  const files: unknown = (JSON.parse(text) as { files?: unknown }).files;
  if (!Array.isArray(files)) throw new Error('it lists no files');
  return files.slice(0, MOST).flatMap((file: Record<string, unknown> | null): IndexFile[] => {
    const name = file?.filename;
    if (typeof name !== 'string' || !isFileName(name)) return [];
    const wanted = file!['requires-python'];
    return [
      {
        name,
        ...(typeof wanted === 'string' && wanted !== '' ? { requiresPython: wanted } : {}),
        ...(file!.yanked !== undefined && file!.yanked !== false ? { yanked: true } : {}),
      },
    ];
  });
}

function fromHtml(text: string): readonly IndexFile[] {
  if (!/<a\s/i.test(text) && !/<html|<!doctype/i.test(text)) throw new Error('it is no page of an index');
  const files: IndexFile[] = [];
  for (const [, attributes = '', name = ''] of text.matchAll(
    /<a\s([^>]{0,4000})>\s*([^<]{1,300}?)\s*<\/a>/gi,
  )) {
    if (!isFileName(name) || files.length >= MOST) continue;
    const wanted = /data-requires-python\s*=\s*(["'])(.*?)\1/i.exec(attributes)?.[2];
    files.push({
      name,
      ...(wanted === undefined || wanted === '' ? {} : { requiresPython: decode(wanted) }),
      ...(/data-yanked/i.test(attributes) ? { yanked: true } : {}),
    });
  }
  return files;
}

function isFileName(name: string): boolean {
  return name.length <= 300 && /^[\w.+!-]+\.(?:whl|tar\.gz|tar\.bz2|tar\.xz|zip|tgz)$/.test(name);
}

function decode(text: string): string {
  return text
    .replace(/&gt;/g, '>')
    .replace(/&lt;/g, '<')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
