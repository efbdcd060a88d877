import { expect, test } from 'vitest';
import { Re2Store } from '../../../engine/re2/store.ts';
import { withMaskedExamples } from '../../../engine/secret/examples.ts';
import { rule, runtime } from '../scan-text.ts';

test('examples of a secret are shown without it, those of another rule as they are', () => {
  const store = new Re2Store(() => runtime);
  const token = 'tok_0123456789abcdef0123';
  const examples = {
    match: [{ path: 'a.py', code: `é = "${token}"\nf("${token}")` }],
    noMatch: [{ path: 'a.py', code: `other = "${token}" # and tok_1` }],
  };
  const pattern = '(?P<token>tok_[0-9a-f]{20})';
  const secret = rule('a', pattern, { secret: 'token', examples });
  expect(withMaskedExamples(secret, store).examples).toEqual({
    match: [{ path: 'a.py', code: 'é = "tok_…"\nf("tok_…")' }],
    noMatch: [{ path: 'a.py', code: 'other = "tok_…" # and tok_1' }],
  });
  const plain = rule('a', pattern, { examples });
  expect(withMaskedExamples(plain, store)).toEqual(plain);
});
