// The words that pages have around their texts, in each language.

import type { Severity } from '../../core/index.ts';
import type { Language } from './page.ts';

interface Words {
  readonly config: string;
  readonly noConfig: string;
  readonly layers: (count: number) => string;
  readonly flags: string;
  /** Of mounts. */
  readonly fields: string;
  readonly example: string;
  readonly rules: string;
  readonly moreRules: (names: string) => string;
  readonly see: string;
  readonly colon: string;
  /** What is around the example, in brackets. */
  readonly notSo: (around: string) => string;
  readonly so: (around: string) => string;
  readonly alsoCalled: string;
  readonly skip: (name: string) => string;
  readonly severity: Readonly<Record<Severity, string>>;
  /** Of a rule that is not looked at by itself. */
  readonly onlyAsked: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    config: 'It gives, in the configuration of the image:',
    noConfig: 'It changes nothing in the configuration of the image.',
    layers: (count) =>
      count === 0
        ? 'No layer.'
        : `${count === 1 ? 'One layer' : `${count} layers`}, beside those of the base.`,
    flags: 'Flags',
    fields: 'Fields',
    example: 'For example:',
    rules: 'Rules about it',
    moreRules: (names) => `And: ${names}.`,
    see: 'See also:',
    colon: ': ',
    notSo: (around) => `Not so${around}:`,
    so: (around) => `But so${around}:`,
    alsoCalled: 'Known elsewhere as:',
    skip: (name) => `Where it does not apply: \`# check=skip=${name}\` in a comment above the instruction.`,
    severity: {
      error: 'An error.',
      warning: 'A warning.',
      info: 'For information.',
      style: 'A matter of style.',
    },
    onlyAsked: 'Looked at only where it is asked for (`mille lint --select`).',
  },
  fr: {
    config: "Résultat, dans la configuration de l'image :",
    noConfig: "La configuration de l'image ne change pas.",
    layers: (count) =>
      count === 0
        ? 'Aucune couche.'
        : `${count === 1 ? 'Une couche' : `${count} couches`}, en plus de celles de la base.`,
    flags: 'Options',
    fields: 'Champs',
    example: 'Par exemple :',
    rules: 'Règles à ce sujet',
    moreRules: (names) => `Et : ${names}.`,
    see: 'Voir aussi :',
    colon: ' : ',
    notSo: (around) => `Pas ainsi${around} :`,
    so: (around) => `Mais ainsi${around} :`,
    alsoCalled: 'Connue ailleurs sous le nom de :',
    skip: (name) =>
      `Là où elle ne convient pas : \`# check=skip=${name}\` dans un commentaire au-dessus de l'instruction.`,
    severity: {
      error: 'Une erreur.',
      warning: 'Un avertissement.',
      info: 'Pour information.',
      style: 'Une question de style.',
    },
    onlyAsked: "N'est regardée que si on le demande (`mille lint --select`).",
  },
};

/** The headings of an instruction's page, in their order. */
export const HEADINGS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'What it does',
    'Forms',
    'What overrides it',
    'Layer',
    'What invalidates its cache',
    'Common mistakes',
    'Example',
  ],
  fr: [
    "Ce qu'elle fait",
    'Formes',
    'Ce qui la remplace',
    'Couche',
    'Ce qui invalide son cache',
    'Erreurs fréquentes',
    'Exemple',
  ],
};
