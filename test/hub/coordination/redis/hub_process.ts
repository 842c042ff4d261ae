/** A hub that holds keys and has calls on the wire, to be killed. Its parent says by environment which. */
import { RedisHome } from "../../../../src/hub/coordination/redis/redis_home"
import { TIMES } from "./homes_under_test"

async function work(): Promise<void> {
  const { REDIS_URL, REDIS_PREFIX, KEYS, CALLS, RULES } = process.env as { [name: string]: string }
  const rules = JSON.parse(RULES) as Parameters<ReturnType<RedisHome["of"]>["limit"]>[1]
  const home = new RedisHome({ url: REDIS_URL, prefix: REDIS_PREFIX, secret: "secret", times: TIMES })
  const busy = await home.of("process 1").leases("people", rules).hold(KEYS.split(" "))
  for (let call = 0; call < Number(CALLS); call++) {
    (await home.of("process 1").limit("account", rules).acquire({ party: "run" })).sent()
  }
  process.send?.({ busy })
}

void work()
