/**
 * Members of values whose type or schema stands in the text itself: `page.limit` is a number where `record Page(int limit)`
 * says so, and `sort` one of a few words where a schema that parsed it does.
 */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { type Bound, bindingIn, memberOf, SCRIPTS } from './binding.ts';
import { once } from '../once.ts';
import { argumentEnd } from './operands.ts';
import type { AccessPath } from './paths.ts';
import type { FlowWork, PartReader } from './read.ts';
import { MOST_BYTES, type Token } from './tokens.ts';

export interface MembersText {
  readonly language: LanguageId | undefined;
  readonly end: number;
  readonly hasOneOf: (words: readonly string[]) => boolean;
  /** By name, where the text defines a type or a schema. Looks through all of it, once. */
  readonly types: () => ReadonlyMap<string, readonly number[]>;
  readonly around: (range: ByteRange) => ByteRange;
  readonly blockBelow: (head: ByteRange) => ByteRange;
  readonly upwards: (from: number, to: number) => Iterable<ByteRange>;
}

const MOST_PLACES = 64;
const MOST_STATEMENTS = 64;
/** Words before the name of a type. */
const DEFINING: ReadonlySet<string> = new Set('class struct record type'.split(' '));
/** Types of which a value can hold no text of its own. */
const SETTLED =
  /^(?:u?int(?:8|16|32|64)?|u?long|u?short|byte|float(?:32|64)?|f32|f64|[iu](?:8|16|32|64|128|size)|double|[dD]ecimal|BigDecimal|BigInteger|bool(?:ean)?|Bool|Boolean|Int(?:8|16|32|64|eger)?|UInt(?:8|16|32|64)?|Long|Short|Float|Double|UUID|Uuid|Guid|date|datetime|DateTime(?:Offset)?|DateOnly|LocalDate(?:Time)?|Instant|Literal|conint|PositiveInt|NonNegativeInt|number|bigint|enum|nativeEnum|literal|uuid)$/;
/** Types of any text, or of anything. */
const OPEN =
  /^(?:str|[sS]tring|&str|bytes|any|Any|[oO]bject|interface|dynamic|char|record|unknown|JsonNode|Value|catchall|passthrough)$/;
const WRAPPERS: ReadonlySet<string> = new Set(['Optional', 'Option', 'Annotated', 'Query', 'Path']);
const CAPITAL = /^[A-Z]\w*$/;

export class OwnMembers {
  readonly #text: MembersText;
  readonly #parts: PartReader;
  readonly #work: FlowWork;
  readonly #bound = new Map<string, Bound | undefined>();
  readonly #fields = new Map<string, boolean>();
  readonly #mayDeclare: () => boolean;
  /** Whether a name without a member may be one: taken out of what a schema gives, or of an enumeration. */
  readonly #mayBeAlone: () => boolean;
  #isRead = false;

