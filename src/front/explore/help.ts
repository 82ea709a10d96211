// The help: what keys there are. docs/explore.md tells of the same ones.

/** Sections of keys, each with what it does. */
const HELP_SECTIONS: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [string, string])[];
}[] = [
  {
    title: 'Everywhere',
    keys: [
      ['↑ ↓ j k', 'a row up or down'],
      ['page up, page down', 'a page; control-u, control-d half of one'],
      ['home end g G', 'the first row, the last'],
      ['tab', 'layers, files, details'],
      ['[ ]', 'the layer below, the layer above'],
      ['?', 'this help'],
      ['q, control-c', 'quit'],
    ],
  },
  {
    title: 'What is shown',
    keys: [
      ['a', 'all that is there after the layer, or the layer alone'],
      ['c', 'only what the layer changed'],
      ['w', 'only what is wasted'],
      ['s', 'sort by size, by name'],
      ['/', 'filter: words of the path; sizes: >10MB <1kB; control-r: a regular expression'],
      ['escape', 'take the filter back, then c and w'],
      ['o', 'owner and mode'],
      ['b', "the base image's layers as one, and no word of what they waste"],
      ['i', 'all that is wasted, the biggest first; enter goes to the file'],
    ],
  },
  {
    title: 'Files',
    keys: [
      ['→ ← l h', 'open, close; from a file to its directory'],
      ['enter, space', 'open or close a directory'],
      ['E C', 'open all, close all'],
      ['enter, v', 'look into a file'],
      ['x', 'write a file to this machine'],
    ],
  },
  {
    title: 'In a file',
    keys: [
      ['space', 'a page on'],
      ['← →', 'sideways'],
      ['/ n N', 'search, next, previous'],
      ['[ ]', 'the file as earlier and later layers have it'],
      ['b', 'as bytes, as text'],
      ['x', 'write it to this machine'],
      ['q', 'back'],
    ],
  },
  {
    title: 'Signs',
    keys: [
      ['+', 'added by the layer'],
      ['~', 'content changed by the layer'],
      ['≈', 'written again with the same content: owner, mode or time changed'],
      ['-', 'removed by the layer'],
      ['!', 'holds bytes that nobody sees at the end'],
    ],
  },
];

const COLUMN = 22;

/** The lines of the help. */
export const HELP: readonly { readonly text: string; readonly head: boolean }[] = HELP_SECTIONS.flatMap(
  ({ title, keys }, i) => [
    ...(i > 0 ? [{ text: '', head: false }] : []),
    { text: title, head: true },
    ...keys.map(([key, does]) => ({ text: `  ${key.padEnd(COLUMN)}${does}`, head: false })),
  ],
);
