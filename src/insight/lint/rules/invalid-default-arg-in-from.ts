import { parseReference } from '../../../oci/image/index.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const invalidDefaultArgInFrom: Rule = {
  name: 'InvalidDefaultArgInFrom',
  severity: 'warning',
  summary: 'without build arguments too, FROM names an image',
  url: buildkitPage('invalid-default-arg-in-from'),
  page: `An argument without a default leaves FROM with an empty or broken name unless everybody who builds passes it.
Give it a default, or use one in FROM: \`\${TAG:-latest}\`.`,
  examples: [
    {
      bad: 'ARG TAG\nFROM busybox:${TAG}',
      at: [2],
      good: 'ARG TAG=latest\nFROM busybox:${TAG}',
    },
    {
      bad: 'ARG VARIANT\nFROM busybox:stable${VARIANT} AS a\nARG BASE\nFROM ${BASE}',
      at: [4],
      good: 'ARG VARIANT\nFROM busybox:stable${VARIANT} AS a\nARG BASE\nFROM ${BASE:-scratch}',
    },
  ],
  check: ({ froms }) =>
    froms.facts.flatMap(({ from, defaultBase }) =>
      defaultBase === undefined || isReference(defaultBase)
        ? []
        : [
            {
              message: `without build arguments '${from.base.text}' is empty or no image name`,
              span: from.base.span,
              at: from.node,
            },
          ],
    ),
};

function isReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch {
    return false;
  }
}
