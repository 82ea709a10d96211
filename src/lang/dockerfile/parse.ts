// The whole way: text → tree → typed instructions → stages.

import { MilleError, type SourceText } from '../../core/index.ts';
import { detectSyntax, headDirective } from './head-directive.ts';
import type { ArgInstruction, Instruction } from './instruction.ts';
import { MAX_ERRORS, parseTree } from './parse-tree.ts';
import { groupStages, type Stage } from './stage.ts';
import type { Escape, InstructionNode, SyntaxTree, Word } from './tree.ts';
import { readInstruction } from './typed-instruction.ts';

export { findStage } from './stage.ts';

/** A parsed Dockerfile. */
export interface Dockerfile {
  readonly source: SourceText;
  readonly tree: SyntaxTree;
  readonly escape: Escape;
  /** The image named by `# syntax=`; see `detectSyntax`. */
  readonly syntax?: Word;
  /** What `# check=` says, for `parseCheckDirective`. */
  readonly check?: Word;
  readonly instructions: readonly Instruction[];
  readonly globalArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
}

/**
 * Parses a Dockerfile that is to be built.
 * @throws MilleError `dockerfile-empty`, `dockerfile-syntax` or `unknown-instruction`: the first in the file.
 */
export function parseDockerfile(source: SourceText): Dockerfile {
  const { dockerfile, errors } = inspectDockerfile(source);
  if (errors[0]) throw errors[0];
  return dockerfile;
}

/** A Dockerfile as far as it could be read, and what is wrong with it, in the order of the file. */
export interface InspectedDockerfile {
  readonly dockerfile: Dockerfile;
  readonly errors: readonly MilleError[];
}

/** Texts that were read: several who look at the same one read it once. */
const inspected = new WeakMap<SourceText, InspectedDockerfile>();

/** Parses any text and never throws. After `MAX_ERRORS` it gives up. */
export function inspectDockerfile(source: SourceText): InspectedDockerfile {
  const known = inspected.get(source) ?? inspect(source);
  inspected.set(source, known);
  return known;
}

function inspect(source: SourceText): InspectedDockerfile {
  const tree = parseTree(source);
  const errors = [...tree.errors];
  const broken = new Set(tree.errors.map((error) => error.span && nodeAt(tree, error.span.start)));
  const instructions: Instruction[] = [];
  for (const node of instructionNodes(tree)) {
    // One error an instruction is enough: a second would only follow from the first.
    if (broken.has(node)) continue;
    if (errors.length >= MAX_ERRORS) break;
    try {
      instructions.push(readInstruction(node));
    } catch (error) {
      if (!(error instanceof MilleError)) throw error;
      errors.push(error);
    }
  }
  const { globalArgs, stages, errors: stray } = groupStages(instructions);
  // With a broken instruction about, the FROM that is missed may be that one.
  if (errors.length === 0) errors.push(...stray);
  if (errors.length === 0 && stages.length === 0) errors.push(noStage(source, instructions));
  errors.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  const syntax = detectSyntax(source);
  const check = headDirective(source, 'check');
  return {
    dockerfile: {
      source,
      tree,
      escape: tree.escape,
      ...(syntax ? { syntax } : {}),
      ...(check ? { check } : {}),
      instructions,
      globalArgs,
      stages,
    },
    errors,
  };
}

/**
 * Parses the trigger of an ONBUILD, as an image config keeps it: exactly one instruction.
 * @throws MilleError `dockerfile-syntax` or `unknown-instruction`
 */
export function parseTrigger(source: SourceText): Instruction {
  const tree = parseTree(source);
  if (tree.errors[0]) throw tree.errors[0];
  const nodes = instructionNodes(tree);
  const [first, second] = nodes;
  if (!first || second) {
    const span = { source, start: second?.start ?? 0, end: source.text.length };
    throw new MilleError('dockerfile-syntax', 'an ONBUILD trigger must be exactly one instruction', {
      hint: 'the trigger is in the config of the base image: build that image again with one ONBUILD for each',
      span,
    });
  }
  return readInstruction(first);
}

function instructionNodes(tree: SyntaxTree): InstructionNode[] {
  return tree.nodes.filter((node): node is InstructionNode => node.kind === 'instruction');
}

/** The node that covers an offset, by binary search. */
function nodeAt(tree: SyntaxTree, offset: number): SyntaxTree['nodes'][number] | undefined {
  let low = 0;
  let high = tree.nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const node = tree.nodes[middle];
    if (node && node.end <= offset) low = middle + 1;
    else high = middle;
  }
  return tree.nodes[low];
}

function noStage(source: SourceText, instructions: readonly Instruction[]): MilleError {
  const last = instructions.at(-1);
  const hint = 'begin with FROM and a base image, or FROM scratch';
  return last
    ? new MilleError('dockerfile-syntax', `${source.name} has no FROM`, { hint, span: last.span })
    : new MilleError('dockerfile-empty', `${source.name} holds no instruction`, { hint });
}
