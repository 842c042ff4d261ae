import { Metric, OpenMetricsContentType, Registry } from "prom-client"

/** The text of all metrics, and its media type. */
export interface Exposition {
  contentType: string
  text: string
}

/** Versions of OpenMetrics whose readers understand version 1.0.0. */
const OPEN_METRICS_VERSIONS = ["1.0.0", undefined]

/** Returns the metrics of a registry as OpenMetrics if the reader prefers that, and else in Prometheus's own format. */
export async function expositionOf(registry: Registry, accept = ""): Promise<Exposition> {
  if (!prefersOpenMetrics(accept)) {
    return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text: await registry.metrics() }
  }
  const open = new Registry<OpenMetricsContentType>()
  open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of registry.getMetricsAsArray() as unknown as ReadableMetric[]) {
    open.registerMetric(inOpenMetrics(metric))
  }
  return { contentType: Registry.OPENMETRICS_CONTENT_TYPE, text: await open.metrics() }
}

interface ReadableMetric {
  name: string
  get(): Promise<{ name: string, type: string }>
}

/**
 * Returns a view of a metric for a registry of OpenMetrics. The library takes `_total` from a counter's name in place,
 * which would rename it for Prometheus's format, too.
 */
function inOpenMetrics(metric: ReadableMetric): Metric {
  const view = {
    name: metric.name,
    get: async () => {
      const values = await metric.get()
      return values.type === "counter" ? { ...values, name: values.name.replace(/_total$/, "") } : values
    },
  }
  return view as unknown as Metric
}

function prefersOpenMetrics(accept: string): boolean {
  let open = 0
  let plain = 0
  for (const entry of accept.split(",")) {
    const [type, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase())
    const valueOf = (name: string) => parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1)
    const quality = Number(valueOf("q") ?? 1)
    if (type === "application/openmetrics-text" && OPEN_METRICS_VERSIONS.includes(valueOf("version"))) {
      open = Math.max(open, quality)
    } else if (["text/plain", "text/*", "*/*"].includes(type)) {
      plain = Math.max(plain, quality)
    }
  }
  return open > 0 && open >= plain
}
