import type { Span } from '../../../../core/index.ts';
import type { Instruction } from '../../../../lang/dockerfile/index.ts';
import { writtenReference, writtenRegistry } from '../../base-reference.ts';
import { about } from '../../placed.ts';
import type { Finding, Rule } from '../../rule.ts';
import type { LintSubject } from '../../subject.ts';

export const trustedRegistry: Rule = {
  name: 'TrustedRegistry',
  codes: ['DL3026'],
  severity: 'error',
  summary: 'images come from the registries that are allowed',
  page: `Only looked at where the configuration has a list of registries (\`trustedRegistries\`). Each entry is a host, with
a \`*\` in front or behind for many: \`*.example.com\`. An image without a host comes from \`docker.io\`. Looked at are FROM,
\`COPY --from\` and \`from=\` of \`RUN --mount\`; stages of the file, \`scratch\` and names from variables are not.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nCOPY --from=example.org/tools:1 /bin/tool /bin/',
      at: [1],
      good: 'FROM registry.example.org/debian:trixie\nCOPY --from=example.org/tools:1 /bin/tool /bin/',
      options: { trustedRegistries: ['*example.org'] },
    },
  ],
  check: (subject) => {
    const allowed = subject.options.trustedRegistries;
    if (allowed.length === 0) return [];
    return references(subject).flatMap(({ text, span, instruction }): Finding[] => {
      const registry = writtenRegistry(writtenReference(text));
      if (allowed.some((pattern) => matches(pattern, registry))) return [];
      return [
        about(instruction, `'${text}' comes from ${registry}, which is not among the allowed registries`, {
          word: { span },
        }),
      ];
    });
  },
};

/** A name of an image, and where it stands. */
interface ImageName {
  readonly text: string;
  readonly span: Span;
  readonly instruction: Instruction;
}

/** Names of images outside the file. */
function references({ dockerfile: { stages } }: LintSubject): readonly ImageName[] {
  const named = new Set(stages.map(({ from: { name } }) => name));
  const isOutside = ({ text }: ImageName) =>
    !/^(scratch|\d*)$|^\$/.test(text) && !named.has(text.toLowerCase());
  return stages
    .flatMap(({ from, instructions }) => [
      { text: from.base.text, span: from.base.span, instruction: from },
      ...instructions.flatMap(imagesOf),
    ])
    .filter(isOutside);
}

function imagesOf(instruction: Instruction): readonly ImageName[] {
  if (instruction.kind === 'copy' && instruction.from) return [{ ...instruction.from, instruction }];
  if (instruction.kind !== 'run') return [];
  return instruction.mounts.flatMap(({ word, fields }) =>
    fields.flatMap(({ key, value }) =>
      key === 'from' && value !== undefined ? [{ text: value, span: word.span, instruction }] : [],
    ),
  );
}

function matches(pattern: string, registry: string): boolean {
  // Docker Hub has two names.
  if (registry === 'docker.io' && pattern === 'hub.docker.com') return true;
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return registry.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return registry.startsWith(pattern.slice(0, -1));
  return registry === pattern;
}
