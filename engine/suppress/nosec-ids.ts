/** What gosec's and Bandit's ids stand for, as their documentation lists them. */

const CREDENTIALS = [259, 260, 321, 522, 798];
const CRYPTOGRAPHY = [326, 327, 328, 916];
const TLS = [295, 326, 327];
const COMMANDS = [77, 78];
const XML = [611, 776];
const MODES = [276, 732];
const EVERYWHERE = [200, 605, 668, 1327];

/** First and last id, and the weaknesses (CWE) that they stand for. */
const MEANINGS: readonly (readonly [string, string, readonly number[]])[] = [
  ['B102', 'B102', [78, 94, 95]],
  ['B103', 'B103', MODES],
  ['B104', 'B104', EVERYWHERE],
  ['B105', 'B107', CREDENTIALS],
  ['B108', 'B108', [377]],
  ['B201', 'B201', [94, 489]],
  ['B202', 'B202', [22]],
  ['B301', 'B302', [502]],
  ['B303', 'B305', CRYPTOGRAPHY],
  ['B306', 'B306', [377]],
  ['B307', 'B307', [78, 94, 95]],
  ['B308', 'B308', [79]],
  ['B310', 'B310', [22, 918]],
  ['B311', 'B311', [330, 338]],
  ['B312', 'B312', [319]],
  ['B313', 'B320', XML],
  ['B321', 'B321', [319]],
  ['B323', 'B323', [295]],
  ['B324', 'B324', CRYPTOGRAPHY],
  ['B403', 'B403', [502]],
  ['B405', 'B411', XML],
  ['B501', 'B504', TLS],
  ['B505', 'B505', CRYPTOGRAPHY],
  ['B506', 'B506', [502]],
  ['B507', 'B507', [295, 322]],
  ['B601', 'B607', COMMANDS],
  ['B608', 'B608', [89]],
  ['B609', 'B609', COMMANDS],
  ['B610', 'B611', [89]],
  ['B701', 'B702', [79, 94, 1336]],
  ['B703', 'B704', [79]],
  ['G101', 'G101', CREDENTIALS],
  ['G102', 'G102', EVERYWHERE],
  ['G103', 'G103', [119, 120, 242]],
  ['G106', 'G106', [295, 322]],
  ['G107', 'G107', [88, 918]],
  ['G108', 'G108', [200, 489]],
  ['G110', 'G110', [409]],
  ['G111', 'G111', [22]],
  ['G112', 'G112', [400]],
  ['G114', 'G114', [400]],
  ['G201', 'G202', [89]],
  ['G203', 'G203', [79]],
  ['G204', 'G204', COMMANDS],
  ['G301', 'G302', MODES],
  ['G303', 'G303', [377]],
  ['G304', 'G305', [22]],
  ['G306', 'G307', MODES],
  ['G401', 'G401', CRYPTOGRAPHY],
  ['G402', 'G402', TLS],
  ['G403', 'G403', CRYPTOGRAPHY],
  ['G404', 'G404', [330, 338]],
  ['G405', 'G406', CRYPTOGRAPHY],
  ['G407', 'G407', [329, 1204]],
  ['G501', 'G507', CRYPTOGRAPHY],
];

/** Whether one of `ids` (`G401`, `B324`) is about a weakness (`CWE-328`). */
export function standFor(ids: readonly string[], cwe: string | undefined): boolean {
  const number = Number(cwe?.slice('CWE-'.length));
  return ids.some((id) =>
    MEANINGS.some(([first, last, cwes]) => first <= id && id <= last && cwes.includes(number)),
  );
}
