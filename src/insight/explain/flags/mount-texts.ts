// What the parts of `RUN --mount=…` mean: its types, and the fields behind them.

import type { Language } from '../page.ts';
import type { FlagText } from './texts.ts';

type Texts = Readonly<Record<Language, FlagText>>;

/** What a mount is, by the word behind `type=`. */
export const MOUNT_TYPES: Readonly<Record<string, Texts>> = {
  bind: {
    en: {
      title: 'files of the context or of a stage',
      text: 'Read-only unless it says `rw`; what is written then is thrown away. A change of the files makes the instruction run again. It is what `--mount` without a type is.',
    },
    fr: {
      title: "des fichiers du contexte ou d'une étape",
      text: "En lecture seule, sauf avec `rw` ; ce qui est alors écrit est jeté. Un changement des fichiers fait refaire l'instruction. C'est ce qu'est `--mount` sans type.",
    },
  },
  cache: {
    en: {
      title: 'a directory that is kept',
      text: 'The command finds in it what earlier builds left there, and nothing of it gets into the layer. It may be empty at any time: what it holds makes nothing run again.',
    },
    fr: {
      title: 'un répertoire qui est gardé',
      text: "La commande y retrouve ce qu'y ont laissé des constructions précédentes, et rien n'en entre dans la couche. Il peut être vide à tout moment : ce qu'il contient ne fait rien refaire.",
    },
  },
  secret: {
    en: {
      title: 'a password or key',
      text: 'What the build was given with `--secret`, as a file in memory, or as a variable with `env`. It gets into no layer, and another value does not make the instruction run again.',
    },
    fr: {
      title: 'un mot de passe ou une clé',
      text: "Ce que la construction a reçu par `--secret`, comme fichier en mémoire, ou comme variable avec `env`. Il n'entre dans aucune couche, et une autre valeur ne fait pas refaire l'instruction.",
    },
  },
  ssh: {
    en: {
      title: 'the keys of an agent',
      text: 'The command speaks, through `SSH_AUTH_SOCK`, with the agent that the build was given with `--ssh`. No key gets into the image.',
    },
    fr: {
      title: "les clés d'un agent",
      text: "La commande parle, par `SSH_AUTH_SOCK`, à l'agent que la construction a reçu par `--ssh`. Aucune clé n'entre dans l'image.",
    },
  },
  tmpfs: {
    en: {
      title: 'a directory in memory',
      text: 'Empty at the start of the command, gone at its end. `size` bounds it.',
    },
    fr: {
      title: 'un répertoire en mémoire',
      text: 'Vide au début de la commande, disparu à sa fin. `size` le borne.',
    },
  },
};

/** A field of a mount. */
export interface MountField {
  readonly name: string;
  /** Other words for it. */
  readonly aliases?: readonly string[];
  /** It is written without a value. */
  readonly isSwitch?: true;
  readonly texts: Texts;
}

