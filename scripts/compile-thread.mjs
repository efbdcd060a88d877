/** A thread of the build: compiles rules, which takes most of its time, beside what needs none of it. */
export default async function compile({ module, rules, wasm, documented }) {
  const { compileRules } = await import(module);
  return compileRules(rules, wasm, documented);
}
