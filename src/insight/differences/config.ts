// What the configs of two images say differently: variables and labels one by one, everything else as a whole.

import { looksSecret } from '../../core/index.ts';
import type { ContainerConfig, ImageConfig } from '../../oci/image/index.ts';
import type { ConfigChange } from './types.ts';

/** Compares two configs; times, histories and layers are no part of what they say. */
export function compareConfigs(before: ImageConfig, after: ImageConfig): ConfigChange[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((what): ConfigChange[] => {
    const [a, b] = [old.get(what), now.get(what)];
    if (a === b) return [];
    const kind = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    if (/^(?:Env|Label) /.test(what) && looksSecret(what.slice(what.indexOf(' ') + 1)))
      return [{ what, kind, secret: true }];
    return [
      { what, kind, ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) },
    ];
  });
}

function wordsOf(image: ImageConfig): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const put = (what: string, value: unknown) => {
    const text =
      typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
    if (text !== '' && text !== '[]' && text !== '{}') words.set(what, text);
  };
  const config: ContainerConfig = image.config ?? {};
  put(
    'Architecture',
    [image.os, image.architecture, image.variant].filter((one) => one !== undefined).join('/'),
  );
  put('Author', image.author);
  for (const variable of config.Env ?? []) {
    const at = variable.indexOf('=');
    // An empty value is one.
    words.set(`Env ${at < 0 ? variable : variable.slice(0, at)}`, at < 0 ? '' : variable.slice(at + 1));
  }
  for (const [key, value] of Object.entries(config.Labels ?? {})) words.set(`Label ${key}`, value);
  put('User', config.User);
  put('WorkingDir', config.WorkingDir === '/' ? '' : config.WorkingDir);
  put('Entrypoint', config.Entrypoint);
  put('Cmd', config.Cmd);
  put('Shell', config.Shell);
  put('ExposedPorts', Object.keys(config.ExposedPorts ?? {}).sort());
  put('Volumes', Object.keys(config.Volumes ?? {}).sort());
  put('StopSignal', config.StopSignal);
  put('Healthcheck', config.Healthcheck);
  put('OnBuild', config.OnBuild);
  return words;
}