  constructor(text: MembersText, parts: PartReader, work: FlowWork) {
    this.#text = text;
    this.#parts = parts;
    this.#work = work;
    this.#mayDeclare = once(() =>
      SCRIPTS.has(text.language)
        ? text.hasOneOf(['bject(']) && text.hasOneOf(['arse(', 'arseAsync('])
        : text.hasOneOf(['struct', 'record', 'class', 'enum']),
    );
    this.#mayBeAlone = once(() => SCRIPTS.has(text.language) || text.hasOneOf(['enum', 'Enum']));
  }

  /** What in a part is a member that its declaration lets hold no text of its own; `above`: of the function, up to where it is used. */
  settledIn(part: ByteRange, above: ByteRange): readonly ByteRange[] {
    if (!this.#mayDeclare()) return [];
    return this.#parts.at(part).paths.filter((path) => this.#isSettled(path, above));
  }

  #isSettled(path: AccessPath, { start, end }: ByteRange): boolean {
    const [root = ''] = path.parts;
    const isAlone = path.parts.length === 1 && path.asked === undefined;
    if (path.hasSigil || (isAlone && !this.#mayBeAlone())) return false;
    const key = `${start}:${end}:${root}`;
    let bound = this.#bound.get(key);
    if (!this.#bound.has(key)) this.#bound.set(key, (bound = this.#bindingOf(root, start, end)));
    if (bound === undefined) return false;
    // A list of them, or a table by them, holds other things.
    const [type, ...others] = bound.types.filter((name) => !WRAPPERS.has(name));
    if (type !== undefined && others.length === 0 && this.#isEnum(type)) return true;
    if (isAlone !== (bound.member !== undefined)) return false;
    const member = bound.member ?? memberOf(path);
    return member !== undefined && bound.types.some((type) => this.#settles(type, member));
  }

  /** As the nearest statement above says that declares it. */
  #bindingOf(root: string, from: number, to: number): Bound | undefined {
    let count = 0;
    for (const statement of this.#text.upwards(from, to)) {
      this.#work.spent++;
      if (count++ > MOST_STATEMENTS || statement.end - statement.start > MOST_BYTES) break;
      const { tokens } = this.#parts.at(statement);
      const bound = bindingIn(tokens, root, this.#text.language);
      if (bound !== undefined) return bound;
    }
    return undefined;
  }

  #settles(type: string, member: string): boolean {
    const key = `${type}.${member}`;
    let known = this.#fields.get(key);
    if (known === undefined) this.#fields.set(key, (known = this.#findField(type, member)));
    return known;
  }

  #findField(type: string, member: string): boolean {
    const found = this.#definitionsOf(type).flatMap((each) => this.#declarations(each, member));
    return found.length > 0 && found.every((tokens) => this.#isSettledType(tokens));
  }

  /** Statements that define a type or a schema, with the index of its name. */
  #definitionsOf(type: string): { readonly head: ByteRange; readonly at: number }[] {
    const places = this.#types().get(type) ?? [];
    return places.slice(0, MOST_PLACES).flatMap((place) => {
      const head = this.#text.around({ start: place, end: place + 1 });
      if (head.end - head.start > MOST_BYTES) return [];
      const { tokens } = this.#parts.at(head);
      const at = tokens.findIndex(({ start, end }) => start <= place && place < end);
      const isType = DEFINING.has(tokens[at - 1]?.text ?? '');
      return isType || isSchema(tokens, at) ? [{ head, at }] : [];
    });
  }

  /** What stands behind or before a member's name where it is declared. */
  #declarations(
    { head, at }: { readonly head: ByteRange; readonly at: number },
    member: string,
  ): (readonly Token[])[] {
    const { tokens } = this.#parts.at(head);
    const inHead = inBrackets(tokens, at, member);
    if (inHead !== undefined || tokens[at + 1]?.text === '=') return inHead ? [inHead] : [];
    const { start, end } = this.#text.blockBelow(head);
    if (end - start > MOST_BYTES) return [];
    const found: (readonly Token[])[] = [];
    for (const statement of this.#text.upwards(start, end)) {
      if (statement.start < head.end) break;
      if (found.length > MOST_STATEMENTS || statement.end - statement.start > MOST_BYTES) return [];
      const { tokens: field } = this.#parts.at(statement);
      const name = field.findIndex(
        ({ kind, text }, index) => kind === 'word' && text === member && isDeclared(field, index),
      );
      if (name >= 0) found.push(field.filter((_, index) => index !== name));
    }
    return found;
  }

  #types(): ReadonlyMap<string, readonly number[]> {
    if (!this.#isRead) this.#work.spent += this.#text.end;
    this.#isRead = true;
    return this.#text.types();
  }

  #isSettledType(tokens: readonly Token[]): boolean {
    const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
    if (words.some((word) => OPEN.test(word))) return false;
    return words.some((word) => SETTLED.test(word) || (CAPITAL.test(word) && this.#isEnum(word)));
  }

  #isEnum(type: string): boolean {
    const key = `${type}.`;
    let known = this.#fields.get(key);
    if (known !== undefined) return known;
    known = (this.#types().get(type) ?? []).slice(0, MOST_PLACES).some((place) => {
      const { tokens } = this.#parts.at(this.#text.around({ start: place, end: place + 1 }));
      const at = tokens.findIndex(({ start, end }) => start <= place && place < end);
      const before = tokens.slice(Math.max(0, at - 2), at).map(({ text }) => text);
      // `class Sort(str, Enum):`
      const isPython =
        before.at(-1) === 'class' && tokens.some(({ text }) => /^(?:Str|Int)?Enum$/.test(text));
      return before.includes('enum') || isPython;
    });
    this.#fields.set(key, known);
    return known;
  }
}

const NOT_TYPES: ReadonlySet<string> = new Set('return throw yield await new in of'.split(' '));

/** `limit: int = 1`, `int limit;`, `Limit int`, `public int Limit { get; set; }` */
function isDeclared(tokens: readonly Token[], at: number): boolean {
  const [before, next] = [tokens[at - 1], tokens[at + 1]];
  if (next === undefined || next.text === '(') return false;
  if (next.text === ':' || (before === undefined && next.kind === 'word')) return true;
  if (before?.kind === 'mark') return '>]?'.includes(before.text);
  return before !== undefined && !NOT_TYPES.has(before.text);
}

/** `Query = z.object({` */
function isSchema(tokens: readonly Token[], at: number): boolean {
  const isSet = tokens[at + 1]?.text === '=';
  return isSet && tokens.slice(at, at + 8).some(({ text }) => /^(?:strictO|o)bject$/.test(text));
}

/** Of `(int limit, String q)` or `{ limit: z.number(), q: z.string() }` behind a name what tells one's type. */
function inBrackets(
  tokens: readonly Token[],
  at: number,
  member: string,
): readonly Token[] | undefined {
  const name = tokens.findIndex(
    ({ kind, text }, index) =>
      index > at + 1 &&
      (kind === 'word' || kind === 'text') &&
      text === member &&
      tokens[index - 1]?.text !== '.',
  );
  const [found, next, before] = [tokens[name], tokens[name + 1], tokens[name - 1]];
  if (found === undefined || next === undefined || before === undefined) return undefined;
  const end = argumentEnd(tokens, name, found.end, tokens.at(-1)?.end ?? found.end);
  if (next.text === ':')
    return '{(,'.includes(before.text) || before.kind === 'word'
      ? tokens.filter((token) => token.start > next.start && token.end <= end)
      : undefined;
  // `int limit,`
  return before.kind === 'word' && /^[,)=]$/.test(next.text) ? [before] : undefined;
}
