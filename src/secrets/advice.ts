// What to do about a finding: the change that keeps the secret out next time, and what no change undoes.

/** How a secret came to where it was found. */
export type Origin =
  /** By COPY or ADD from the build context, or about to be. */
  | {
      readonly kind: 'context';
      readonly path: string;
      /** Whether that is its path in the context; else it is where COPY put it. */
      readonly exact: boolean;
    }
  /** Written by a command of RUN. */
  | { readonly kind: 'run'; readonly path?: string }
  /** ARG or ENV of the Dockerfile, or the image's configuration. */
  | { readonly kind: 'variable'; readonly name: string; readonly instruction: 'ARG' | 'ENV' }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'command' }
  /** A statement that was attached to the image tells it. */
  | { readonly kind: 'attestation' }
  | { readonly kind: 'annotation'; readonly name: string }
  /** It lies in a cache of builds, whatever brought it there. */
  | { readonly kind: 'cache' }
  /** By COPY from another stage or image. */
  | { readonly kind: 'stage' }
  /** It came with the base image. */
  | { readonly kind: 'base' };

/** What to do. */
export interface Advice {
  readonly text: string;
  /** Lines to take out (`-`) and put in (`+`), below the name of their file (`@`). */
  readonly patch?: readonly string[];
}

/** Said with every finding of something that was sent anywhere, or may have been. */
export const REVOKE =
  'Revoke every secret that was in an image or a build that anybody else could read: building again does not take it back.';

/** What to do about a secret that came in this way. */
export function adviceFor(origin: Origin): Advice {
  switch (origin.kind) {
    case 'context':
      return {
        text: 'leave it out of the context; a command of the build that needs it takes it by RUN --mount=type=secret, the running container by --env-file or -v',
        patch: ['@ .dockerignore', `+${ignoreLine(origin)}`],
      };
    case 'run':
      return {
        text: 'give it to the command as a mount, which no layer keeps: mille build --secret id=NAME,src=FILE',
        patch: ['@ Dockerfile', '-RUN COMMAND', '+RUN --mount=type=secret,id=NAME,env=NAME COMMAND'],
      };
    case 'variable':
      return variableAdvice(origin.name, origin.instruction);
    case 'label':
      return {
        text: 'labels are readable by everybody who has the image: take it out',
        patch: ['@ Dockerfile', `-LABEL ${origin.name}=…`],
      };
    case 'command':
      return {
        text: 'the command line stays in the history of the image: give the secret to it as a mount (mille build --secret id=NAME,src=FILE)',
        patch: [
          '@ Dockerfile',
          '-RUN COMMAND --password …',
          '+RUN --mount=type=secret,id=NAME COMMAND --password "$(cat /run/secrets/NAME)"',
        ],
      };
    case 'attestation':
      return {
        text: 'what is attached to an image is sent with it, and provenance with mode=max tells build arguments, variables and the whole Dockerfile: give the secret to the command as a mount (--secret id=NAME,src=FILE), which is not told, or build with --provenance=mode=min',
      };
    case 'annotation':
      return {
        text: `annotations are readable by everybody who has the image: leave ${origin.name} out`,
      };
    case 'cache':
      return {
        text: 'a cache with mode=max has layers of all stages: keep the secret out of those too, with --mount=type=secret, or export with mode=min; and make the cache anew, for it can be read from there until then',
      };
    case 'stage':
      return {
        text: 'it came along from another stage or image: copy less of it, or keep it out of there',
      };
    case 'base':
      return { text: 'it came with the base image: use another one, or tell whoever makes it' };
  }
}

function variableAdvice(name: string, instruction: 'ARG' | 'ENV'): Advice {
  const id = name.toLowerCase();
  if (instruction === 'ARG')
    return {
      text: `values of build arguments stay in the history: mille build --secret id=${id},env=${name}`,
      patch: [
        '@ Dockerfile',
        `-ARG ${name}`,
        '-RUN COMMAND',
        `+RUN --mount=type=secret,id=${id},env=${name} COMMAND`,
      ],
    };
  return {
    text: `give it to the container when it runs (-e ${name}, or --env-file), and to a command of the build as a mount (--secret id=${id},env=${name})`,
    patch: ['@ Dockerfile', `-ENV ${name}=…`],
  };
}

/** The line of `.dockerignore` that leaves a file out, wherever its like may lie. */
function ignoreLine({ path, exact }: Extract<Origin, { kind: 'context' }>): string {
  const clean = path.replace(/!\/.*$/s, '');
  const hidden = /^(?:(.*)\/)?(\.(?:git|aws|ssh|docker|kube|azure|config|gnupg))\//.exec(clean);
  if (hidden)
    return exact && hidden[2] === '.git' ? `${hidden[1] ? `${hidden[1]}/` : ''}.git` : `**/${hidden[2]}`;
  const name = clean.slice(clean.lastIndexOf('/') + 1);
  if (/^\.env(?:\.|$)/.test(name)) return '**/.env*';
  return !exact || name.startsWith('.') || /^id_/.test(name) ? `**/${name}` : clean;
}
