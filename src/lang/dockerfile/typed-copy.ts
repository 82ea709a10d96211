// COPY and ADD.

import { expandWord } from './expand.ts';
import { checkFlags, type Flags, listFlag, switchFlag, textFlag } from './flags.ts';
import { chompHeredoc, type HeredocStart, parseHeredocWord } from './heredoc.ts';
import type { AddInstruction, CopyInstruction, InlineFile } from './instruction.ts';
import { type InstructionHead, malformed } from './instruction-head.ts';
import type { Clause, Heredoc, Word } from './tree.ts';

/** @throws MilleError `dockerfile-syntax` */
export function readCopy(head: InstructionHead, clause: Clause): CopyInstruction {
  const flags = checkFlags(clause, {
    from: 'text',
    chown: 'text',
    chmod: 'text',
    link: 'switch',
    parents: 'switch',
    exclude: 'list',
  });
  const from = textFlag(flags, 'from', 'from');
  if (from.from) checkFrom(head, from.from);
  return {
    ...head,
    kind: 'copy',
    ...transfer(head, clause, flags),
    ...from,
    parents: switchFlag(flags, 'parents') ?? false,
  };
}

/** A stage or image to copy from is taken as written, for the stages of a build must be known before any value. */
function checkFrom(head: InstructionHead, word: Word): void {
  if (expandWord(word).text === word.text) return;
  throw malformed(head, 'variables are not expanded in --from', {
    hint: 'give the image a name with FROM … AS name before this stage, and use that name',
    word,
  });
}

/** @throws MilleError `dockerfile-syntax` */
export function readAdd(head: InstructionHead, clause: Clause): AddInstruction {
  const flags = checkFlags(clause, {
    chown: 'text',
    chmod: 'text',
    link: 'switch',
    exclude: 'list',
    checksum: 'text',
    'keep-git-dir': 'switch',
    unpack: 'switch',
  });
  const keepGitDir = switchFlag(flags, 'keep-git-dir');
  const unpack = switchFlag(flags, 'unpack');
  return {
    ...head,
    kind: 'add',
    ...transfer(head, clause, flags),
    ...textFlag(flags, 'checksum', 'checksum'),
    ...(keepGitDir === undefined ? {} : { keepGitDir }),
    ...(unpack === undefined ? {} : { unpack }),
  };
}

function transfer(head: InstructionHead, clause: Clause, flags: Flags) {
  const name = clause.keyword.text.toUpperCase();
  const destination = clause.args.at(-1);
  if (!destination || clause.args.length < 2) {
    throw malformed(head, `${name} needs at least one source and a destination`, {
      hint: `write ${name} SOURCE DEST`,
    });
  }
  if (heredocWord(destination)) {
    throw malformed(head, `a here-document cannot be the destination of ${name}`, {
      hint: `write ${name} <<NAME DEST`,
      word: destination,
    });
  }
  const contents = inlineContents(head.node.heredocs);
  const sources: Word[] = [];
  const inlineFiles: InlineFile[] = [];
  for (const word of clause.args.slice(0, -1)) {
    const start = heredocWord(word);
    if (start?.name.includes('/')) {
      throw malformed(head, `a here-document of ${name} is a file, so its name cannot hold a slash`, {
        hint: `write ${name} <<NAME DIRECTORY/FILE`,
        word,
      });
    }
    if (start) inlineFiles.push(inlineFile(word, start, contents));
    else sources.push(word);
  }
  return {
    sources,
    inlineFiles,
    destination,
    ...textFlag(flags, 'chown', 'chown'),
    ...textFlag(flags, 'chmod', 'chmod'),
    link: switchFlag(flags, 'link') ?? false,
    exclude: listFlag(flags, 'exclude'),
  };
}

function heredocWord(word: Word): HeredocStart | undefined {
  try {
    return parseHeredocWord(word.text);
  } catch {
    return undefined;
  }
}

/** The content of a file by its here-document: as it is, and without the leading tabs of its lines. */
type Contents = (start: HeredocStart) => string;

/** Bodies by name, where a later one wins; each is chomped once, however many files are made of it. */
function inlineContents(heredocs: readonly Heredoc[]): Contents {
  const bodies = new Map(heredocs.map(({ name, content }) => [name, content]));
  const chomped = new Map<string, string>();
  return ({ name, chomp }) => {
    const body = bodies.get(name) ?? '';
    if (!chomp) return body;
    const content = chomped.get(name) ?? chompHeredoc(body);
    chomped.set(name, content);
    return content;
  };
}

function inlineFile(word: Word, start: HeredocStart, contents: Contents): InlineFile {
  return { name: start.name, content: contents(start), expand: start.expand, span: word.span };
}
