// What each flag of an instruction does, in a title and a few sentences. Hover, `mille explain COPY --chown` and the pages of
// instructions show it; a test holds the names against those that the parser takes, and parses the examples.

import type { Language } from '../page.ts';

/** What is said of a flag, or of a part of one. */
export interface FlagText {
  readonly title: string;
  /** Markdown, on one line. */
  readonly text: string;
}

/** A flag. */
export interface Flag {
  /** `--chown`. */
  readonly name: string;
  /** Keywords of the instructions that take it. */
  readonly of: readonly string[];
  /** A line that uses it. */
  readonly example: string;
  readonly texts: Readonly<Record<Language, FlagText>>;
}

/** All flags, by instruction in the order of the pages. */
export const FLAGS: readonly Flag[] = [
  {
    ...{ name: '--platform', of: ['FROM'], example: 'FROM --platform=$BUILDPLATFORM golang:1.26 AS build' },
    texts: {
      en: {
        title: 'the platform of the image',
        text: 'For which platform the image of the stage is taken, whatever the build is for. `$BUILDPLATFORM` is that of the machine that builds: for compilers that make programs for others.',
      },
      fr: {
        title: "la plateforme de l'image",
        text: "Pour quelle plateforme est prise l'image de l'étape, quelle que soit celle de la construction. `$BUILDPLATFORM` est celle de la machine qui construit : pour les compilateurs qui font des programmes pour d'autres.",
      },
    },
  },
  {
    ...{ name: '--mount', of: ['RUN'], example: 'RUN --mount=type=cache,target=/root/.npm npm ci' },
    texts: {
      en: {
        title: 'files for this command alone',
        text: 'Shows the command what does not get into the layer: files of the context or of a stage (`bind`), a directory that is kept (`cache`), a password (`secret`), the keys of an agent (`ssh`), memory (`tmpfs`). It may be given several times.',
      },
      fr: {
        title: 'des fichiers pour cette seule commande',
        text: "Montre à la commande ce qui n'entre pas dans la couche : des fichiers du contexte ou d'une étape (`bind`), un répertoire qui est gardé (`cache`), un mot de passe (`secret`), les clés d'un agent (`ssh`), de la mémoire (`tmpfs`). Elle peut être donnée plusieurs fois.",
      },
    },
  },
  {
    ...{ name: '--network', of: ['RUN'], example: 'RUN --network=none make test' },
    texts: {
      en: {
        title: 'which network the command reaches',
        text: '`none` is none at all, `host` that of the machine that builds, `default` what the build says with `--network`. `host` has to be allowed with `--allow network.host`: by Docker always, by mille in a build with `--network none`.',
      },
      fr: {
        title: 'quel réseau la commande atteint',
        text: "`none` n'est aucun réseau, `host` celui de la machine qui construit, `default` ce que dit la construction avec `--network`. `host` doit être permis par `--allow network.host` : avec Docker toujours, avec mille dans une construction sous `--network none`.",
      },
    },
  },
  {
    ...{ name: '--security', of: ['RUN'], example: 'RUN --security=insecure mount -t tmpfs none /mnt' },
    texts: {
      en: {
        title: 'whether the command is locked in',
        text: '`insecure` lets it do everything that whoever builds may do: all capabilities, all system calls, nothing hidden of `/proc` and `/sys`. The build has to allow it with `--allow security.insecure`. `sandbox` is the default.',
      },
      fr: {
        title: 'si la commande est enfermée',
        text: "`insecure` lui permet tout ce que peut celui qui construit : toutes les capacités, tous les appels système, rien de caché de `/proc` ni de `/sys`. La construction doit le permettre par `--allow security.insecure`. Par défaut, c'est `sandbox`.",
      },
    },
  },
  {
    ...{ name: '--device', of: ['RUN'], example: 'RUN --device=nvidia.com/gpu=all nvidia-smi' },
    texts: {
      en: {
        title: 'a device of the machine',
        text: 'Gives the command a device by its CDI name, such as a graphics card. mille does not support it and refuses such a build.',
      },
      fr: {
        title: 'un périphérique de la machine',
        text: 'Donne à la commande un périphérique par son nom CDI, comme une carte graphique. mille ne le prend pas en charge et refuse une telle construction.',
      },
    },
  },
  {
    ...{ name: '--from', of: ['COPY'], example: 'COPY --from=build /out/app /usr/local/bin/' },
    texts: {
      en: {
        title: 'from a stage, an image or another context',
        text: 'Sources are then paths from the root of that, not of the build context. It is a name behind AS, the number of an earlier stage, a name of `--build-context`, or an image; variables are not replaced in it.',
      },
      fr: {
        title: 'depuis une étape, une image ou un autre contexte',
        text: "Les sources sont alors des chemins depuis la racine de celui-ci, et non du contexte de construction. C'est un nom derrière AS, le numéro d'une étape précédente, un nom de `--build-context` ou une image ; les variables n'y sont pas remplacées.",
      },
    },
  },
  {
    ...{ name: '--chown', of: ['COPY', 'ADD'], example: 'COPY --chown=app:app . /srv/app/' },
    texts: {
      en: {
        title: 'whose the files are',
        text: 'User and group, by name or number, whatever USER says. Without it what comes from the context belongs to root, and what `--from` takes to whom it belonged. A number alone is that of the group too, a name alone brings its group. Names are looked up in the image, so with `--link` it takes numbers.',
      },
      fr: {
        title: 'à qui sont les fichiers',
        text: "Utilisateur et groupe, par nom ou par numéro, quoi que dise USER. Sans elle, ce qui vient du contexte est à root, et ce que prend `--from` reste à qui c'était. Un numéro seul vaut aussi pour le groupe, un nom seul amène le sien. Les noms sont cherchés dans l'image : avec `--link`, il faut des numéros.",
      },
    },
  },
  {
    ...{ name: '--chmod', of: ['COPY', 'ADD'], example: 'COPY --chmod=755 entrypoint.sh /' },
    texts: {
      en: {
        title: 'which mode the files have',
        text: 'An octal mode (`755`), which all files and directories get, or a symbolic one (`u=rwX,go=rX`), where `X` is for directories and for what can be executed already. Without it they keep theirs.',
      },
      fr: {
        title: 'quel mode ont les fichiers',
        text: 'Un mode octal (`755`), que reçoivent tous les fichiers et répertoires, ou symbolique (`u=rwX,go=rX`), où `X` est pour les répertoires et pour ce qui est déjà exécutable. Sans elle, ils gardent le leur.',
      },
    },
  },
  {
    ...{ name: '--link', of: ['COPY', 'ADD'], example: 'COPY --link --from=build /out/ /srv/' },
    texts: {
      en: {
        title: 'a layer that stands by itself',
        text: 'The files are put into a layer of their own, without a look at those below: a change below does not make it run again. Links in the path of the destination are therefore not followed but replaced. With `--chmod` it means nothing.',
      },
      fr: {
        title: 'une couche qui ne dépend de rien',
        text: "Les fichiers vont dans une couche à part, sans regarder celles d'en dessous : un changement dans celles-ci ne la fait pas refaire. Les liens sur le chemin de la destination ne sont donc pas suivis, mais remplacés. Avec `--chmod`, elle ne veut rien dire.",
      },
    },
  },
  {
    ...{ name: '--parents', of: ['COPY'], example: 'COPY --parents packages/*/package.json ./' },
    texts: {
      en: {
        title: 'sources keep their directories',
        text: '`packages/a/package.json` is then put below the destination as `packages/a/package.json`, not as `package.json`. `/./` in a source says from where on: what stands before it is not kept.',
      },
      fr: {
        title: 'les sources gardent leurs répertoires',
        text: "`packages/a/package.json` arrive alors sous la destination comme `packages/a/package.json`, et non comme `package.json`. `/./` dans une source dit à partir d'où : ce qui est devant n'est pas gardé.",
      },
    },
  },
  {
    ...{ name: '--exclude', of: ['COPY', 'ADD'], example: 'COPY --exclude=*.md docs /docs/' },
    texts: {
      en: {
        title: 'what is left out',
        text: 'A pattern as in `.dockerignore`, from the source on. It may be given several times. What it leaves out may change without the instruction running again.',
      },
      fr: {
        title: 'ce qui reste dehors',
        text: "Un motif comme dans `.dockerignore`, à partir de la source. Elle peut être donnée plusieurs fois. Ce qu'elle laisse dehors peut changer sans que l'instruction soit refaite.",
      },
    },
  },
  {
    ...{
      name: '--checksum',
      of: ['ADD'],
      example: `ADD --checksum=sha256:${'0123456789abcdef'.repeat(4)} https://example.com/tool /bin/`,
    },
    texts: {
      en: {
        title: 'what the source has to be',
        text: 'The digest of the file that is downloaded (`sha256:…`), or the commit of a git repository: anything else fails the build. What is there already is not asked for again.',
      },
      fr: {
        title: 'ce que la source doit être',
        text: "L'empreinte du fichier téléchargé (`sha256:…`), ou le commit d'un dépôt git : toute autre chose fait échouer la construction. Ce qui est déjà là n'est pas redemandé.",
      },
    },
  },
  {
    ...{
      name: '--keep-git-dir',
      of: ['ADD'],
      example: 'ADD --keep-git-dir https://example.com/project.git#v1 /src/',
    },
    texts: {
      en: {
        title: 'with the .git directory',
        text: 'Of a git repository `.git` is put into the image too, for builds that ask git for their version. Without it only the files of the commit are.',
      },
      fr: {
        title: 'avec le répertoire .git',
        text: "D'un dépôt git, `.git` entre aussi dans l'image, pour les constructions qui demandent leur version à git. Sans elle, il n'y a que les fichiers du commit.",
      },
    },
  },
  {
    ...{ name: '--unpack', of: ['ADD'], example: 'ADD --unpack=true https://example.com/tool.tar.gz /opt/' },
    texts: {
      en: {
        title: 'whether archives are unpacked',
        text: 'Where it is not given, those of the context are, and downloaded ones are not. `--unpack=false` keeps an archive as a file, `--unpack=true` also unpacks a downloaded one.',
      },
      fr: {
        title: 'si les archives sont déballées',
        text: 'Si elle manque, celles du contexte le sont, et celles qui sont téléchargées ne le sont pas. `--unpack=false` garde une archive comme fichier, `--unpack=true` en déballe aussi une téléchargée.',
      },
    },
  },
  {
    ...{ name: '--interval', of: ['HEALTHCHECK'], example: 'HEALTHCHECK --interval=1m CMD ["check"]' },
    texts: {
      en: {
        title: 'how often it is checked',
        text: 'The time from the start of the container to the first check, and from the end of one check to the next. By default 30s.',
      },
      fr: {
        title: 'tous les combien on vérifie',
        text: "Le temps entre le démarrage du conteneur et la première vérification, puis entre la fin d'une vérification et la suivante. Par défaut, 30s.",
      },
    },
  },
  {
    ...{ name: '--timeout', of: ['HEALTHCHECK'], example: 'HEALTHCHECK --timeout=5s CMD ["check"]' },
    texts: {
      en: { title: 'how long a check may take', text: 'One that takes longer has failed. By default 30s.' },
      fr: {
        title: 'combien de temps peut durer une vérification',
        text: 'Une qui dure plus longtemps a échoué. Par défaut, 30s.',
      },
    },
  },
  {
    ...{
      name: '--start-period',
      of: ['HEALTHCHECK'],
      example: 'HEALTHCHECK --start-period=20s CMD ["check"]',
    },
    texts: {
      en: {
        title: 'the time that the program may take to start',
        text: 'Failures in it do not count; a first success ends it. By default 0s.',
      },
      fr: {
        title: 'le temps que le programme peut prendre pour démarrer',
        text: "Les échecs n'y comptent pas ; un premier succès y met fin. Par défaut, 0s.",
      },
    },
  },
  {
    ...{
      name: '--start-interval',
      of: ['HEALTHCHECK'],
      example: 'HEALTHCHECK --start-period=20s --start-interval=1s CMD ["check"]',
    },
    texts: {
      en: {
        title: 'how often it is checked while the program starts',
        text: 'Counts in place of `--interval` during `--start-period`. By default 5s. Docker has it since version 25.',
      },
      fr: {
        title: 'tous les combien on vérifie pendant que le programme démarre',
        text: 'Vaut à la place de `--interval` pendant `--start-period`. Par défaut, 5s. Docker la connaît depuis la version 25.',
      },
    },
  },
  {
    ...{ name: '--retries', of: ['HEALTHCHECK'], example: 'HEALTHCHECK --retries=5 CMD ["check"]' },
    texts: {
      en: {
        title: 'after how many failures it is unhealthy',
        text: 'So many in a row; one success makes the container healthy again. By default 3.',
      },
      fr: {
        title: "après combien d'échecs il est malade",
        text: 'Autant de suite ; un seul succès rend le conteneur de nouveau sain. Par défaut, 3.',
      },
    },
  },
];
