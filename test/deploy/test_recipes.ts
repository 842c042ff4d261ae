import { expect } from "chai"
import * as path from "path"
import { parseAllDocuments } from "yaml"
import { documentedDefault, read, RECIPES, valuesOf } from "./recipes"

const VARIABLE = /\b(?:ACTION_HUB_[A-Z0-9_]+|MARKETO_[A-Z0-9_]+|ACTION_WHITELIST|CIPHER_MASTER)\b/g

/** The time for answers that are on their way, and for ending the processes, as docs/deploying.md has it. */
const LAST_SECONDS = 5

/** What a hub takes at most between the signal and its end, with its default settings. */
const STOP_SECONDS = documentedDefault("ACTION_HUB_SHUTDOWN_GRACE_SECONDS") +
  documentedDefault("ACTION_HUB_STOP_GRACE_SECONDS") + LAST_SECONDS

describe("The recipes", () => {
  const known = new Set([...read("docs/configuration.md").matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, name]) => name))
  const routes = new Set([...read("src/server/add_routes.ts").matchAll(/app\.get\("([^"]+)"/g)].map(([, route]) => route))

  function isKnown(variable: string): boolean {
    return known.has(variable) || known.has(variable.replace(/_FILE$/, ""))
  }

  for (const file of RECIPES) {
    it(`${file} names variables that the hub reads, and no others`, () => {
      const named = read(file).match(VARIABLE) ?? []
      expect(named.filter((variable) => !isKnown(variable))).to.deep.equal([])
    })
  }

  it("ask for paths that are routes of the hub", () => {
    const asked = RECIPES.filter((file) => file.endsWith(".yaml"))
      .flatMap((file) => documents(file).flatMap((document) => valuesOf(document, "httpGet")))
      .map((probe) => (probe as { path: string }).path)
    asked.push(...[...read("scripts/healthcheck.js").matchAll(/path: "([^"]+)"/g)].map(([, route]) => route))
    expect(asked).to.have.length.greaterThan(5)
    expect(asked.filter((route) => !routes.has(route))).to.deep.equal([])
  })

  it("have one port, the hub's default", () => {
    const port = documentedDefault("PORT")
    expect(read("Dockerfile")).to.match(new RegExp(`PORT=${port} `)).and.match(new RegExp(`EXPOSE ${port}$`, "m"))
    expect(read("compose.yaml")).to.contain(`HUB_UPSTREAM: hub:${port}\n`)
    expect(read("deploy/nginx/action-hub.conf")).to.contain(`server 127.0.0.1:${port};`)
    expect(read("scripts/healthcheck.js")).to.contain(`"${port}"`)
    for (const file of ["deploy/kubernetes/deployment.yaml", "deploy/cloud-run/service.yaml"]) {
      expect(documents(file).flatMap((document) => valuesOf(document, "containerPort"))).to.deep.equal([port])
    }
  })

  it("let the image's build see all that the hub is built from", () => {
    const [, list] = /const SOURCES = \[(.*?)\]/s.exec(read("scripts/build_when_stale.js")) ?? []
    const sources = [...list.matchAll(/"([^"/,]+)[^"]*"/g)].map(([, name]) => name)
    const seen = new Set([...read(".dockerignore").matchAll(/^!(.+)$/gm)].map(([, name]) => name))
    expect(sources).to.include("web")
    expect(sources.filter((name) => !seen.has(name))).to.deep.equal([])
  })

  it("have one version, that of package.json", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string }
    const named = RECIPES.flatMap((file) =>
      [...read(file).matchAll(/(?:\bVERSION="|newTag: |action-hub:)(\d[\w.]*)/g)].map(([, given]) => given))
    expect(named).to.have.length(3)
    expect([...new Set(named)]).to.deep.equal([version])
  })

  describe("give a hub the time that it takes to stop", () => {
    it("in Compose, where the proxy waits for the hub", () => {
      const { services } = documents("compose.yaml")[0] as { services: Record<string, { stop_grace_period?: string }> }
      expect(seconds(services.hub.stop_grace_period)).to.be.at.least(STOP_SECONDS)
      expect(seconds(services.proxy.stop_grace_period)).to.be.at.least(STOP_SECONDS)
      expect(seconds(/grace_period (\w+)/.exec(read("deploy/caddy/Caddyfile"))?.[1])).to.be.at.least(STOP_SECONDS)
    })

    it("in Kubernetes, after the pause before the signal", () => {
      const [deployment] = documents("deploy/kubernetes/deployment.yaml")
      const [pause] = valuesOf(deployment, "sleep") as { seconds: number }[]
      expect(valuesOf(deployment, "terminationGracePeriodSeconds")).to.deep.equal([STOP_SECONDS + pause.seconds])
    })

    it("in systemd, which signals the hub alone", () => {
      const unit = read("deploy/systemd/action-hub.service")
      expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).to.be.at.least(STOP_SECONDS)
      expect(unit).to.match(/^KillMode=mixed$/m)
    })

    it("on Cloud Run by settings that end within its ten seconds, and runs before their requests", () => {
      const [service] = documents("deploy/cloud-run/service.yaml")
      const given = new Map((valuesOf(service, "env")[0] as { name: string, value: string }[])
        .map(({ name, value }) => [name, Number(value)]))
      const graces = ["ACTION_HUB_SHUTDOWN_GRACE_SECONDS", "ACTION_HUB_STOP_GRACE_SECONDS"]
        .map((name) => given.get(name) ?? NaN)
      expect(graces[0] + graces[1] + LAST_SECONDS).to.be.at.most(10)
      const [requestSeconds] = valuesOf(service, "timeoutSeconds").filter((value) => Number(value) > 10)
      expect((given.get("ACTION_HUB_EXECUTE_TIMEOUT_SECONDS") ?? NaN) + graces[1]).to.be.below(Number(requestSeconds))
    })
  })

  it("let bodies through that the hub takes", () => {
    const limit = documentedDefault("ACTION_HUB_BODY_LIMIT_MB")
    expect(read("deploy/nginx/action-hub.conf")).to.contain(`client_max_body_size ${limit}m;`)
    expect(read("deploy/caddy/Caddyfile")).to.contain(`max_size ${limit}MiB`)
  })

  it("write to the directories that the image makes, and to no others", () => {
    const [deployment] = documents("deploy/kubernetes/deployment.yaml")
    const mounted = (valuesOf(deployment, "volumeMounts")[0] as { mountPath: string, readOnly?: boolean }[])
      .filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath)
    const { services } = documents("compose.yaml")[0] as { services: Record<string, { volumes: string[] }> }
    const image = JSON.parse(/^VOLUME (.*)$/m.exec(read("Dockerfile"))?.[1] ?? "") as string[]
    expect(mounted.sort()).to.deep.equal([...image].sort())
    expect(services.hub.volumes.map((volume) => volume.split(":")[1]).sort()).to.deep.equal([...image].sort())
  })

  it("run as the same user wherever a user is named", () => {
    const user = /^USER (\d+):\1$/m.exec(read("Dockerfile"))?.[1]
    const [deployment] = documents("deploy/kubernetes/deployment.yaml")
    for (const key of ["runAsUser", "runAsGroup", "fsGroup"]) {
      expect(valuesOf(deployment, key).map(String), key).to.deep.equal([user])
    }
  })
})

function documents(file: string): unknown[] {
  return parseAllDocuments(read(path.normalize(file))).map((document) => {
    if (document.errors.length > 0) {
      throw document.errors[0]
    }
    return document.toJS() as unknown
  })
}

function seconds(text: string | undefined): number {
  return Number(/^(\d+)s$/.exec(text ?? "")?.[1])
}
