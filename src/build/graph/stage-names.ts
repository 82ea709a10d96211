// What a name in FROM, `--from` or `--target` refers to.

import { MilleError, suggest } from '../../core/index.ts';
import {
  type CopyInstruction,
  expandWord,
  type FromInstruction,
  type MountFlag,
  type Stage,
  type Word,
} from '../../lang/dockerfile/index.ts';
import type { Platform } from '../../oci/image/index.ts';
import { findContext, type NamedContexts } from './context-name.ts';
import type { ContextSource, FileSource, Source } from './step.ts';

/** The names of stages and contexts. A later stage takes the name of an earlier one. */
export class StageNames {
  readonly #stages = new Map<string, number>();
  readonly #replaced = new Map<number, ContextSource>();
  readonly #contexts: NamedContexts;
  #count = 0;

  constructor(contexts: NamedContexts) {
    this.#contexts = contexts;
  }

  /**
   * Adds the next stage of the file.
   * @returns the named context that stands in its place, if there is one of its name
   */
  add(name: string | undefined, index: number, platform: Platform): ContextSource | undefined {
    this.#count = index + 1;
    if (name === undefined) return undefined;
    this.#stages.set(name, index);
    const found = findContext(this.#contexts, name);
    if (!found) return undefined;
    const context: ContextSource = { kind: 'context', ...found, platform, replaces: 'stage' };
    this.#replaced.set(index, context);
    return context;
  }

  /** What FROM stands on. Only stages above it are known by now; their names are compared as written. */
  base(name: string, from: FromInstruction, platform: Platform): Source {
    const stage = this.#stages.get(name);
    if (stage !== undefined) return this.stage(stage);
    const lower = name.toLowerCase();
    if (name !== lower && this.#stages.has(lower)) {
      throw new MilleError(
        'unknown-stage',
        `${JSON.stringify(name)} is neither a stage nor a valid image name`,
        {
          hint: `names of stages are kept in lower case: write FROM ${lower}`,
          span: from.base.span,
        },
      );
    }
    return this.#outside(name, platform);
  }

  /** A stage by its index, or the context in its place. */
  stage(index: number): Source {
    return this.#replaced.get(index) ?? { kind: 'stage', stage: index };
  }

  /** The stage of a name, in any case, or of a number. */
  find(name: string, count = this.#count): number | undefined {
    const named = this.#stages.get(name.toLowerCase());
    if (named !== undefined) return named;
    const index = /^[0-9]+$/.test(name) ? Number(name) : Number.NaN;
    return index < count ? index : undefined;
  }

  /** What `--from` of COPY, or `from=` of a mount, refers to. */
  source(name: string, platform: Platform): Source {
    const stage = this.#stages.get(name.toLowerCase());
    return stage === undefined ? this.#outside(name, platform) : this.stage(stage);
  }

  #outside(name: string, platform: Platform): Source {
    if (name === 'scratch') return { kind: 'scratch' };
    const found = findContext(this.#contexts, name);
    if (found) return { kind: 'context', ...found, platform, replaces: 'image' };
    return { kind: 'image', reference: name, platform };
  }
}

/** Where a COPY reads from. @throws MilleError `unknown-stage`, `dockerfile-syntax` */
export function copySource(names: StageNames, copy: CopyInstruction, platform: Platform): FileSource {
  const { from } = copy;
  if (!from || from.text === '') return { kind: 'build-context' };
  if (expandWord(from).text !== from.text) throw noExpansion(from);
  if (!/^[0-9]+$/.test(from.text)) return names.source(from.text, platform);
  const stage = names.find(from.text);
  if (stage !== undefined) return names.stage(stage);
  throw new MilleError('unknown-stage', `there is no stage ${from.text}`, {
    hint: 'stages are counted from 0; better give it a name with AS',
    span: from.span,
  });
}

function noExpansion(from: Word): MilleError {
  return new MilleError('dockerfile-syntax', 'variables are not expanded in --from', {
    hint: 'give the image a name with FROM … AS name before this stage, and use that name',
    span: from.span,
  });
}

/** Where a mount of RUN reads from. Without `from`, a cache starts empty and a bind shows the build context. */
export function mountSource(names: StageNames, mount: MountFlag, platform: Platform): FileSource {
  const from = mount.fields.findLast((field) => field.key === 'from')?.value;
  if (from) return names.source(from, platform);
  return { kind: 'build-context' };
}

/** The error for a target that is not there, with the nearest names. */
export function unknownTarget(target: string, stages: readonly Stage[]): MilleError {
  const names = stages.flatMap((stage) => (stage.from.name === undefined ? [] : [stage.from.name]));
  const near = suggest(target.toLowerCase(), names);
  const known =
    names.length === 0
      ? `no stage has a name; they are numbered 0 to ${stages.length - 1}`
      : `the stages are ${names.join(', ')}`;
  return new MilleError('unknown-stage', `there is no stage ${JSON.stringify(target)} to build`, {
    hint: near ? `did you mean ${near}?` : known,
  });
}
