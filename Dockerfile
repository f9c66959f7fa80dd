# Three stages: assets, a static binary, and an image with nothing but the binary. Configuration: see README.md; FOLKMOOT_ORIGIN (the public
# address) has to be given at `docker run`.

FROM node:20-bookworm-slim AS assets
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web/build.mjs ./
COPY web/assets ./assets
RUN node build.mjs

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/web/dist ./web/dist
ARG VERSION=unknown
RUN CGO_ENABLED=1 go build -trimpath -tags netgo,osusergo,sqlite_omit_load_extension \
      -ldflags "-s -w -linkmode external -extldflags -static -X main.version=${VERSION}" \
      -o /out/folkmoot ./cmd/folkmoot \
 && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/folkmoot /folkmoot
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
VOLUME ["/data"]
EXPOSE 8080
ENV FOLKMOOT_ADDR=0.0.0.0:8080 \
    FOLKMOOT_DATA=/data/store \
    FOLKMOOT_MASTER_KEY=/data/master.key \
    FOLKMOOT_ANCHOR=/data/logs.anchor
HEALTHCHECK --interval=30s --timeout=5s CMD ["/folkmoot", "healthcheck"]
ENTRYPOINT ["/folkmoot"]
CMD ["serve"]
