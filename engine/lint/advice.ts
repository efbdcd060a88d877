/** What the linter has to say about one place of a rule. */

export interface Advice {
  readonly code: AdviceCode;
  /** `note`: worth knowing for who has the time; never a reason to fail. */
  readonly level: 'error' | 'warning' | 'note';
  /** Keys and positions within the rule as its file has them: `['unless', 1, 'pattern']`. */
  readonly field: readonly (string | number)[];
  /** What is so, in one line without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly help: string;
}

/** Every kind of advice, and what it is about: the documentation lists them. */
export const ADVICE_CODES = {
  'empty-match': 'A pattern matches the empty text, so it matches everywhere.',
  'no-literal': 'No text of two bytes is in every match, so the pattern is tried on every file.',
  'short-literal': 'A literal has fewer than three bytes, so most files hold it.',
  'open-end': 'A repeat at an end of the pattern adds nothing to what is found.',
  'large-program': 'RE2 needs more than about 5 ms to compile the pattern.',
  'many-states': 'A counted repeat makes RE2 build more states than it can keep.',
  'duplicate-pattern': 'The same pattern stands twice, in a rule or in two rules for one language.',
  'condition-always': 'A condition holds for every match.',
  'condition-never': 'A condition can hold for no match.',
  'duplicate-condition': 'A condition is repeated, or a wider one includes it.',
  'no-examples': 'The rule has no example of a match or of a near miss.',
  'wrong-example': 'An example that has to match does not, or the other way round.',
  'untested-pattern': 'No example matches by this pattern.',
  'no-near-miss': 'No `no-match` example holds what the rule looks for.',
  'unused-name': 'A named pattern is taken in by no rule file of its folder.',
  prose: 'Title or message are too long, or are no whole sentences.',
} as const;

export type AdviceCode = keyof typeof ADVICE_CODES;
