// COPY and ADD: what goes where.

import { MilleError, redactUrls } from '../../core/index.ts';
import {
  type AddInstruction,
  type CopyInstruction,
  expandHeredoc,
  type Word,
} from '../../lang/dockerfile/index.ts';
import { addSource } from './add-source.ts';
import type { PlannedInstruction } from './plan.ts';
import { addHistory, expand, historyEntry, nextPlace, noteExpansion, type Scope, stepBase } from './scope.ts';
import type { AddStep, CopyStep, InlineContent } from './step.ts';
import { stepTitle } from './title.ts';
import { resolveDestination } from './workdir.ts';

/** Adds the step of a COPY to the scope. */
export function copyStep(
  scope: Scope,
  planned: PlannedInstruction & { readonly instruction: CopyInstruction },
  position: number,
): void {
  const { instruction } = planned;
  const common = transfer(scope, planned, position);
  const sources = instruction.sources.map((word) => localSource(scope, word));
  const step: CopyStep = {
    ...common.fields,
    kind: 'copy',
    history: historyEntry(historyText(common, { sources, parents: instruction.parents })),
    from: planned.sources[0] ?? { kind: 'build-context' },
    sources,
    parents: instruction.parents,
  };
  scope.steps.push(step);
  addHistory(scope, step.history, step.id);
}

/** Adds the step of an ADD to the scope. */
export function addStep(
  scope: Scope,
  planned: PlannedInstruction & { readonly instruction: AddInstruction },
  position: number,
): void {
  const { instruction } = planned;
  const common = transfer(scope, planned, position);
  const texts = instruction.sources.map((word) => expand(scope, word));
  const checksum = instruction.checksum ? expand(scope, instruction.checksum) : '';
  if (checksum !== '') checkChecksum(instruction, texts);
  const { keepGitDir } = instruction;
  const sources = instruction.sources.map((word, i) =>
    addSource(texts[i]!, { checksum, keepGitDir, span: word.span }),
  );
  const pinsFile = checksum !== '' && sources[0]?.kind === 'url';
  const step: AddStep = {
    ...common.fields,
    kind: 'add',
    history: historyEntry(historyText(common, { sources: texts, parents: false })),
    sources,
    ...(pinsFile ? { checksum } : {}),
    ...(instruction.unpack === undefined ? {} : { unpack: instruction.unpack }),
  };
  scope.steps.push(step);
  addHistory(scope, step.history, step.id);
}

/** The parts that COPY and ADD share, with what the history needs of them. */
interface Transfer {
  readonly name: 'COPY' | 'ADD';
  readonly writtenDestination: string;
  readonly fields: Omit<CopyStep, 'kind' | 'history' | 'from' | 'sources' | 'parents'>;
}

function transfer(
  scope: Scope,
  planned: PlannedInstruction & { readonly instruction: CopyInstruction | AddInstruction },
  position: number,
): Transfer {
  const { instruction } = planned;
  const writtenDestination = expand(scope, instruction.destination);
  const chown = instruction.chown ? expand(scope, instruction.chown) : '';
  const chmod = instruction.chmod ? expandMode(scope, instruction.chmod) : '';
  const place = nextPlace(scope);
  return {
    name: instruction.kind === 'copy' ? 'COPY' : 'ADD',
    writtenDestination,
    fields: {
      ...stepBase(scope, planned, position),
      number: place.number,
      title: stepTitle(place, scope.titles.describe(scope, instruction.text), planned.trigger),
      configAfter: scope.state.config,
      inlineFiles: inlineFiles(scope, instruction),
      destination: resolveDestination(scope.state.config.WorkingDir ?? '', writtenDestination),
      ...(chown === '' ? {} : { chown }),
      ...(chmod === '' ? {} : { chmod }),
      // As in BuildKit: a layer that changes modes is made on top of what is there.
      link: instruction.link && chmod === '',
      exclude: instruction.exclude.map((word) => word.text),
    },
  };
}

function inlineFiles(scope: Scope, instruction: CopyInstruction | AddInstruction): readonly InlineContent[] {
  return instruction.inlineFiles.map(({ name, content, expand: wanted, span }) => {
    if (!wanted) return { name, content };
    try {
      const expansion = expandHeredoc(content, scope.state.environment.lookup);
      return { name, content: noteExpansion(scope, { text: content, span }, expansion).text };
    } catch (error) {
      throw error instanceof MilleError ? error.at(span) : error;
    }
  });
}

function localSource(scope: Scope, word: Word): string {
  const text = expand(scope, word);
  if (isPath(text)) return text;
  throw new MilleError(
    'dockerfile-syntax',
    `COPY cannot take ${redactUrls(text)}: it copies files, it downloads nothing`,
    {
      hint: 'write ADD for a URL or a git repository',
      span: word.span,
    },
  );
}

const SYMBOLIC_MODE = /^[ugoa]*(?:[-+=][rwxXstugo]*)+(?:,[ugoa]*(?:[-+=][rwxXstugo]*)+)*$/;

function expandMode(scope: Scope, word: Word): string {
  const mode = expand(scope, word);
  if (mode === '' || /^0*[0-7]{1,4}$/.test(mode) || SYMBOLIC_MODE.test(mode)) return mode;
  throw new MilleError('dockerfile-syntax', `--chmod cannot be ${JSON.stringify(mode)}`, {
    hint: 'write an octal mode up to 7777, such as 755, or a symbolic one, such as u=rwX,go=rX',
    span: word.span,
  });
}

/** A malformed address of a repository is no path either. */
function isPath(text: string): boolean {
  try {
    return addSource(text).kind === 'local';
  } catch {
    return false;
  }
}

function checkChecksum(instruction: AddInstruction, sources: readonly string[]): void {
  const span = instruction.checksum?.span ?? instruction.span;
  if (sources.length !== 1) {
    throw new MilleError('dockerfile-syntax', '--checksum takes exactly one source', {
      hint: 'write one ADD for each source',
      span,
    });
  }
  if (!isPath(sources[0]!)) return;
  throw new MilleError('dockerfile-syntax', '--checksum is for URLs and git repositories', {
    hint: 'files of the context need none; remove it',
    span,
  });
}

function historyText(
  { name, writtenDestination, fields }: Transfer,
  { sources, parents }: { readonly sources: readonly string[]; readonly parents: boolean },
): string {
  return [
    name,
    ...(parents ? ['--parents'] : []),
    ...(fields.chown === undefined ? [] : [`--chown=${fields.chown}`]),
    ...(fields.chmod === undefined ? [] : [`--chmod=${fields.chmod}`]),
    ...sources.map(redactUrls),
    ...fields.inlineFiles.map((file) => `<<${file.name}`),
    writtenDestination,
  ].join(' ');
}
