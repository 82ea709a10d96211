// `mille build`.

import { MilleError } from '../../../core/index.ts';
import { BUILD_FLAGS, BUILD_HINTS, WHOLE_FLAGS } from '../build-flags.ts';
import { buildOptions } from '../build-options.ts';
import { parseCall, runCall } from '../call.ts';
import { makesImage, metadataDocument, metadataProvenance } from '../metadata-file.ts';
import { checkPlanFlags, PLAN_FLAGS, runPlan } from '../plan.ts';
import { chooseMode, withProgress } from '../progress.ts';
import { resultFile } from '../result-file.ts';
import { command, type Host, type Input } from '../spec.ts';

const flags = { ...BUILD_FLAGS, ...PLAN_FLAGS, ...WHOLE_FLAGS } as const;

type Specs = typeof flags;

export const build = command({
  name: 'build',
  aliases: ['image build', 'buildx build', 'builder build'],
  summary: 'Build an image from a Dockerfile',
  usage: '[FLAGS] PATH | URL | -',
  description: [
    'PATH is the build context: the directory whose files COPY and ADD can take, less those that its .dockerignore names. With - a tar archive of the context (or a Dockerfile alone) is read from standard input.',
    'URL is a git repository (https://HOST/PATH.git#REF:DIRECTORY, git@HOST:PATH, github.com/OWNER/NAME), or an archive or a Dockerfile by HTTP. Its .dockerignore is not used, as with Docker.',
    'The Dockerfile is checked first, and what the checks find is listed at the end; see checks.md. With --check nothing is built, each finding is shown in its place, and the exit status is 1 where there is one. With --plan every step is looked up and none is executed; see plan-and-cost.md. With --verify every step is executed a second time; where another image would come of it none is made, and the exit status is 38; see reproducible.md.',
    'Steps whose inputs have not changed are not run again; the first one that must says which input differed. Progress goes to standard error. The full log of every build is kept.',
  ],
  flags,
  arguments: { least: 1, most: 1 },
  docker: BUILD_HINTS,
  examples: [
    { text: 'build the Dockerfile of this directory and name the image', command: 'mille build -t app .' },
    {
      text: 'another Dockerfile, and an argument for it',
      command: 'mille build -f prod.Dockerfile --build-arg VERSION=1.2 -t app:1.2 .',
    },
    {
      text: 'only the stage called test, with all output as lines',
      command: 'mille build --target test --progress=plain .',
    },
    { text: 'an OCI archive that other tools read', command: 'mille build -o type=oci,dest=app.tar .' },
    {
      text: 'the same with layers compressed',
      command: 'mille build -o type=oci,dest=app.tar,compression=zstd .',
    },
    { text: 'the files of the result, into a directory', command: 'mille build -o out .' },
    {
      text: 'a directory of a branch of a git repository',
      command: 'mille build -t app https://example.com/app.git#main:server',
    },
    {
      text: 'a private one, with a token that is kept nowhere',
      command: 'mille build --secret id=GIT_AUTH_TOKEN,env=TOKEN -t app https://example.com/app.git',
    },
    {
      text: 'a Dockerfile from standard input, with this directory as context',
      command: 'mille build -f - . < Dockerfile.generated',
    },
    {
      text: 'a token for RUN --mount=type=secret,id=token, with no trace in the image',
      command: 'mille build --secret id=token,src=$HOME/.token -t app .',
    },
    {
      text: 'another directory, for COPY --from=docs',
      command: 'mille build --build-context docs=../docs -t app .',
    },
    {
      text: 'an image of the store in the place of another',
      command: 'mille build --build-context node:20=docker-image://own-node .',
    },
    {
      text: 'in CI: a cache in a registry, of all stages',
      command:
        'mille build --cache-from host/app:cache --cache-to type=registry,ref=host/app:cache,mode=max -t app .',
    },
    {
      text: 'only what mille.lock names, and no registry asked',
      command: 'mille build --locked --offline -t app .',
    },
    { text: 'what would run, and why', command: 'mille build --plan .' },
    {
      text: 'does it make the same when it is built again?',
      command: 'mille build --reproducible --verify .',
    },
    { text: 'what could be better in the Dockerfile', command: 'mille build --check .' },
    { text: 'behind a proxy that re-signs TLS', command: 'mille build --ca host -t app .' },
  ],
  run: runBuild,
});

async function runBuild({ flags, args }: Input<Specs>, host: Host): Promise<number> {
  const call = parseCall(flags.call, flags.check);
  if (!flags.plan) checkPlanFlags(flags);
  const options = { ...buildOptions(flags, args[0]!, host), lazy: !flags.whole };
  if (flags.plan && (call || flags.verify))
    throw planAndOther(flags.verify ? '--verify' : '--call or --check');
  if (call && flags.verify) throw verifyAndCall();
  if (flags.plan) return await runPlan(flags, options, host);
  if (call) return await runCall(call, options, host);
  const mode = chooseMode({ progress: flags.progress, quiet: flags.quiet }, host);
  // A build that fails must not leave the results of an earlier one behind.
  const idFile = await resultFile('--iidfile', flags.iidfile);
  const metadataFile = await resultFile('--metadata-file', flags['metadata-file']);
  const app = await host.app();
  const tellProvenance = metadataFile && metadataProvenance(host.env);
  const asked = { ...options, ...(tellProvenance ? { tellProvenance } : {}) };
  const outcome = await withProgress(mode, host, (events, signal) => app.build(asked, events, signal));
  if ('status' in outcome) return outcome.status;
  const { imageId } = outcome.value;
  idFile?.(imageId);
  metadataFile?.(metadataDocument(outcome.value, makesImage(options)));
  // Where an archive went to standard output, an id behind it would spoil it.
  const taken = options.outputs.some((output) => 'dest' in output && output.dest === '-');
  if (mode === 'quiet' && !taken) host.out(`${imageId}\n`);
  return 0;
}

function planAndOther(other: string): MilleError {
  return new MilleError('usage', `--plan and ${other} cannot be had together`, {
    hint: '--check looks at the Dockerfile, --plan at what would run, --verify builds twice: choose one',
  });
}

function verifyAndCall(): MilleError {
  return new MilleError('usage', '--verify and --call or --check cannot be had together', {
    hint: '--check builds nothing, --verify builds twice: choose one',
  });
}
