// hadolint's own rules (2.15): what each is about, and how much it matters there. Facts for `--compat hadolint` and for
// the table of docs/lint.md.

import type { Severity } from '../../core/index.ts';

/** A rule of hadolint's. */
export interface HadolintCode {
  readonly about: string;
  readonly severity: Severity;
  /** Not reported by hadolint unless its severity is set. */
  readonly off?: true;
}

const rule = (severity: Severity, about: string): HadolintCode => ({ severity, about });

export const HADOLINT_CODES: Readonly<Record<string, HadolintCode>> = {
  DL1001: { ...rule('info', 'comments that leave rules out'), off: true },
  DL3000: rule('error', 'WORKDIR that is not absolute'),
  DL3001: rule('info', 'commands without a purpose in a container'),
  DL3002: rule('warning', 'the last USER is root'),
  DL3003: rule('warning', '`cd` where WORKDIR is meant'),
  DL3004: rule('error', '`sudo`'),
  DL3006: rule('warning', 'FROM without a tag'),
  DL3007: rule('warning', 'FROM with `latest`'),
  DL3008: rule('warning', 'versions of apt packages'),
  DL3009: rule('info', 'apt lists left behind'),
  DL3010: rule('info', 'archives that ADD would unpack'),
  DL3011: rule('error', 'ports that are none'),
  DL3012: rule('error', 'several HEALTHCHECK'),
  DL3013: rule('warning', 'versions of pip packages'),
  DL3014: rule('warning', '`apt-get` without `-y`'),
  DL3015: rule('info', '`apt-get` without `--no-install-recommends`'),
  DL3016: rule('warning', 'versions of npm packages'),
  DL3018: rule('warning', 'versions of apk packages'),
  DL3019: rule('info', '`apk` without `--no-cache`'),
  DL3020: rule('error', 'ADD where COPY is enough'),
  DL3021: rule('error', 'COPY of several things to what is no directory'),
  DL3022: rule('warning', 'COPY --from of what is no stage'),
  DL3023: rule('error', 'COPY --from of its own stage'),
  DL3024: rule('error', 'two stages of one name'),
  DL3025: rule('warning', 'CMD and ENTRYPOINT in shell form'),
  DL3026: rule('error', 'registries that are not on the list'),
  DL3027: rule('warning', '`apt` in place of `apt-get`'),
  DL3028: rule('warning', 'versions of gems'),
  DL3029: rule('warning', 'FROM with a platform that is fixed'),
  DL3030: rule('warning', '`yum` without `-y`'),
  DL3032: rule('warning', '`yum clean all` after it'),
  DL3033: rule('warning', 'versions of yum packages'),
  DL3034: rule('warning', '`zypper` without `-y`'),
  DL3035: rule('warning', '`zypper dist-upgrade`'),
  DL3036: rule('warning', '`zypper clean` after it'),
  DL3037: rule('warning', 'versions of zypper packages'),
  DL3038: rule('warning', '`dnf` without `-y`'),
  DL3040: rule('warning', '`dnf clean all` after it'),
  DL3041: rule('warning', 'versions of dnf packages'),
  DL3042: rule('warning', '`pip` without `--no-cache-dir`'),
  DL3043: rule('error', 'ONBUILD, FROM or MAINTAINER in ONBUILD'),
  DL3044: rule('error', 'ENV that uses what it sets'),
  DL3045: rule('warning', 'COPY to a relative path without WORKDIR'),
  DL3046: rule('warning', '`useradd` of a high number without `-l`'),
  DL3047: rule('info', '`wget` without `--progress`'),
  DL3048: rule('style', 'keys of labels'),
  DL3049: rule('info', 'labels that are missing'),
  DL3050: rule('info', 'labels that are not in the schema'),
  DL3051: rule('warning', 'labels that are empty'),
  DL3052: rule('warning', 'labels that are no URL'),
  DL3053: rule('warning', 'labels that are no time of RFC 3339'),
  DL3054: rule('warning', 'labels that are no SPDX licence'),
  DL3055: rule('warning', 'labels that are no hash of git'),
  DL3056: rule('warning', 'labels that are no semantic version'),
  DL3057: { ...rule('info', 'HEALTHCHECK that is missing'), off: true },
  DL3058: rule('warning', 'labels that are no address of mail'),
  DL3059: rule('info', 'RUN after RUN'),
  DL3060: rule('info', '`yarn cache clean` after it'),
  DL3061: rule('error', 'instructions before FROM'),
  DL3062: rule('warning', 'versions of `go install`'),
  DL3063: rule('warning', 'stages with a reserved name'),
  DL3064: rule('warning', 'secrets in ARG and ENV'),
  DL3065: rule('warning', 'FROM with the platform it has anyway'),
  DL3066: rule('info', 'USER that is no number'),
  DL3067: rule('warning', 'COPY of a whole stage over the root'),
  DL4000: rule('error', 'MAINTAINER'),
  DL4001: rule('warning', '`wget` and `curl`'),
  DL4003: rule('warning', 'several CMD'),
  DL4004: rule('error', 'several ENTRYPOINT'),
  DL4005: rule('warning', '`ln` of another shell to `/bin/sh`'),
  DL4006: rule('warning', 'pipes without `pipefail`'),
};
