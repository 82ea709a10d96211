// What databases write as a licence: an SPDX expression, or anything else.

import parse from 'spdx-expression-parse';

/** A licence of SPDX's list, an expression of such, or a text that is neither. */
export interface License {
  readonly kind: 'id' | 'expression' | 'other';
  readonly text: string;
}

/** Tells what a text is. */
export function readLicense(text: string): License {
  try {
    parse(text);
    return {
      kind: /^[A-Za-z0-9.-]+$/.test(text) && !text.startsWith('LicenseRef-') ? 'id' : 'expression',
      text,
    };
  } catch {
    return { kind: 'other', text };
  }
}
