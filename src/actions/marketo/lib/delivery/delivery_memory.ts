/** Bytes of leads, as JSON, that the deliveries of one process may hold before they stop taking more. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * The leads that all deliveries of a process hold, in bytes of their JSON; in memory they take about three times that.
 * Marketo takes no more calls at once from twenty runs than from one, so that more leads at hand make none faster.
 */
export class DeliveryMemory {
  private bytes = 0
  private readonly listeners = new Set<() => void>()

  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** True if a delivery that has something to wait for is to take no more leads. */
  get isFull(): boolean {
    return this.bytes >= this.mostBytes
  }

  /** Takes note that a delivery holds so many bytes more, or fewer. */
  change(bytes: number): void {
    const wasFull = this.isFull
    this.bytes += bytes
    if (wasFull && !this.isFull) {
      this.listeners.forEach((listener) => listener())
    }
  }

  /** Calls back whenever there is room again. Returns how to unsubscribe. */
  onRoom(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => { this.listeners.delete(listener) }
  }
}
