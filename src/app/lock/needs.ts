// What a build takes from elsewhere beside images: files by HTTP and repositories, named by ADD, as a context, or as
// the Dockerfile. What names its content itself, by a checksum or as a commit, is none of it.

import type { BuildPlan, StageEvaluation, Step } from '../../build/graph/index.ts';
import { isDigest, type Span } from '../../core/index.ts';
import { isUrl, type RemoteAddress, remoteAddress } from '../../lang/address/index.ts';
import type { NamedContextSet } from '../build/named-contexts.ts';
import type { BuildOptions } from '../types.ts';
import { fileKey, gitKey } from './lock-file.ts';
import { isContextDirectory } from './place.ts';

/** Something that is fetched, and means what it means at the time. */
export interface RemoteNeed {
  readonly address: RemoteAddress;
  /** As a lock file names it. */
  readonly key: string;
  /** In words: `the build context https://…`. */
  readonly what: string;
  /** What asks for it, where that is the Dockerfile. */
  readonly span?: Span;
  /** It is what the build was started with: the context, or the Dockerfile. */
  readonly given?: true;
}

/** What an evaluated build fetches, each once. */
export function remoteNeeds(
  {
    plan,
    evaluations,
  }: { readonly plan: BuildPlan; readonly evaluations: ReadonlyMap<number, StageEvaluation> },
  { options, contexts }: { readonly options: BuildOptions; readonly contexts: NamedContextSet },
): RemoteNeed[] {
  const steps = [...evaluations.values()].flatMap((stage) => stage.steps);
  const needs = [
    ...givenNeeds(options),
    ...contextNeeds(contexts),
    ...steps.flatMap((step) => needsOfStep(plan, step)),
  ];
  return [...new Map(needs.toReversed().map((need) => [need.key, need])).values()].toReversed();
}

function givenNeeds({ context, dockerfile = '' }: BuildOptions): RemoteNeed[] {
  const address = isContextDirectory(context) ? undefined : remoteAddress(context);
  return [
    ...(address ? needOf(address, 'the build context ', { given: true }) : []),
    ...(isUrl(dockerfile)
      ? needOf({ kind: 'url', url: dockerfile }, 'the Dockerfile ', { given: true })
      : []),
  ];
}

function contextNeeds({ kinds, place }: NamedContextSet): RemoteNeed[] {
  return [...kinds.keys()].flatMap((name) => {
    const found = place(name);
    return found.kind === 'remote' ? needOf(found.address, `the build context ${name}: `) : [];
  });
}

function needsOfStep(plan: BuildPlan, step: Step): RemoteNeed[] {
  if (step.kind !== 'add') return [];
  if (step.checksum !== undefined && isDigest(step.checksum)) return [];
  return step.sources.flatMap((source, i) => {
    if (source.kind === 'local') return [];
    const span = placeOf(plan, step, i);
    const address: RemoteAddress = source.kind === 'git' ? source.address : { kind: 'url', url: source.url };
    return needOf(address, '', span ? { span } : {});
  });
}

function needOf(
  address: RemoteAddress,
  before: string,
  rest: Pick<RemoteNeed, 'span' | 'given'> = {},
): RemoteNeed[] {
  const key = keyOf(address);
  return key === undefined ? [] : [{ address, key, what: `${before}${key}`, ...rest }];
}

function keyOf(address: RemoteAddress): string | undefined {
  return address.kind === 'git' ? gitKey(address) : fileKey(address.url);
}

/** The word that names a source; the instruction, or the FROM of a trigger, where that is all there is. */
function placeOf(
  { stages }: BuildPlan,
  { stage, position, span, sources }: Extract<Step, { kind: 'add' }>,
  index: number,
) {
  const planned = stages.find((one) => one.index === stage);
  const { instruction, trigger } = planned?.instructions[position] ?? {};
  if (trigger) return planned?.from.span;
  const words = instruction?.kind === 'add' ? instruction.sources : [];
  return words.length === sources.length ? words[index]!.span : span;
}
