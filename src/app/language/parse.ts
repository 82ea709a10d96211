// `mille parse`: a Dockerfile as BuildKit's parser sees it.

import { MilleError } from '../../core/index.ts';
import { type JsonInstruction, parseTree, toJson } from '../../lang/dockerfile/index.ts';
import { readText } from './read-text.ts';

/** The instructions of a Dockerfile. See `App.parse`. */
export async function parse(file: string): Promise<readonly JsonInstruction[]> {
  const source = await readText(file);
  const tree = parseTree(source);
  if (tree.errors[0]) throw tree.errors[0];
  const instructions = toJson(tree);
  if (instructions.length > 0) return instructions;
  throw new MilleError('dockerfile-empty', `${source.name} holds no instruction`, {
    hint: 'begin with FROM and a base image, or FROM scratch',
  });
}
