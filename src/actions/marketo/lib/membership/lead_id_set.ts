const IDS_PER_PAGE = 4096
const IDS_PER_WORD = 32

/**
 * A set of Marketo lead ids that stays small for the ids of a large run: ids of an instance lie close together, so
 * a page of bits for each 4,096 of them takes a hundredth of what a Set would.
 */
export class LeadIdSet {
  private readonly pages = new Map<number, Int32Array>()
  private count = 0

  get size(): number {
    return this.count
  }

  has(id: number): boolean {
    const page = this.pages.get(Math.floor(id / IDS_PER_PAGE))
    const offset = id % IDS_PER_PAGE
    return page !== undefined && isSet(page[Math.floor(offset / IDS_PER_WORD)], offset % IDS_PER_WORD)
  }

  /** Adds an id, and returns true if it is new to the set. */
  add(id: number): boolean {
    const key = Math.floor(id / IDS_PER_PAGE)
    let page = this.pages.get(key)
    if (page === undefined) {
      page = new Int32Array(IDS_PER_PAGE / IDS_PER_WORD)
      this.pages.set(key, page)
    }
    const offset = id % IDS_PER_PAGE
    const word = Math.floor(offset / IDS_PER_WORD)
    const bit = offset % IDS_PER_WORD
    if (isSet(page[word], bit)) {
      return false
    }
    /* tslint:disable-next-line:no-bitwise -- a bitmap is made of bits */
    page[word] |= 1 << bit
    this.count++
    return true
  }

  /** Calls back with each id, those of one page in ascending order. */
  forEach(callback: (id: number) => void): void {
    this.pages.forEach((page, key) => {
      for (let offset = 0; offset < IDS_PER_PAGE; offset++) {
        if (isSet(page[Math.floor(offset / IDS_PER_WORD)], offset % IDS_PER_WORD)) {
          callback(key * IDS_PER_PAGE + offset)
        }
      }
    })
  }
}

function isSet(word: number, bit: number): boolean {
  /* tslint:disable-next-line:no-bitwise -- a bitmap is made of bits */
  return (word & (1 << bit)) !== 0
}
