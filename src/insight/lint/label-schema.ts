// Labels that a project wants its images to have, and what their values have to look like: the `label-schema` of a
// configuration. Nothing is said about labels where there is none.

import type { KeyValue } from '../../lang/dockerfile/index.ts';
import type { LabelKind } from './options.ts';
import { about, placed, unquoted } from './placed.ts';
import type { Finding } from './rule.ts';
import type { LintSubject } from './subject.ts';

// Required, as the reader of licence expressions requires the same file: once it is imported, Bun gives who requires it
// a module with a default instead of the list, and every licence is unknown there.
import licences = require('spdx-license-ids/index.json');

/** One finding for each label of a type whose value is none. A value that comes from a variable is not known. */
export function labelsOfType(
  subject: LintSubject,
  { type, what }: { readonly type: LabelKind; readonly what: string },
): readonly Finding[] {
  return labelsOfSchema(subject).flatMap(({ pair, instruction, expected }) => {
    const value = unquoted(pair.value.text);
    if (expected !== type || value.includes('$') || isOfType(value, type)) return [];
    return [
      about(instruction, `the label '${pair.key.text}' is not ${what}: '${value}'`, { word: shown(pair) }),
    ];
  });
}

/** The labels of the file that the schema names. */
export function labelsOfSchema(subject: LintSubject) {
  const schema = subject.options.labelSchema;
  return placed(subject, 'label').flatMap(({ instruction }) =>
    instruction.pairs.flatMap((pair) => {
      const key = unquoted(pair.key.text);
      const expected = Object.hasOwn(schema, key) ? schema[key] : undefined;
      return expected === undefined ? [] : [{ pair, instruction, expected }];
    }),
  );
}

/** The value, or the key where the value takes no room. */
function shown({ key, value }: KeyValue) {
  return value.span.end > value.span.start ? value : key;
}

const SPDX = new Set(licences);

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-((0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function isOfType(value: string, type: LabelKind): boolean {
  switch (type) {
    case 'text':
      return true;
    case 'url':
      return /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(value);
    case 'semver':
      return SEMVER.test(value);
    case 'hash':
      return /^([0-9a-f]{40}|[0-9a-f]{7})$/.test(value);
    case 'rfc3339':
      return RFC3339.test(value);
    case 'spdx':
      return SPDX.has(value);
    case 'email':
      return /^[^\s@<>()[\],;:\\"]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(
        value,
      );
  }
}
