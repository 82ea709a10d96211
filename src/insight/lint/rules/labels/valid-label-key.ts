import { about, placed, unquoted } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

const RESERVED = /^(com\.docker|io\.docker|org\.dockerproject)\./;

export const validLabelKey: Rule = {
  name: 'ValidLabelKey',
  codes: ['DL3048'],
  severity: 'style',
  summary: 'keys of labels are lower-case letters, digits, and single . - _ / between them',
  page: `Docker asks for keys that begin with a small letter and end with one or a digit, made of small letters, digits,
dots, dashes, underscores and slashes, without two dots or two dashes in a row, and not in \`com.docker.\`, \`io.docker.\`
or \`org.dockerproject.\`, which are its own. Nothing fails otherwise, but a filter will not find a label that is spelt
in two ways. For what everybody has there are the names of the OCI: \`org.opencontainers.image.version\` and its kin.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nLABEL Version=1.0',
      at: [2],
      good: 'FROM debian:trixie\nLABEL version=1.0',
    },
  ],
  check: (subject) =>
    placed(subject, 'label').flatMap(({ instruction }) => {
      const wrong = instruction.pairs.find(({ key }) => !isValid(unquoted(key.text)));
      if (!wrong) return [];
      return [about(instruction, `'${wrong.key.text}' is no good key for a label`, { word: wrong.key })];
    }),
};

function isValid(key: string): boolean {
  return /^[a-z]([a-z0-9._/-]*[a-z0-9])?$/.test(key) && !/\.\.|--/.test(key) && !RESERVED.test(key);
}
