/** Fields of the object that a function is of, as far as all of the file tells what they hold. */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { once } from '../once.ts';
import type { OutsideText } from './outside.ts';
import type { AccessPath } from './paths.ts';
import type { FlowWork, PartReader } from './read.ts';
import { MOST_BYTES, type Token } from './tokens.ts';
import { isTypeHead, TypeHeads } from './types.ts';

/** With these any field may be set. */
const SETTERS = [
  'Object.assign(this',
  'Object.assign(self',
  'Object.assign(that',
  'Object.assign(new ',
  'setattr(self',
  'vars(self)',
  '__dict__',
  'namespace=self',
  'this[',
  '$this->{',
  '$this->$',
  'instance_variable_set',
  'attr_accessor',
  'attr_writer',
  '__wakeup',
  '__unserialize',
  '@Data',
  '@Setter',
  '@ConfigurationProperties',
];
/** There a field has its name alone, too. */
const WITHOUT_OBJECT: ReadonlySet<LanguageId | undefined> = new Set([
  'java',
  'kotlin',
  'csharp',
  'swift',
  'scala',
  'cpp',
] as const);
/** `final String a = "x"` is set by nobody else. */
const CONSTANTS: ReadonlySet<string> = new Set(['final', 'const', 'readonly', 'let', 'val']);
const OPEN: ReadonlySet<string> = new Set(['public', 'var']);
/** Of a field of TypeScript that others don't set; all the rest they may. */
const CLOSED: ReadonlySet<string> = new Set(['private', 'protected', 'readonly', 'static']);

interface Giver {
  readonly statement: ByteRange;
  /** Whether it names the object, `self.a = b`, or no type, `a = b`; else it declares the field: `private a = b`. */
  readonly isMember: boolean;
  readonly indentation: number;
  /** Which type it is in. */
  readonly type: number;
  /** By a line above it. */
  readonly isAnnotated: boolean;
}

interface Read {
  readonly givers: ReadonlyMap<string, readonly Giver[]>;
  readonly types: TypeHeads;
}

export class Fields {
  readonly #text: OutsideText;
  readonly #parts: PartReader;
  readonly #work: FlowWork;
  readonly #givesConstant: (statement: ByteRange) => boolean;
  readonly #read: () => Read;
  readonly #known = new Map<string, ReadonlySet<number>>();

  constructor(
    text: OutsideText,
    parts: PartReader,
    work: FlowWork,
    givesConstant: (statement: ByteRange) => boolean,
  ) {
    this.#givesConstant = givesConstant;
    this.#text = text;
    this.#parts = parts;
    this.#work = work;
    this.#read = once(() => this.#readAll());
  }

  /**
   * Whether all statements that give a field a value give a constant, among them its declaration beside a function that is
   * indented so far and begins at `from`. It is not where none of its type does, or others may: a framework, whoever makes
   * the object.
   */
  isConstant(name: string, from: number, indentation: number): boolean {
    const key = `${indentation}:${name}`;
    let known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, (known = this.#typesOf(name, indentation)));
    return known.has(this.#read().types.of(from, indentation));
  }

  /**
   * Whether a function of the same type gives a value that is no constant to a field that has its name alone: `table = t`.
   * Its declaration is not asked, nor whether others may.
   */
  isChanged(name: string, from: number, indentation: number): boolean {
    if (!WITHOUT_OBJECT.has(this.#text.language)) return false;
    const { givers, types } = this.#read();
    const own = givers.get(name) ?? [];
    this.#work.spent += own.length;
    const type = types.of(from, indentation);
    return own.some(
      (giver) => giver.isMember && giver.type === type && !this.#givesConstant(giver.statement),
    );
  }

  /** Types that give it a value, where it is constant. */
  #typesOf(name: string, indentation: number): ReadonlySet<number> {
    const own = (this.#read().givers.get(name) ?? []).filter(
      (giver) => giver.isMember || giver.indentation === indentation,
    );
    this.#work.spent += own.length;
    const isConstant = own.every(({ statement, isMember, isAnnotated }) => {
      const { tokens } = this.#parts.at(statement);
      const isOpen = !isMember && (isAnnotated || mayBeSet(tokens, name, this.#text.language));
      return !isOpen && this.#givesConstant(statement);
    });
    return new Set(isConstant ? own.map(({ type }) => type) : []);
  }

  #readAll(): Read {
    const { end, hasOneOf, indentation, language, upwards } = this.#text;
    const givers = new Map<string, Giver[]>();
    const types = new TypeHeads();
    this.#work.spent += end;
    if (hasOneOf(SETTERS)) return { givers, types };
    let isAnnotated = false;
    for (const statement of [...upwards(0, end)].toReversed()) {
      this.#work.spent++;
      if (statement.end - statement.start > MOST_BYTES) continue;
      const { tokens } = this.#parts.at(statement);
      const indented = indentation(statement.start);
      if (isTypeHead(tokens)) types.add(statement.start, indented);
      const type = types.of(statement.start, indented);
      for (const { parts, start } of this.#given(statement)) {
        const name = parts.at(-1) ?? '';
        const isBare = WITHOUT_OBJECT.has(language) && start === tokens[0]?.start;
        const isMember = parts.length > 1 || isBare;
        const giver = { statement, isMember, indentation: indented, type, isAnnotated };
        const known = givers.get(name);
        if (known === undefined) givers.set(name, [giver]);
        else known.push(giver);
      }
      isAnnotated = isOnlyAnnotation(tokens);
    }
    return { givers, types };
  }

  /** Also of a call what it is asked of: `self.a.append(b)`. */
  #given(statement: ByteRange): readonly AccessPath[] {
    const { tokens, shape } = this.#parts.at(statement);
    if (this.#text.mayAssign(statement)) return shape.assigned;
    if (shape.parameters !== undefined || tokens[1]?.kind !== 'mark') return [];
    return shape.assigned.filter(({ start }) => start === tokens[0]?.start);
  }
}

/** `public $a = 1`, `@Input() a = 1`, and in Python the fields of data classes and models, `a: str = 1`. */
function mayBeSet(
  tokens: readonly Token[],
  name: string,
  language: LanguageId | undefined,
): boolean {
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text === name);
  const isAttribute = tokens[0]?.text === '[' || (tokens[0]?.text === '#' && at > 1);
  if (tokens.some(isAnnotation) || (isAttribute && tokens[1]?.text !== name)) return true;
  const before = tokens.slice(0, Math.max(0, at));
  const hasOneOf = (words: ReadonlySet<string>): boolean =>
    before.some(({ text }) => words.has(text));
  if (hasOneOf(CONSTANTS)) return false;
  if (hasOneOf(OPEN)) return true;
  if (language === 'typescript' || language === 'tsx')
    return tokens[0]?.text !== '#' && !hasOneOf(CLOSED);
  return language === 'python' && tokens[at + 1]?.text === ':';
}

/** `@Input()`, `@Input`; more annotations may follow on the line. */
function isOnlyAnnotation(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  return (
    first !== undefined &&
    isAnnotation(first) &&
    (tokens.length === 1 || tokens.at(-1)?.text === ')')
  );
}

/** `@Input`; a token has no sign in front of its text. */
function isAnnotation({ kind, start, end, text, hasSigil = false }: Token): boolean {
  return kind === 'word' && !hasSigil && end - start > text.length;
}
