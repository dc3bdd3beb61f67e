ARG STAND_INS
FROM ${STAND_INS}
USER root
RUN mkdir -p /var/lib/eventstore && chown 10001:10001 /var/lib/eventstore
USER 10001:10001
VOLUME ["/var/lib/eventstore"]
EXPOSE 2113
HEALTHCHECK --interval=5s --start-period=30s \
  CMD ["/app/node_modules/.bin/node", "-e", "require('node:net').connect(2113, '127.0.0.1').once('connect', () => process.exit(0))"]
CMD ["apps/eventstoredb-stand-in/dist/main.js", "--directory", "/var/lib/eventstore", "--port", "2113", "--host", "0.0.0.0"]