/** All fields. */
export const MOUNT_FIELDS: readonly MountField[] = [
  {
    name: 'type',
    texts: {
      en: {
        title: 'what is mounted',
        text: '`bind` (the default), `cache`, `secret`, `ssh` or `tmpfs`. It stands first: what the other fields mean depends on it.',
      },
      fr: {
        title: 'ce qui est monté',
        text: '`bind` (par défaut), `cache`, `secret`, `ssh` ou `tmpfs`. Il vient en premier : ce que veulent dire les autres champs en dépend.',
      },
    },
  },
  {
    ...{ name: 'target', aliases: ['dst', 'destination'] },
    texts: {
      en: {
        title: 'where it is seen',
        text: 'A path in the container; a relative one begins at WORKDIR. Where it is not given, a secret is at `/run/secrets/ID`, and an agent at `/run/buildkit/ssh_agent.0`.',
      },
      fr: {
        title: 'où il se voit',
        text: "Un chemin dans le conteneur ; un chemin relatif part de WORKDIR. S'il manque, un secret est dans `/run/secrets/ID`, et un agent dans `/run/buildkit/ssh_agent.0`.",
      },
    },
  },
  {
    ...{ name: 'source', aliases: ['src'] },
    texts: {
      en: {
        title: 'which part is seen',
        text: 'A path in the context, or in what `from` names; by default all of it. Of a secret it is another word for `id`.',
      },
      fr: {
        title: 'quelle partie se voit',
        text: "Un chemin dans le contexte, ou dans ce que nomme `from` ; par défaut, le tout. D'un secret, c'est un autre mot pour `id`.",
      },
    },
  },
  {
    name: 'from',
    texts: {
      en: {
        title: 'where the files come from',
        text: 'A stage, an image, or a name of `--build-context`; by default the build context. A cache begins with these files, and without `from` with nothing. Variables are not replaced in it.',
      },
      fr: {
        title: "d'où viennent les fichiers",
        text: "Une étape, une image, ou un nom de `--build-context` ; par défaut, le contexte de construction. Un cache commence par ces fichiers, et sans `from` par rien. Les variables n'y sont pas remplacées.",
      },
    },
  },
  {
    ...{ name: 'readonly', aliases: ['ro'], isSwitch: true },
    texts: {
      en: {
        title: 'nothing can be written there',
        text: 'The default of `bind`; `cache` and `tmpfs` can be written to unless it is said.',
      },
      fr: {
        title: 'rien ne peut y être écrit',
        text: "C'est ainsi par défaut pour `bind` ; on peut écrire dans `cache` et `tmpfs`, sauf si on le dit.",
      },
    },
  },
  {
    ...{ name: 'readwrite', aliases: ['rw'], isSwitch: true },
    texts: {
      en: {
        title: 'it can be written to',
        text: 'The default of `cache` and `tmpfs`. What is written to a `bind` mount is thrown away at the end of the command.',
      },
      fr: {
        title: 'on peut y écrire',
        text: "C'est ainsi par défaut pour `cache` et `tmpfs`. Ce qui est écrit dans un montage `bind` est jeté à la fin de la commande.",
      },
    },
  },
  {
    name: 'id',
    texts: {
      en: {
        title: 'its name',
        text: 'Caches of one name are one; by default it is the target. Of a secret it is the one that `--secret id=…` gives, of an agent that of `--ssh` (by default `default`).',
      },
      fr: {
        title: 'son nom',
        text: "Des caches de même nom n'en font qu'un ; par défaut, c'est la cible. D'un secret, c'est celui que donne `--secret id=…`, d'un agent, celui de `--ssh` (`default` par défaut).",
      },
    },
  },
  {
    name: 'sharing',
    texts: {
      en: {
        title: 'who uses the cache at the same time',
        text: '`shared` (the default): everybody; `locked`: one after the other, as apt needs it; `private`: each has one of its own.',
      },
      fr: {
        title: 'qui utilise le cache en même temps',
        text: "`shared` (par défaut) : tout le monde ; `locked` : l'un après l'autre, comme il le faut à apt ; `private` : chacun a le sien.",
      },
    },
  },
  {
    name: 'uid',
    texts: {
      en: {
        title: 'which user it belongs to',
        text: 'A number, by default 0 (root). Under another USER a secret can only be read, and a new cache written to, with it or with `mode`.',
      },
      fr: {
        title: 'à quel utilisateur il est',
        text: "Un numéro, par défaut 0 (root). Sous un autre USER, c'est avec lui ou avec `mode` seulement qu'un secret se lit et qu'on écrit dans un nouveau cache.",
      },
    },
  },
  {
    name: 'gid',
    texts: {
      en: { title: 'which group it belongs to', text: 'A number, by default 0 (root).' },
      fr: { title: 'à quel groupe il est', text: 'Un numéro, par défaut 0 (root).' },
    },
  },
  {
    name: 'mode',
    texts: {
      en: {
        title: 'which mode it has',
        text: 'In octal; by default 0755 for a cache, 0400 for a secret, 0600 for the socket of an agent.',
      },
      fr: {
        title: 'quel mode il a',
        text: "En octal ; par défaut, 0755 pour un cache, 0400 pour un secret, 0600 pour la socket d'un agent.",
      },
    },
  },
  {
    name: 'size',
    texts: {
      en: {
        title: 'how large it may grow',
        text: 'Of `tmpfs`: bytes, or with a unit (`64m`). Without it the bound is that of the kernel: half of the memory.',
      },
      fr: {
        title: "jusqu'où il peut grandir",
        text: 'De `tmpfs` : des octets, ou avec une unité (`64m`). Sans lui, la borne est celle du noyau : la moitié de la mémoire.',
      },
    },
  },
  {
    ...{ name: 'required', isSwitch: true },
    texts: {
      en: {
        title: 'whether it has to be there',
        text: 'Without it, a secret or an agent that the build was not given is no error: nothing is mounted then.',
      },
      fr: {
        title: "s'il doit être là",
        text: "Sans lui, un secret ou un agent que la construction n'a pas reçu n'est pas une erreur : alors rien n'est monté.",
      },
    },
  },
  {
    name: 'env',
    texts: {
      en: {
        title: 'the variable that holds the secret',
        text: 'The command has it in its environment, and there is no file unless `target` is given too.',
      },
      fr: {
        title: 'la variable qui contient le secret',
        text: "La commande l'a dans son environnement, et il n'y a pas de fichier, sauf si `target` est donné aussi.",
      },
    },
  },
];
