import { expect } from "chai"
import * as fc from "fast-check"
import { ByteQueue } from "../../../src/hub/stream/byte_queue"

describe("ByteQueue", () => {
  it("gives back what was pushed, in order, for any sizes and any taking in parts", () => {
    fc.assert(fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 4000, max: 20000 })), { maxLength: 200 }),
      fc.infiniteStream(fc.nat(2)), fc.infiniteStream(fc.nat(5000)),
      (sizes, taking, parts) => {
        const queue = new ByteQueue()
        const pushed: Buffer[] = []
        const taken: Buffer[] = []
        const take = () => {
          const part = 1 + Number(parts.next().value)
          const chunk = queue.peek()
          if (chunk !== undefined) {
            taken.push(Buffer.from(chunk.subarray(0, part)))
            queue.drop(Math.min(part, chunk.length))
          }
        }
        sizes.forEach((size, index) => {
          pushed.push(Buffer.alloc(size, index % 251))
          queue.push(pushed[index])
          for (let times = Number(taking.next().value); times > 0; times--) {
            take()
          }
        })
        while (queue.length > 0) {
          take()
        }
        expect(queue.shift()).to.equal(undefined)
        expect(Buffer.concat(taken).equals(Buffer.concat(pushed))).to.equal(true)
      },
    ), { numRuns: 100 })
  })
})
