/**
 * The globs that nearly everybody writes, matched by string search: a scope is asked for every rule and
 * file, and the automaton of `glob.ts` takes ten times as long. Both decide alike.
 */

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
 * Of a path glob without `?`, `[` and escapes; choices in braces are tried one by one. The path must be
 * normalised and relative. Undefined for others.
 */
export function simplePathGlob(pattern: string): ((path: string) => boolean) | undefined {
  const tests = plainGlobs(pattern)?.map(plainGlob);
  const known = tests?.filter((test) => test !== undefined);
  if (tests === undefined || known === undefined || known.length < tests.length) return undefined;
  return (path) => known.some((test) => test(path));
}

/** The path globs that a glob with braces stands for; undefined where one has `?`, `[` or escapes, or braces of folders. */
export function plainGlobs(pattern: string): readonly string[] | undefined {
  if (/[?[\\]/.test(pattern)) return undefined;
  if (!/[{}]/.test(pattern)) return [pattern];
  // A choice that has a slash decides whether the base name alone is looked at.
  return /\{[^}]*\//.test(pattern) ? undefined : expandBraces(pattern);
}

/** `*.ts` and such, which look at the base name; a folder with everything below it; any other by its segments. */
export function plainGlob(pattern: string): ((path: string) => boolean) | undefined {
  const anywhere = pattern.startsWith('**/');
  const rest = anywhere ? pattern.slice(3) : pattern;
  if (!rest.includes('/') && rest !== '**' && rest !== '') {
    const test = starMatcher(rest);
    return (path) => test(path.slice(path.lastIndexOf('/') + 1));
  }
  const folder = rest.endsWith('/**') ? rest.slice(0, -2) : '';
  if (folder === '' || folder.includes('*') || folder.startsWith('/') || folder.startsWith('./'))
    return bySegments(pattern);
  // The folder itself is not below itself.
  if (!anywhere) return (path) => path.startsWith(folder) && path.length > folder.length;
  return (path) => {
    const inside = `/${path}`;
    const at = inside.indexOf(`/${folder}`);
    return at >= 0 && inside.length > at + folder.length + 1;
  };
}

/** Undefined for a path that is anchored otherwise than by its own slash, and for empty segments. */
function bySegments(pattern: string): ((path: string) => boolean) | undefined {
  const names = pattern.split('/');
  if (names.length < 2 || names[0] === '.' || names.includes('')) return undefined;
  // What is below a folder has a name.
  if (names.at(-1) === '**') names.push('*');
  const tests = names.map((name) => (name === '**' ? undefined : starMatcher(name)));
  const literal = names.reduce((a, b) => (!b.includes('*') && b.length > a.length ? b : a), '');
  return (path) => path !== '' && path.includes(literal) && matchSegments(tests, path.split('/'));
}

/** `undefined` among the tests stands for any number of segments. Steps back to the last of them only. */
function matchSegments(
  tests: readonly (((name: string) => boolean) | undefined)[],
  names: readonly string[],
): boolean {
  let test = 0;
  let name = 0;
  let retryTest = -1;
  let retryName = -1;
  while (name < names.length) {
    const wanted = tests[test];
    if (test < tests.length && wanted === undefined) {
      retryTest = ++test;
      retryName = name;
    } else if (wanted?.(names[name] ?? '') === true) {
      test++;
      name++;
    } else if (retryTest >= 0) {
      test = retryTest;
      name = ++retryName;
    } else return false;
  }
  while (test < tests.length && tests[test] === undefined) test++;
  return test === tests.length;
}

/** More choices than this are left to the automaton. */
const MAX_VARIANTS = 256;

/** Every choice of the braces of a pattern; undefined for braces that do not pair, and for too many choices. */
function expandBraces(pattern: string): readonly string[] | undefined {
  let variants = [''];
  let at = 0;
  while (at < pattern.length) {
    const open = pattern.indexOf('{', at);
    const end = open < 0 ? pattern.length : open;
    const plain = pattern.slice(at, end);
    if (plain.includes('}')) return undefined;
    const close = open < 0 ? end : pattern.indexOf('}', open);
    const inner = open < 0 ? '' : pattern.slice(open + 1, close);
    if (close < 0 || inner.includes('{')) return undefined;
    const choices = open < 0 ? [''] : inner.split(',');
    if (variants.length * choices.length > MAX_VARIANTS) return undefined;
    variants = variants.flatMap((variant) => choices.map((choice) => variant + plain + choice));
    at = close + 1;
  }
  return variants;
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
