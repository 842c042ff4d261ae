import "uplot/dist/uPlot.min.css"
import { useEffect, useRef, useState } from "preact/hooks"
import uPlot from "uplot"

import { duration, figure } from "../shared/words"

const HEIGHT = 220

/** One line of a plot; `tone` names its colour in the style sheet. */
export interface Series {
  name: string
  tone: "one" | "two" | "limit"
  values: number[]
}

interface PlotProps {
  title: string
  /** In seconds since the beginning. */
  times: number[]
  series: Series[]
  /** What the plot shows, in a sentence, for those who do not see it. */
  words: string
}

/** Lines over time. The library draws on a canvas, so what it shows is said in words, too. */
export function Plot({ title, times, series, words }: PlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<uPlot | undefined>(undefined)
  const isDark = useScheme()
  const shape = series.map(({ name }) => name).join()
  useEffect(() => {
    const element = place.current
    if (element === null) {
      return undefined
    }
    const plot = new uPlot(optionsFor(element, series), dataOf(times, series), element)
    drawn.current = plot
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [isDark, shape])
  useEffect(() => drawn.current?.setData(dataOf(times, series)))
  return (
    <figure class="plot">
      <figcaption>
        <strong>{title}</strong>
        {series.map(({ name, tone }) => <span key={name} class={`key ${tone}`}>{name}</span>)}
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}. ${words}.`} />
    </figure>
  )
}

function dataOf(times: number[], series: Series[]): uPlot.AlignedData {
  return [times, ...series.map(({ values }) => values)]
}

function optionsFor(element: HTMLElement, series: Series[]): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const axis: uPlot.Axis = {
    stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 },
  }
  return {
    width: element.clientWidth, height: HEIGHT, legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.08)] } },
    axes: [
      {
        ...axis, space: 80, size: 32,
        values: (_plot, ticks) => ticks.map((seconds) => seconds === 0 ? "0" : duration(seconds * 1000)),
      },
      { ...axis, values: (_plot, ticks) => ticks.map(figure), size: 64 },
    ],
    series: [{}, ...series.map(({ name, tone }): uPlot.Series => ({
      label: name, stroke: colour(`plot-${tone}`), width: 2, points: { show: false },
      ...(tone === "limit" ? { dash: [6, 4] } : {}),
    }))],
  }
}

/** Returns true for a dark page; whoever asks is shown anew when that changes, since a canvas keeps its colours. */
function useScheme(): boolean {
  const [isDark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches)
  useEffect(() => {
    const scheme = matchMedia("(prefers-color-scheme: dark)")
    const update = (): void => setDark(scheme.matches)
    scheme.addEventListener("change", update)
    return () => scheme.removeEventListener("change", update)
  }, [])
  return isDark
}
