ARG STAND_INS
FROM ${STAND_INS}
EXPOSE 1025 8025
HEALTHCHECK --interval=5s --start-period=30s CMD ["/app/node_modules/.bin/node", "-e", "fetch('http://127.0.0.1:8025/readyz')"]
CMD ["deploy/docker/stand-ins/mail-catcher.mjs"]
