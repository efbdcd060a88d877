/** Fields of the object that a function is of, as far as all of the file tells what they hold. */
import type { ByteRange } from '../re2/instance.ts';
import { once } from '../once.ts';
import type { OutsideText } from './outside.ts';
import type { FlowWork, PartReader } from './read.ts';
import { MOST_BYTES, type Token } from './tokens.ts';

/** With these any field may be set. */
const SETTERS = ['Object.assign(this', 'setattr(self', '__dict__', 'this[', '$this->{', '$this->$'];

interface Giver {
  readonly statement: ByteRange;
  /** Whether it names the object: `self.a = b`, or declares the field: `private a = b`. */
  readonly isMember: boolean;
  readonly indentation: number;
}

export class Fields {
  readonly #text: OutsideText;
  readonly #parts: PartReader;
  readonly #work: FlowWork;
  readonly #givers: () => ReadonlyMap<string, readonly Giver[]>;

  constructor(text: OutsideText, parts: PartReader, work: FlowWork) {
    this.#text = text;
    this.#parts = parts;
    this.#work = work;
    this.#givers = once(() => this.#readAll());
  }

  /**
   * The statements that give a field a value, among them its declaration beside a function that is indented so far. Undefined
   * where none does, or others may: a framework, whoever makes the object.
   */
  giversOf(name: string, indentation: number): readonly ByteRange[] | undefined {
    const own = (this.#givers().get(name) ?? []).filter(
      (giver) => giver.isMember || giver.indentation === indentation,
    );
    this.#work.spent += own.length;
    if (own.length === 0) return undefined;
    const declarations = own.filter(({ isMember }) => !isMember);
    const isOpen = declarations.some(({ statement }) => {
      return mayBeSet(this.#parts.at(statement).tokens, name, this.#text.language === 'python');
    });
    return isOpen ? undefined : own.map(({ statement }) => statement);
  }

  #readAll(): ReadonlyMap<string, readonly Giver[]> {
    const { end, hasOneOf, indentation, mayAssign, upwards } = this.#text;
    const givers = new Map<string, Giver[]>();
    this.#work.spent += end;
    if (hasOneOf(SETTERS)) return givers;
    for (const statement of upwards(0, end)) {
      this.#work.spent++;
      if (statement.end - statement.start > MOST_BYTES || !mayAssign(statement)) continue;
      for (const { parts } of this.#parts.at(statement).shape.assigned) {
        const name = parts.at(-1) ?? '';
        const isMember = parts.length > 1;
        const giver = { statement, isMember, indentation: indentation(statement.start) };
        const known = givers.get(name);
        if (known === undefined) givers.set(name, [giver]);
        else known.push(giver);
      }
    }
    return givers;
  }
}

/** `public $a = 1`, `@Input() a = 1`, and in Python the fields of data classes and models, `a: str = 1`. */
function mayBeSet(tokens: readonly Token[], name: string, isPython: boolean): boolean {
  const words = tokens.filter(({ kind }) => kind === 'word');
  if (words.some(({ text }) => text === 'public' || text === 'var')) return true;
  if (words.some(isAnnotation)) return true;
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text === name);
  return isPython && tokens[at + 1]?.text === ':';
}

/** `@Input`; a token has no sign in front of its text. */
function isAnnotation({ start, end, text, hasSigil = false }: Token): boolean {
  return !hasSigil && end - start > text.length;
}
