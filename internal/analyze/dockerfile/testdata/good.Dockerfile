# syntax=docker/dockerfile:1
FROM golang:1.26@sha256:aa AS build
USER root
RUN go build ./...
FROM scratch AS base
USER 65532
FROM base
COPY --from=build /x /x
HEALTHCHECK CMD ["/x", "ok"]
CMD ["/x"]
