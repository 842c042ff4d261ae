# syntax=docker/dockerfile:1

# The image of a hub: what scripts/production_tree.js puts together, on a Node without shell and package manager.
#
#   docker build --build-arg COMMIT=$(git rev-parse HEAD) --tag action-hub .
#   docker run --rm --env-file hub.env --publish 8080:8080 --read-only action-hub
#   docker run --rm --env-file hub.env action-hub scripts/generate_api_key.js
#
# The target "sandbox" is the stand-in for Marketo, for trying the hub out; see compose.yaml.

FROM node:24-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY . .
# The id of the commit, which /status shows.
ARG COMMIT=""
RUN --mount=type=cache,target=/root/.npm \
  node scripts/production_tree.js /hub ${COMMIT:+--commit "$COMMIT"} \
  && mkdir -p /data/state /data/spool

FROM build AS sandbox
USER node
EXPOSE 9180
CMD ["node", "-r", "ts-node/register/transpile-only", "sandbox/marketo/main.ts", "--host", "127.0.0.1"]

FROM gcr.io/distroless/nodejs24-debian13:nonroot AS hub
ARG COMMIT=""
ARG VERSION="2.1.0"
LABEL org.opencontainers.image.title="Looker Action Hub" \
  org.opencontainers.image.description="A Looker Action Hub with a Marketo action that accounts for every row." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$COMMIT" \
  org.opencontainers.image.base.name="gcr.io/distroless/nodejs24-debian13:nonroot"
WORKDIR /hub
COPY --from=build /hub ./
# The only places that are written to: records of runs, and what waits of downloads. Both are volumes, so the root file
# system may be read-only.
COPY --from=build --chown=65532:65532 /data /var/lib/action-hub
VOLUME ["/var/lib/action-hub/state", "/var/lib/action-hub/spool"]
ENV NODE_ENV=production \
  PORT=8080 \
  ACTION_HUB_LOG_FORMAT=json \
  ACTION_HUB_STATE_DIRECTORY=/var/lib/action-hub/state \
  ACTION_HUB_SPOOL_DIRECTORY=/var/lib/action-hub/spool
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/nodejs/bin/node", "scripts/healthcheck.js"]
# The base image's entry point is node itself, which so is process 1 and gets the signal to stop.
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["lib/boot.js"]
