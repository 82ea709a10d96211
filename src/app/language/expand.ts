// `mille expand`: words with variables, expanded as BuildKit does it.

import { MilleError } from '../../core/index.ts';
import { expandWord } from '../../lang/dockerfile/index.ts';
import type { ExpandedWord } from '../types.ts';
import { type ExpandRequest, readExpandRequests } from './expand-requests.ts';
import { readText } from './read-text.ts';

/** Expands the words of a file. See `App.expand`. */
export async function expand(file: string): Promise<readonly ExpandedWord[]> {
  return readExpandRequests(await readText(file)).map(expandOne);
}

function expandOne(request: ExpandRequest): ExpandedWord {
  const { word, env } = request;
  try {
    const { text, words } = expandWord(word, { lookup: (name) => env.get(name), escape: request.escape });
    return { word, result: request.words ? words : text };
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    return { word, result: null, error: error.message };
  }
}
