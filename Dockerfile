# One image for every service and for all of them in one process: the command says which, such as
# `apps/enrollment/dist/main.js` or `apps/standalone/dist/main.js`, whose data directory is the volume /app/data.
#
#   docker build -t sparekey/services --build-arg REVISION=$(git rev-parse HEAD) .
#
# BUILD_BASE needs Node 24 and npm. BASE needs nothing but glibc and libstdc++: the Node that runs in the end is the one of
# package-lock.json (node_modules/.bin/node), so that it is the same on any base. Where a build reaches no registry,
# deploy/docker/images.sh puts a tree that was prepared outside on the stage `runtime`, which only names what is there.
ARG BUILD_BASE=node:24-bookworm-slim
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sparekey" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.description="Two-step verification and account recovery: every service, chosen by command" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 SPAREKEY_DATA_DIR=/app/data/sparekey
WORKDIR /app
# a number and not a name: whoever insists on "not root" can see it, and no base has to know the user
USER 10001:10001
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
  CMD ["/app/node_modules/.bin/node", "/app/deploy/docker/healthcheck.mjs"]
ENTRYPOINT ["/app/node_modules/.bin/node", "--disable-warning=ExperimentalWarning"]
CMD ["apps/gateway/dist/main.js"]

FROM ${BUILD_BASE} AS build
WORKDIR /source
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && deploy/docker/prepare.sh /tree

FROM runtime AS services
COPY --from=build /tree /app
