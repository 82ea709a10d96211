/** Of the rewrite. */
export const PAGE = `A package of Debian or Ubuntu names others that it depends on, and others that it recommends: what most people would want
with it. apt-get installs both. Of a compiler the recommendations bring fonts and codecs for videos; in an image they are
often the larger half. \`--no-install-recommends\` leaves them out.

Now and then one of them was needed. Kept, and named in the command, is

- what a step below was seen to read, or to look for among programs,
- what a program that stays cannot start without: libraries by its ELF header, interpreters by its first line,
- what programs use without anything that says so: \`ca-certificates\`, \`tzdata\`, \`locales\`, \`netbase\`, \`media-types\`, modules for
  NSS, PAM and SASL, \`openssh-client\` and the like,
- what another RUN names, as that installs it,
- what an alternative leads to that was there before and led elsewhere (\`less\` for \`pager\`),
- headers and libraries to compile with, where a command beside the installation, or a step that was not watched, may compile.

It is proposed only where behaviour can be asked. With a \`--check\` or a HEALTHCHECK that ends well all the rest is left out. With
the image's own command alone, which has to start in both images and to run for some seconds, only documents and what is there
to compile, as no step was seen to compile with it: what else is recommended is named. Where that is refused, less is tried. Where more than six
would have to be named, or where each of them is worth less than a megabyte, nothing is proposed.

By dpkg's own books of both images. The packages that were said to go, and no others, may be missing, with the files that are
theirs alone, and what was made of these: alternatives, compiled Python, links. Every other package has to be there in the same
version, with the same files; nothing that it depends on may be missing, and no program may miss a library or an interpreter that it
had.`;
