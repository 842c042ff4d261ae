import * as chai from "chai"
import { DeliveryMemory } from "../../../../src/actions/marketo/lib/delivery/delivery_memory"

const expect = chai.expect

describe("DeliveryMemory", () => {
  it("is full with as many bytes as it has, of all deliveries together", () => {
    const memory = new DeliveryMemory(10)
    memory.change(6)
    expect(memory.isFull).to.equal(false)
    memory.change(4)
    expect(memory.isFull).to.equal(true)
    memory.change(-1)
    expect(memory.isFull).to.equal(false)
  })

  it("tells those who want to know when there is room again, once", () => {
    const memory = new DeliveryMemory(10)
    let calls = 0
    const leave = memory.onRoom(() => { calls++ })
    memory.change(20)
    memory.change(-5)
    expect(calls).to.equal(0)
    memory.change(-10)
    memory.change(-1)
    expect(calls).to.equal(1)
    leave()
    memory.change(20)
    memory.change(-20)
    expect(calls).to.equal(1)
  })
})
