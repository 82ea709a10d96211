// A line of somebody's Dockerfile in words.

import { type Diagnostic, formatSize } from '../../core/index.ts';
import { summaryOf } from './compose.ts';
import { frenchSpaces } from './french.ts';
import type { LineFacts, LineInputs } from './line-facts.ts';
import type { Language } from './page.ts';
import { findRule } from './rules-about.ts';

/** What goes with a line's facts. */
export interface LinePageOptions {
  readonly language: Language;
  /** What the file is called. */
  readonly file: string;
  readonly findings: readonly Diagnostic[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The page, as Markdown. */
export function composeLine(facts: LineFacts, { language, file, findings, now }: LinePageOptions): string {
  const words = WORDS[language];
  const { keyword, line, endLine, text, stage, expanded, form, process, cost } = facts;
  const lines = line === endLine ? `${line}` : `${line}-${endLine}`;
  const items = [
    ...(stage === undefined ? [] : [words.stage(stage)]),
    ...(expanded === undefined ? [] : [words.comesTo(expanded)]),
    ...(form ? [words.form(form, process ? JSON.stringify(process) : '')] : []),
    words.layer[facts.layer],
    facts.unknown ? words.unknown : runsAgain(facts, language),
    ...(cost ? [words.cost(cost.seconds, cost.bytes, words.since(agoOf(now - cost.built)))] : []),
    ...findings.map(words.finding),
  ];
  const page = [
    `# ${file}:${lines}`,
    `\`\`\`dockerfile\n${text}\n\`\`\``,
    items.map((item) => `- ${item}`).join('\n'),
    words.more(keyword),
  ].join('\n\n');
  return `${language === 'fr' ? frenchSpaces(page) : page}\n`;
}

/** Instructions that run nothing, but whose change makes others run. */
const FELT_LATER = new Set(['ARG', 'ENV', 'USER', 'SHELL']);

function runsAgain({ inputs, layer, keyword }: LineFacts, language: Language): string {
  const words = WORDS[language];
  if (!inputs && layer === 'base') return words.newBase;
  if (!inputs) return FELT_LATER.has(keyword) ? words.feltLater : words.nothing;
  const list = [
    words.ownText,
    ...contextWords(inputs, language),
    ...inputs.from.map(words.from),
    ...(inputs.args.length === 0 ? [] : [words.variables('ARG', inputs.args)]),
    ...(inputs.env.length === 0 ? [] : [words.variables('ENV', inputs.env)]),
    ...(inputs.workdir === undefined || inputs.workdir === '/' ? [] : [`WORKDIR ${inputs.workdir}`]),
    ...(inputs.user === undefined ? [] : [`USER ${inputs.user}`]),
    ...(inputs.below ? [words.below] : []),
  ];
  return words.again(list.join(words.between));
}

function contextWords({ context }: LineInputs, language: Language): readonly string[] {
  if (!context) return [];
  const { files, bytes, first } = context;
  const names = `${first.map((path) => `\`${path}\``).join(', ')}${files > first.length ? ', …' : ''}`;
  return [WORDS[language].files(files, formatSize(bytes), names)];
}

/** Whole minutes, hours or days. */
function agoOf(milliseconds: number): readonly [number, 'minute' | 'hour' | 'day'] {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return [minutes, 'minute'];
  return minutes < 48 * 60 ? [Math.floor(minutes / 60), 'hour'] : [Math.floor(minutes / 1440), 'day'];
}

type Ago = ReturnType<typeof agoOf>;

const seconds = (value: number, decimal: string): string =>
  value < 10 ? value.toFixed(1).replace('.', decimal) : String(Math.round(value));

const WORDS = {
  en: {
    stage: (name: string) => `Stage: \`${name}\``,
    comesTo: (text: string) => `Comes to: \`${text}\``,
    form: (form: 'shell' | 'exec', process: string) =>
      `Form: ${form}${process === '' ? '' : `, which starts \`${process}\``}`,
    layer: {
      always: 'Makes a layer: yes',
      'new-directory': 'Makes a layer: where the directory is not there yet',
      never: 'Makes a layer: no',
      base: 'Makes a layer: no, it brings those of the base',
    },
    unknown: 'Runs again: not known, because the file cannot be understood so far',
    nothing: 'Runs again: never, it executes nothing, and no later line runs again when it changes',
    feltLater: 'Runs again: never, it executes nothing; but when it changes, later lines may run again',
    newBase: 'Done again: when the base is another image',
    again: (list: string) => `Runs again when one of these changes: ${list}`,
    between: '; ',
    ownText: 'its text',
    files: (count: number, size: string, names: string) =>
      count === 0
        ? 'files of the context (none is there)'
        : `${count === 1 ? '1 file' : `${count} files`} of the context, ${size} (${names})`,
    from: (name: string) => `the files taken from \`${name}\``,
    variables: (kind: string, names: readonly string[]) => `${kind} ${names.join(', ')}`,
    below: 'the files of the layers below',
    cost: (time: number, bytes: number | undefined, since: string) =>
      `Last time${since}: ${seconds(time, '.')} s${bytes === undefined ? '' : `, ${formatSize(bytes)}`}`,
    since: ([count, unit]: Ago) => ` (${count} ${unit}${count === 1 ? '' : 's'} ago)`,
    finding: ({ rule, message }: Diagnostic) => `${rule}: ${message}`,
    more: (keyword: string) => `More: \`mille explain ${keyword}\`.`,
  },
  fr: {
    stage: (name: string) => `Étape : \`${name}\``,
    comesTo: (text: string) => `Revient à : \`${text}\``,
    form: (form: 'shell' | 'exec', process: string) =>
      `Forme : ${form}${process === '' ? '' : `, qui démarre \`${process}\``}`,
    layer: {
      always: 'Crée une couche : oui',
      'new-directory': "Crée une couche : si le répertoire n'existe pas encore",
      never: 'Crée une couche : non',
      base: 'Crée une couche : non, elle apporte celles de la base',
    },
    unknown: 'Refaite : inconnu, car le fichier ne se comprend pas jusque-là',
    nothing:
      "Refaite : jamais, elle n'exécute rien, et aucune ligne suivante n'est refaite quand elle change",
    feltLater:
      "Refaite : jamais, elle n'exécute rien ; mais quand elle change, des lignes suivantes peuvent être refaites",
    newBase: 'Refaite : quand la base est une autre image',
    again: (list: string) => `Refaite quand change l'un de ceux-ci : ${list}`,
    between: ' ; ',
    ownText: 'son texte',
    files: (count: number, size: string, names: string) =>
      count === 0
        ? "des fichiers du contexte (aucun n'est là)"
        : `${count === 1 ? '1 fichier' : `${count} fichiers`} du contexte, ${size} (${names})`,
    from: (name: string) => `les fichiers pris dans \`${name}\``,
    variables: (kind: string, names: readonly string[]) => `${kind} ${names.join(', ')}`,
    below: "les fichiers des couches d'en dessous",
    cost: (time: number, bytes: number | undefined, since: string) =>
      `La dernière fois${since} : ${seconds(time, ',')} s${bytes === undefined ? '' : `, ${formatSize(bytes)}`}`,
    since: ([count, unit]: Ago) => {
      const name = { minute: 'minute', hour: 'heure', day: 'jour' }[unit];
      return ` (il y a ${count} ${name}${count < 2 ? '' : 's'})`;
    },
    // What is found is said in English only; what the rule asks for is not.
    finding: ({ rule, message }: Diagnostic) => {
      const known = findRule(rule);
      return `${rule} : ${known ? `${summaryOf(known, 'fr')} (« ${message} »)` : message}`;
    },
    more: (keyword: string) => `Plus : \`mille explain ${keyword}\`.`,
  },
} as const;
