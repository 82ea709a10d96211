// Where the program begins when the launcher has started Bun in the checkout: first it returns to the directory of the
// caller, which is the first argument.

const [directory = ''] = process.argv.splice(2, 1);
try {
  process.chdir(directory);
} catch {
  // Also where its name is no UTF-8.
  console.error(
    `error: the working directory '${directory}' cannot be entered\nhint: start from another one`,
  );
  process.exit(1);
}
await import('./main.ts');

export {};
