import { useEffect, useState } from "preact/hooks"

/** Returns the parts of the address after #, such as ["runs", "0mwx..."]; the page is shown anew when they change. */
export function useRoute(): string[] {
  const [parts, setParts] = useState(partsOfAddress)
  useEffect(() => {
    const update = (): void => setParts(partsOfAddress())
    addEventListener("hashchange", update)
    return () => removeEventListener("hashchange", update)
  }, [])
  return parts
}

function partsOfAddress(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter((part) => part !== "").map((part) => {
    try {
      return decodeURIComponent(part)
    } catch {
      return part
    }
  })
}
