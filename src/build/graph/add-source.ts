// What a source of ADD is: a git repository, a URL, or a path in the build context.

import type { AddSource } from './step.ts';

const GIT_HTTP = /^https?:\/\/[^#?]*\.git(?:[?#].*)?$/;
const GIT_SCHEME = /^(?:git|ssh|git\+ssh):\/\//;
const SCP_LIKE = /^[a-zA-Z0-9_.-]+@[a-zA-Z0-9.-]+:(?!\/\/).+/;

/** Classifies an expanded source. */
export function addSource(text: string): AddSource {
  if (GIT_HTTP.test(text) || GIT_SCHEME.test(text) || SCP_LIKE.test(text))
    return { kind: 'git', reference: text };
  if (/^https?:\/\//.test(text)) return { kind: 'url', url: text, fileName: fileNameOf(text) };
  return { kind: 'local', path: text };
}

/** The last part of a URL's path, decoded; `__unnamed__` where there is none, as BuildKit calls such a file. */
function fileNameOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/, '').replace(/[?#].*$/, '');
  const last = decode(path).split('/').filter(Boolean).at(-1);
  return last === undefined || last === '.' || last === '..' ? '__unnamed__' : last;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
