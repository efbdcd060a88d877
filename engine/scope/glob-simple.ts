/**
 * The globs that nearly everybody writes, matched by string search: a scope is asked for every rule and
 * file, and the automaton of `glob.ts` takes ten times as long. Both decide alike.
 */

/** More choices than this in one glob are left to the automaton. */
const MAX_CHOICES = 128;

/**
 * The globs that a path glob with braces is short for. Undefined without braces, and for those whose parts
 * could mean something else alone: nested, empty, or with `*` or `/` in them.
 */
export function expandBraces(pattern: string): readonly string[] | undefined {
  if (!pattern.includes('{') || /[[\\]/.test(pattern)) return undefined;
  let choices: readonly string[] = [''];
  for (const [index, part] of pattern.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 0 ? /[{}]/.test(part) : /[*?/]/.test(part)) return undefined;
    const names = index % 2 === 0 ? [part] : part.split(',');
    if (index % 2 === 1 && names.includes('')) return undefined;
    if (choices.length * names.length > MAX_CHOICES) return undefined;
    choices = choices.flatMap((before) => names.map((name) => before + name));
  }
  return choices.some((choice) => choice.startsWith('./')) ? undefined : choices;
}

/** More variants of `/**` + `/` in one glob than this are left to the automaton. */
const MAX_INNER = 3;

/** Of a Python glob without `?` and `[`; the path must be normalised. Undefined for others. */
export function simpleFnmatch(pattern: string): ((path: string) => boolean) | undefined {
  if (/[?[\\]/.test(pattern)) return undefined;
  const variants = innerVariants(pattern);
  if (variants === undefined) return undefined;
  const tests = variants.map(starMatcher);
  const [only] = tests;
  return tests.length === 1 && only !== undefined
    ? only
    : (path) => tests.some((test) => test(path));
}

/**
 * Of a path glob: `*.ts` and such, which look at the base name, a folder with everything below it, at the
 * root (`src/**`) or anywhere. The path must be normalised and relative. Undefined for others.
 */
export function simplePathGlob(pattern: string): ((path: string) => boolean) | undefined {
  if (/[?[\\{]/.test(pattern)) return undefined;
  const anywhere = pattern.startsWith('**/');
  const rest = anywhere ? pattern.slice(3) : pattern;
  if (!rest.includes('/') && rest !== '**' && rest !== '') {
    const test = starMatcher(rest);
    return (path) => test(path.slice(path.lastIndexOf('/') + 1));
  }
  const folder = rest.endsWith('/**') ? rest.slice(0, -2) : '';
  if (folder === '' || folder.includes('*') || folder.startsWith('/') || folder.startsWith('./'))
    return undefined;
  // The folder itself is not below itself.
  if (!anywhere) return (path) => path.startsWith(folder) && path.length > folder.length;
  return (path) => {
    const inside = `/${path}`;
    const at = inside.indexOf(`/${folder}`);
    return at >= 0 && inside.length > at + folder.length + 1;
  };
}

/** The glob with each inner `/**` + `/` kept and made a single `/`. */
function innerVariants(pattern: string): readonly string[] | undefined {
  const pieces = pattern.split('/**/');
  if (pieces.length - 1 > MAX_INNER) return undefined;
  return pieces
    .slice(1)
    .reduce<string[]>(
      (variants, piece) =>
        variants.flatMap((variant) => [`${variant}/${piece}`, `${variant}/*/${piece}`]),
      [pieces[0] ?? ''],
    );
}

/** Matches a glob in which only `*` is special, and stands for any text. */
function starMatcher(pattern: string): (path: string) => boolean {
  const pieces = pattern.split(/\*+/);
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return (path) => path === pattern;
  const last = pieces.at(-1) ?? '';
  const inner = pieces.slice(1, -1);
  return (path) => {
    const end = path.length - last.length;
    if (end < first.length || !path.startsWith(first) || !path.endsWith(last)) return false;
    let from = first.length;
    for (const piece of inner) {
      const at = path.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}
