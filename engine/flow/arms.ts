/** Values that stand below the statement they begin in: of a choice, `a = when (b) {`, or of a text, `a = <<~SQL`. */
import { depthOf, type Token } from './tokens.ts';

const CHOICES: ReadonlySet<string> = new Set(['when', 'switch', 'match', 'case', 'if', 'try']);
const LABELS: ReadonlySet<string> = new Set(['when', 'case', 'default', 'else', 'elsif', 'in']);

/** Whether one follows of what begins at `value`. */
export function beginsChoice(tokens: readonly Token[], value: number): boolean {
  const first = tokens[value];
  if (first?.kind !== 'word' && tokens.at(-1)?.text !== '{') return false;
  if (first?.kind === 'word' && CHOICES.has(first.text))
    return first.text === 'case' || tokens.at(-1)?.text === '{';
  // `a switch {`
  const before = tokens.at(-2);
  return tokens.at(-1)?.text === '{' && before?.kind === 'word' && CHOICES.has(before.text);
}

/** Whether an arm stands where the choice does: `when a`, `else`. */
export function isLabel([first]: readonly Token[]): boolean {
  return first?.kind === 'word' && LABELS.has(first.text);
}

/**
 * Indexes of the tokens of some arms that say when one is taken: what stands before an arrow, or a label. Undefined where
 * these are no arms.
 */
export function conditionsOfArms(tokens: readonly Token[]): ReadonlySet<number> | undefined {
  const conditions = new Set<number>();
  let from = 0;
  let depth = 0;
  let isArm = false;
  tokens.forEach((token, at) => {
    depth += depthOf(token);
    if (depth !== 0) return;
    const isArrow = token.kind === 'mark' && (token.text === '=>' || token.text === '->');
    const isThen = token.kind === 'word' && token.text === 'then';
    if (isArrow || isThen) {
      for (let index = from; index <= at; index++) conditions.add(index);
      isArm = true;
    } else if (token.kind === 'mark' && token.text === ',') from = at + 1;
  });
  if (isArm) return conditions;
  const [first] = tokens;
  if (first?.kind === 'word' && first.text === 'end') return undefined;
  if (first?.kind !== 'word') return first?.kind === 'text' ? conditions : undefined;
  if (LABELS.has(first.text)) {
    // `else "x"` has a value, `when "x"` has it below.
    const end = first.text === 'else' ? 1 : tokens.length;
    for (let index = 0; index < end; index++) conditions.add(index);
    return conditions;
  }
  // A call may be made for what it does.
  return tokens.some(({ kind, text }) => kind === 'mark' && /^[({]$|=$/.test(text))
    ? undefined
    : conditions;
}

/** Whether a text begins below: `<<~SQL`, `<<<SQL`. */
export function opensHeredoc(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text, end }, at) => {
    const next = tokens[at + 1];
    if (kind !== 'mark' || text !== '<' || next?.start !== end) return false;
    // `<<-` is read as `<` and an arrow.
    if (next.text !== '<' && next.text !== '<-') return false;
    const word = tokens.slice(at + 2, at + 4).find(({ kind }) => kind !== 'mark');
    return word !== undefined && word.start - next.end <= 1;
  });
}
