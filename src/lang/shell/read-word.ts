// Words of the library → our words.

import type * as Lib from 'unbash';
import { alignEscapes, type Place, pieced, rangeAt } from './place.ts';
import type { Quoting, Script, ShellWord, WordPart } from './tree.ts';

/** What reading a word needs of reading scripts. */
export interface WordReader {
  readonly place: Place;
  /** Reads a script within the word. */
  readonly script: (script: Lib.ParsedScript, place: Place) => Script;
}

/** A word. */
export function readWord(reader: WordReader, word: Lib.Word): ShellWord {
  const parts = word.parts?.flatMap((part) => readPart(reader, part, 'none'));
  return makeWord(reader, word, parts ?? literalParts(reader, word));
}

/** A word from its range, value and parts. */
export function makeWord(
  { place }: WordReader,
  { pos, end, text, value }: Pick<Lib.Word, 'pos' | 'end' | 'text' | 'value'>,
  parts: readonly WordPart[],
): ShellWord {
  return {
    ...rangeAt(place, { pos, end }),
    text,
    value,
    literal: parts.every(({ kind }) => kind === 'literal'),
    parts,
  };
}

/** What a word without parts consists of. */
function literalParts({ place }: WordReader, { pos, end, text, value }: Lib.Word): readonly WordPart[] {
  if (end === pos) return [];
  return [{ kind: 'literal', ...rangeAt(place, { pos, end }), text, value, quoting: 'none', dollar: false }];
}

/** A part; what stands between double quotes becomes parts of the word, each knowing that it is quoted. */
export function readPart(reader: WordReader, part: Lib.WordPart, quoting: Quoting): readonly WordPart[] {
  const base = { ...rangeAt(reader.place, part), text: part.text, quoting };
  switch (part.type) {
    case 'Literal':
      return [{ ...base, kind: 'literal', value: part.value, dollar: false }];
    case 'SingleQuoted':
      return [{ ...base, kind: 'literal', value: part.value, quoting: 'single', dollar: false }];
    case 'AnsiCQuoted':
      return [{ ...base, kind: 'literal', value: part.value, quoting: 'single', dollar: true }];
    case 'DoubleQuoted':
    case 'LocaleString': {
      const within = part.parts.flatMap((one) => readPart(reader, one, 'double'));
      const dollar = part.type === 'LocaleString';
      if (within.length > 0 && !dollar) return within;
      return [{ ...base, kind: 'literal', value: '', quoting: 'double', dollar }, ...within];
    }
    case 'SimpleExpansion': {
      const name = part.text.slice(1);
      return [{ ...base, kind: 'variable', name, indexed: false, operands: [] }];
    }
    case 'ParameterExpansion':
      return [
        {
          ...base,
          kind: 'variable',
          name: part.parameter,
          indexed: part.index !== undefined,
          operands: operandsOf(part.operation).map((word) => readWord(reader, word)),
          ...(part.operation ? { operator: part.operation.operator } : {}),
          ...(part.prefix === undefined ? {} : { prefix: part.prefix }),
        },
      ];
    case 'CommandExpansion':
    case 'ProcessSubstitution': {
      const written =
        part.type === 'ProcessSubstitution'
          ? (`${part.operator}(` as const)
          : part.text.startsWith('`')
            ? '`'
            : '$(';
      const script = part.script
        ? reader.script(part.script, placeWithin(reader.place, part))
        : emptyScript(reader.place, base.start);
      return [{ ...base, kind: 'substitution', written, script }];
    }
    case 'ArithmeticExpansion':
      return [{ ...base, kind: 'arithmetic', words: arithmeticWords(reader, part.expression) }];
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion': {
      const kind = ({ Glob: 'glob', ExtendedGlob: 'extglob', BraceExpansion: 'brace' } as const)[part.type];
      const parts = (part.parts ?? []).flatMap((one) => readPart(reader, one, quoting));
      return [{ ...base, kind, parts }];
    }
  }
}

function emptyScript(place: Place, at: number): Script {
  return { text: place.text, start: at, end: at, statements: [], errors: [], exact: place.exact };
}

/** The place of a substitution's script: in backquotes with escapes it is a text of its own. */
function placeWithin(outer: Place, part: Lib.CommandExpansionPart | Lib.ProcessSubstitutionPart): Place {
  const decoded = part.script?.source;
  if (decoded === undefined) return outer;
  const raw = part.text.slice(1, part.text.endsWith('`') ? -1 : undefined);
  const offsets = alignEscapes(raw, decoded);
  const inner = pieced(
    outer,
    decoded,
    (offsets ?? []).map((offset) => part.pos + 1 + offset),
  );
  return offsets ? inner : { text: decoded, at: () => outer.at(part.pos), exact: false };
}

function operandsOf(operation: Lib.ParameterOperation | undefined): readonly Lib.Word[] {
  switch (operation?.type) {
    case 'Default':
    case 'Remove':
    case 'Transform':
      return [operation.operand];
    case 'CaseModification':
      return operation.operand ? [operation.operand] : [];
    case 'Replace':
      return [operation.pattern, operation.replacement];
    case 'Slice':
      return operation.length ? [operation.offset, operation.length] : [operation.offset];
    default:
      return [];
  }
}

/** The words of an arithmetic expression. */
export function arithmeticWords(
  reader: WordReader,
  expression: Lib.ArithmeticExpression | undefined,
): readonly ShellWord[] {
  switch (expression?.type) {
    case 'ArithmeticBinary':
      return [expression.left, expression.right].flatMap((one) => arithmeticWords(reader, one));
    case 'ArithmeticUnary':
      return arithmeticWords(reader, expression.operand);
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].flatMap((one) =>
        arithmeticWords(reader, one),
      );
    case 'ArithmeticGroup':
      return arithmeticWords(reader, expression.expression);
    case 'ArithmeticWord': {
      const { pos, end, value, parts } = expression;
      const word = { pos, end, value, text: value };
      // The library has no parts for what is one variable; and there a name alone is one too.
      const [, name] = /^\$?([A-Za-z_]\w*|\d|[@*#?$!-])$/.exec(value) ?? [];
      if (parts || name === undefined || /^\d$/.test(value))
        return [readWord(reader, { type: 'Word', ...word, parts })];
      const range = rangeAt(reader.place, expression);
      const variable = { kind: 'variable', ...range, text: value, quoting: 'double', name } as const;
      return [makeWord(reader, word, [{ ...variable, indexed: false, operands: [] }])];
    }
    case 'ArithmeticCommandExpansion': {
      const { pos, end, text, script } = expression;
      const part: Lib.CommandExpansionPart = { type: 'CommandExpansion', pos, end, text, script };
      return [makeWord(reader, { pos, end, text, value: text }, readPart(reader, part, 'double'))];
    }
    default:
      return [];
  }
}
