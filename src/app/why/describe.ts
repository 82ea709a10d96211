// Differences as the fronts show them: sentences, and values where those are fit to be shown.

import { type Difference, isHidden, type ParentName, wordReasons } from '../../build/cache/index.ts';
import { readFileInput } from '../../build/graph/index.ts';
import { hideSecrets, looksSecret } from '../../core/index.ts';
import type { FileFact, WhyDifference } from './types.ts';

/** What sentences need beside the difference. */
export interface Around {
  /** The instruction as it was written then, and now. */
  readonly instruction: { readonly before: string; readonly after: string };
  readonly parent?: ParentName;
}

/** One difference. */
export function describeDifference(difference: Difference, around: Around): WhyDifference {
  const { kind, name, before, after } = difference;
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const { instruction } = around;
  const [reason] = wordReasons([difference], around.parent, instruction.before === instruction.after);
  const described = {
    kind,
    name: kind === 'instruction' ? '' : name,
    change,
    text: reason?.text ?? (kind === 'parent' ? GROUND[change] : `${kind} changed`),
  } as const;
  if (kind === 'file')
    return { ...described, ...(change === 'changed' ? { facts: factsOf(before!, after!) } : {}) };
  if (kind === 'instruction') return { ...described, ...instructionValues(around) };
  const shown = SHOWN.has(kind) && !(kind !== 'commit' && looksSecret(name));
  return { ...described, ...(shown ? valuesOf({ before, after }) : {}) };
}

/** Of steps that began or ceased to stand on what is below: `COPY --link`. */
const GROUND = {
  added: 'it stands on the steps before it now',
  removed: 'it no longer stands on the steps before it',
  changed: 'what it stands on changed',
} as const;

/** Kinds whose values are words that people wrote; of the others they are digests or lists. */
const SHOWN: ReadonlySet<Difference['kind']> = new Set([
  'argument',
  'environment',
  'workdir',
  'user',
  'network',
  'security',
  'platform',
  'option',
  'commit',
]);

function valuesOf(values: { readonly before: string | undefined; readonly after: string | undefined }) {
  const { before, after } = values;
  if (isHidden(before) || isHidden(after)) return {};
  return {
    ...(before === undefined ? {} : { before: hideSecrets(before) }),
    ...(after === undefined ? {} : { after: hideSecrets(after) }),
  };
}

function instructionValues({ instruction: { before, after } }: Around) {
  if (before === after) return {};
  return { before: hideSecrets(before), after: hideSecrets(after) };
}

/** What of a file differs. */
function factsOf(before: string, after: string): readonly FileFact[] {
  const [old, now] = [before, after].map(readFileInput);
  if (!old || !now) return [{ what: 'content' }];
  const facts: FileFact[] = [];
  const differ = (what: FileFact['what'], a: string, b: string) => {
    if (a !== b) facts.push({ what, before: a, after: b });
  };
  differ('type', old.type, now.type);
  if (old.type === now.type) {
    const [a, b] = [contentOf(old), contentOf(now)];
    if (old.type === 'symlink') differ('link', JSON.parse(a.content), JSON.parse(b.content));
    else if (old.type === 'file' && a.content !== b.content) facts.push({ what: 'content' });
    else differ('device', a.content, b.content);
    if (a.attributes !== b.attributes) facts.push({ what: 'attributes' });
  }
  differ('mode', old.mode, now.mode);
  differ('owner', old.owner, now.owner);
  differ('hard link to', old.sameAs ?? 'nothing', now.sameAs ?? 'nothing');
  return facts;
}

/** Content and extended attributes, which stand behind it. */
function contentOf({ type, content }: { readonly type: string; readonly content: string }) {
  const form = type === 'symlink' ? /^("(?:[^"\\]|\\.)*") ?(.*)$/s : /^([^ ]*) ?(.*)$/s;
  const [, own = content, attributes = ''] = form.exec(content) ?? [];
  return { content: own, attributes };
}
