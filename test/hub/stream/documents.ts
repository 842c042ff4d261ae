import * as fc from "fast-check"
import { Readable } from "stream"

/** The bytes of `document` as a stream: chunks of the given sizes, then the rest. */
export function cutInto(document: string | Buffer, sizes: number[] = []): Readable {
  const bytes = Buffer.from(document)
  const chunks: Buffer[] = []
  let position = 0
  for (const size of [...sizes, bytes.length]) {
    const chunk = bytes.subarray(position, position + size)
    position += size
    if (chunk.length > 0) {
      chunks.push(chunk)
    }
  }
  return new Readable({ read() { this.push(chunks.shift() ?? null) } })
}

/** Sizes of chunks, small ones above all. */
export function pieces(): fc.Arbitrary<number[]> {
  return fc.oneof(
    fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }),
    fc.constant(new Array<number>(3000).fill(1)),
    fc.constant<number[]>([]),
  )
}

/** The members of a `json_detail` document, in any order, always with `data`. */
export function arbitraryDocument(): fc.Arbitrary<[string, unknown][]> {
  const cell = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.record({ value: fc.string({ unit: "grapheme" }) }))
  const names = fc.constantFrom("data", "fields", "errors", "a.b", "},{", "\\\"", "é")
  const row = fc.dictionary(names, cell, { maxKeys: 4 })
  const others: fc.Arbitrary<[string, unknown][]> = fc.subarray<[string, unknown]>([
    ["fields", { dimensions: [{ name: "data" }], measures: null }],
    ["ran_at", "2026-01-31"],
    ["sql", "select \"}]\" from \\ },{"],
    ["pivots", [{ key: "a", data: { fields: 1 } }]],
    ["errors", []],
    ["runtime", 0.5],
  ])
  return fc.tuple(others, fc.array(row, { maxLength: 5 })).chain(([members, rows]) => {
    const all: [string, unknown][] = [...members, ["data", rows]]
    return fc.shuffledSubarray(all, { minLength: all.length })
  })
}

/** What `promise` rejects with; undefined when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}
