/** "Did you mean": the nearest of a list of names. */

/** The nearest name within two edits, or a third of a longer name's length; undefined when none is that near. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  const wanted = name.slice(0, 80).toLowerCase();
  for (const candidate of names) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (
      distance < bestDistance &&
      distance <= Math.max(candidate.length > 3 ? 2 : 1, Math.floor(candidate.length / 3))
    ) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance in UTF-16 units. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
