// Programs that official images unpack or compile themselves: no manager knows of them, a variable of the image says
// the version. Believed only where the program is there, and marked as what it is: a claim.

import type { FoundPackage } from './types.ts';

interface Claim {
  readonly variable: string;
  readonly name: string;
  /** Where the program lies, the first that is there. */
  readonly paths: readonly string[];
}

const CLAIMS: readonly Claim[] = [
  { variable: 'NODE_VERSION', name: 'node', paths: ['usr/local/bin/node', 'usr/bin/node'] },
  { variable: 'YARN_VERSION', name: 'yarn', paths: ['usr/local/bin/yarn'] },
  { variable: 'BUN_VERSION', name: 'bun', paths: ['usr/local/bin/bun'] },
  { variable: 'DENO_VERSION', name: 'deno', paths: ['usr/local/bin/deno', 'usr/bin/deno'] },
  { variable: 'PYTHON_VERSION', name: 'python', paths: ['usr/local/bin/python3', 'usr/local/bin/python'] },
  { variable: 'PYPY_VERSION', name: 'pypy', paths: ['opt/pypy/bin/pypy3', 'opt/pypy/bin/pypy'] },
  { variable: 'GOLANG_VERSION', name: 'go', paths: ['usr/local/go/bin/go'] },
  { variable: 'RUST_VERSION', name: 'rust', paths: ['usr/local/cargo/bin/rustc'] },
  { variable: 'RUBY_VERSION', name: 'ruby', paths: ['usr/local/bin/ruby'] },
  { variable: 'PHP_VERSION', name: 'php', paths: ['usr/local/bin/php', 'usr/local/sbin/php-fpm'] },
  {
    variable: 'JAVA_VERSION',
    name: 'java',
    paths: ['opt/java/openjdk/bin/java', 'usr/local/openjdk/bin/java'],
  },
  { variable: 'MAVEN_VERSION', name: 'maven', paths: ['usr/share/maven/bin/mvn'] },
  { variable: 'GRADLE_VERSION', name: 'gradle', paths: ['opt/gradle/bin/gradle'] },
  { variable: 'TOMCAT_VERSION', name: 'tomcat', paths: ['usr/local/tomcat/bin/catalina.sh'] },
  { variable: 'ERLANG_VERSION', name: 'erlang', paths: ['usr/local/bin/erl'] },
  { variable: 'OTP_VERSION', name: 'erlang', paths: ['usr/local/bin/erl'] },
  { variable: 'ELIXIR_VERSION', name: 'elixir', paths: ['usr/local/bin/elixir'] },
  { variable: 'JULIA_VERSION', name: 'julia', paths: ['usr/local/julia/bin/julia'] },
  { variable: 'REDIS_VERSION', name: 'redis', paths: ['usr/local/bin/redis-server'] },
  { variable: 'MEMCACHED_VERSION', name: 'memcached', paths: ['usr/local/bin/memcached'] },
  { variable: 'HTTPD_VERSION', name: 'httpd', paths: ['usr/local/apache2/bin/httpd'] },
  { variable: 'PG_VERSION', name: 'postgresql', paths: ['usr/local/bin/postgres'] },
  { variable: 'HAPROXY_VERSION', name: 'haproxy', paths: ['usr/local/sbin/haproxy'] },
  { variable: 'RABBITMQ_VERSION', name: 'rabbitmq', paths: ['opt/rabbitmq/sbin/rabbitmq-server'] },
];

/** A claim, and the file that stands for it. */
export interface ClaimedProgram {
  readonly found: FoundPackage;
  readonly path: string;
}

/**
 * The programs that an image claims to have.
 * @param env `NAME=value`, the image's
 * @param exists the clean path of the file that a path leads to; undefined where there is none
 */
export function claimedPrograms(
  env: readonly string[],
  exists: (path: string) => string | undefined,
): readonly ClaimedProgram[] {
  const claimed = new Map<string, ClaimedProgram>();
  for (const { variable, name, paths } of CLAIMS) {
    const value = env.findLast((one) => one.startsWith(`${variable}=`))?.slice(variable.length + 1);
    const version = /^(?:v|jdk-?|OTP-)?([0-9][0-9A-Za-z.+_-]{0,60})$/.exec(value ?? '')?.[1];
    const path = version === undefined ? undefined : paths.map(exists).find((one) => one !== undefined);
    if (version === undefined || path === undefined || claimed.has(name)) continue;
    claimed.set(name, { found: { type: 'generic', name, version, claimed: true }, path });
  }
  return [...claimed.values()];
}
