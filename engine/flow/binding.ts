/** Which type, or which schema, a statement gives to a name. */
import type { LanguageId } from '../language.ts';
import type { AccessPath } from './paths.ts';
import { depthOf, type Token } from './tokens.ts';

export interface Bound {
  readonly types: readonly string[];
  /** Where the name is itself a member that is taken out. */
  readonly member?: string;
}

/** There a type says what a value is, whatever is sent. */
const TYPE_BEHIND: ReadonlySet<LanguageId | undefined> = new Set([
  'python',
  'kotlin',
  'swift',
  'rust',
  'scala',
] as const);
const TYPE_BEFORE: ReadonlySet<LanguageId | undefined> = new Set(['java', 'csharp'] as const);
/** There only a schema does. */
export const SCRIPTS: ReadonlySet<LanguageId | undefined> = new Set([
  'javascript',
  'typescript',
  'jsx',
  'tsx',
  'vue',
  'svelte',
] as const);
const CAPITAL = /^[A-Z]\w*$/;
/** What a schema gives under that name is what it let through. */
const RESULT = 'data';
const PARSERS: ReadonlySet<string> = new Set([
  'parse',
  'safeParse',
  'parseAsync',
  'safeParseAsync',
]);

/** The member that a path asks for first: `limit` of `p.limit`, `p.limit()`, `p.getLimit()` and `p.data.limit`. */
export function memberOf({ parts, asked }: AccessPath): string | undefined {
  const member = parts[1] === RESULT ? parts[2] : (parts[1] ?? asked);
  return member?.replace(/^get([A-Z])/, (_, first: string) => first.toLowerCase());
}

export function bindingIn(
  tokens: readonly Token[],
  root: string,
  language: LanguageId | undefined,
): Bound | undefined {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'word' || token.text !== root || tokens[at - 1]?.text === '.') continue;
    const types = typesAt(tokens, at, language);
    if (types.length > 0) return { types };
    const schema = SCRIPTS.has(language) ? schemaOf(tokens, at) : undefined;
    if (schema !== undefined) return schema;
  }
  return undefined;
}

function typesAt(
  tokens: readonly Token[],
  at: number,
  language: LanguageId | undefined,
): readonly string[] {
  const [before, next] = [tokens[at - 1], tokens[at + 1]];
  if (TYPE_BEHIND.has(language)) {
    // `Query(p): Query<Page>`
    const colon = next?.text === ')' && tokens[at + 2]?.text === ':' ? at + 2 : at + 1;
    return tokens[colon]?.text === ':' ? capitalsFrom(tokens, colon + 1) : [];
  }
  if (TYPE_BEFORE.has(language))
    return before?.kind === 'word' && CAPITAL.test(before.text) ? [before.text] : [];
  if (language !== 'go') return [];
  const type = next?.text === '*' ? tokens[at + 2] : next;
  if (type?.kind === 'word' && CAPITAL.test(type.text)) return [type.text];
  // `p := Page{`, `p := &Page{}`, `p := new(Page)`
  const value = tokens.slice(at + 2, at + 5).find(({ kind }) => kind === 'word');
  const isSet = next?.text === ':=';
  const made = value?.text === 'new' ? tokens[at + 4] : value;
  return isSet && made !== undefined && CAPITAL.test(made.text) ? [made.text] : [];
}

/** Names of types up to where the parameter or the declaration ends. */
function capitalsFrom(tokens: readonly Token[], from: number): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    depth += depthOf(token);
    if (depth < 0 || (token.kind === 'mark' && ',=;'.includes(token.text) && depth === 0)) break;
    if (token.kind === 'word' && CAPITAL.test(token.text)) found.push(token.text);
  }
  return found;
}

/** `q = Query.parse(`, `{ q } = await Query.parseAsync(` */
function schemaOf(tokens: readonly Token[], at: number): Bound | undefined {
  const parser = tokens.findIndex(
    ({ kind, text }, index) =>
      index > at && kind === 'word' && PARSERS.has(text) && tokens[index - 1]?.text === '.',
  );
  const schema = tokens[parser - 2];
  if (parser < 0 || schema?.kind !== 'word' || tokens[parser - 3]?.text === '.') return undefined;
  const assigned = tokens.findIndex(({ text }, index) => index > at && text === '=');
  const isNear = assigned >= 0 && assigned < parser && parser - assigned <= 4;
  if (!isNear) return undefined;
  if (assigned === at + 1) return { types: [schema.text] };
  const isTaken =
    /^[{,]$/.test(tokens[at - 1]?.text ?? '') && /^[,}]$/.test(tokens[at + 1]?.text ?? '');
  return isTaken ? { types: [schema.text], member: tokens[at]?.text ?? '' } : undefined;
}
