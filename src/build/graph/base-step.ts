// A stage that stands on a named context of files: FROM is a step then, which copies all of them.

import { madeFor } from './made-for.ts';
import { historyEntry, type Scope } from './scope.ts';
import type { ContextSource, CopyStep } from './step.ts';

/** Adds the step that makes the base, before all instructions. */
export function baseStep(
  scope: Scope,
  from: ContextSource,
  { title, number }: { readonly title: string; readonly number: number },
): void {
  const { stage, state } = scope;
  const step: CopyStep = {
    kind: 'copy',
    id: `${stage.index}.base`,
    stage: stage.index,
    position: -1,
    span: stage.from.span,
    instruction: `FROM ${from.name}`,
    number,
    total: stage.total,
    title,
    platform: state.platform,
    madeFor: madeFor(state.platform),
    configAfter: state.config,
    // BuildKit's words for it.
    history: historyEntry(`local source for ${from.name}`),
    from,
    sources: ['.'],
    destination: '/',
    inlineFiles: [],
    link: false,
    parents: false,
    exclude: [],
  };
  scope.steps.push(step);
  scope.state = { ...state, history: [...state.history, { entry: step.history, step: step.id }] };
}
