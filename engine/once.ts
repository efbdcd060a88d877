/** Makes a value when it is first asked for, and keeps it. */
export function once<V>(make: () => V): () => V {
  const known = onceEach(make);
  return () => known(undefined);
}

/** The same for each key. */
export function onceEach<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}
